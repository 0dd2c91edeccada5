import type { ReportPort } from '../../api/route.ts';
import type { ServedTable } from '../../api/servedTable.ts';
import { ForesellError } from '../../src/errors.ts';

/**
 * Reports of versions as the server gives them: of the company's models from its database, of a flat table's from its file
 * (which does not keep the rows that judged it, and the report says so). What draws them is loaded when first asked for.
 */
export function servedReports(tables: readonly ServedTable[]): ReportPort {
  const known = new Map(tables.map((table) => [table.name, table]));
  return async (store, model, version, language) => {
    const { reportHtml } = await import('./report.ts');
    const table = known.get(model);
    if (table) {
      const { opened, name } = table;
      if (!opened.version.startsWith(version))
        throw new ForesellError('version-missing', `model "${name}" has no version ${version}; it serves ${opened.version}`, { status: 404 }); // biome-ignore format: one error
      const { servedTableContent } = await import('./tableContent.ts');
      return reportHtml(servedTableContent(opened, name, language), language);
    }
    const { findVersion } = await import('../runs/find.ts');
    const { contentOf } = await import('./content.ts');
    return reportHtml(contentOf(store, findVersion(store, model, version), language), language);
  };
}

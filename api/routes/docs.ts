import { html } from 'hono/html';
import { ForesellError } from '../../src/errors.ts';
import { allowNull } from '../nullableRefs.ts';
import { answerProblem } from '../problem.ts';
import type { Routes } from '../route.ts';

const DESCRIPTION = `Will it close, when, why, and what does that make the quarter.

Times are ISO 8601, money is in minor units with its currency. Errors are \`application/problem+json\` with a stable
\`code\`. Every score names what it was known at (\`asOf\`), its model and version. \`Accept-Language: th\` or \`en\` picks
the words of reasons; their \`code\` and \`params\` stay the same. Without a key the server answers on this machine only.`;

/** What the browser runs on the reference page, as a file of our own so that no inline script is allowed. */
const START = `window.addEventListener('load', function () {
  SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null });
});
`;
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** The OpenAPI document, and a reference page that needs no network. */
export const docs: Routes = (app, { asset, version }) => {
  const document = () => {
    const made = app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Foresell',
        version,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
      servers: [{ url: '/' }],
      security: [{}, { key: [] }],
      tags: [{ name: 'scores' }, { name: 'facts' }, { name: 'forecast' }, { name: 'models' }, { name: 'operation' }],
    });
    return allowNull(made);
  };
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  let kept: ReturnType<typeof document> | undefined;
  app.get('/openapi.json', (c) => c.json((kept ??= document()), 200));
  app.get('/docs', (c) => {
    c.header(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    return c.html(html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Foresell API</title>
          <link rel="stylesheet" href="/assets/swagger-ui.css" />
          <script src="/assets/swagger-ui-bundle.js"></script>
          <script src="/assets/docs.js"></script>
        </head>
        <body>
          <main id="reference"></main>
          <noscript>The reference needs scripts; the document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
        </body>
      </html>`);
  });
  app.get('/assets/:name', (c) => {
    const { name } = c.req.param();
    const file = name === 'docs.js' ? { type: 'text/javascript; charset=utf-8', body: START } : undefined;
    const found = file ?? (FILES.includes(name) ? asset(name) : undefined);
    if (!found) return answerProblem(c, new ForesellError('asset-unknown', 'no such file', { status: 404 }));
    return c.body(found.body, 200, { 'content-type': found.type, 'cache-control': 'public, max-age=3600' });
  });
};

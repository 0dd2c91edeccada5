/**
 * The generator writes a nullable reference as `allOf: [{ $ref }, { type: ['object', 'null'] }]`: both must hold, so that null never passes. Written as
 * `anyOf: [{ $ref }, { type: 'null' }]` it does. What else was said beside the type (a description) stays beside the choice.
 */
export function allowNull<T>(document: T): T {
  return rewritten(document) as T;
}

function rewritten(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rewritten);
  if (typeof node !== 'object' || node === null) return node;
  const nullable = nullableRef(node);
  if (nullable) return nullable;
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, rewritten(value)]));
}

function nullableRef(node: object): object | undefined {
  if (!('allOf' in node) || !Array.isArray(node.allOf) || node.allOf.length !== 2) return undefined;
  const [ref, beside] = node.allOf as readonly Record<string, unknown>[];
  const { type, ...said } = beside!;
  if (typeof ref!['$ref'] !== 'string' || !Array.isArray(type) || !type.includes('null')) return undefined;
  const { allOf: _both, ...around } = node;
  return { ...around, ...said, anyOf: [ref, { type: 'null' }] };
}

import { ForesellError } from '../src/errors.ts';

const MAX_DEPTH = 32;

/**
 * Parses JSON that nests no deeper than 32 levels, told before it is parsed.
 * @throws ForesellError `body-too-deep`; SyntaxError where it is no JSON
 */
export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) {
    throw new ForesellError('body-too-deep', `the body nests deeper than ${MAX_DEPTH} levels`);
  }
  return JSON.parse(text);
}

/** The deepest nesting of a JSON text, without parsing it. Cost: one pass, stopped once over the limit. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 92) i++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 91 || code === 123) {
      if (++depth > deepest && (deepest = depth) > MAX_DEPTH) return deepest;
    } else if (code === 93 || code === 125) depth--;
  }
  return deepest;
}

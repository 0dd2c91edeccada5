import type { Unpacking } from './unpack.ts';

const BLOCK = 512;
/** Longest name that a header of its own may give. */
const MAX_NAME = 64 * 1024;

/** Unpacks a .tar stream (ustar, with names by pax or GNU headers). Links, devices and anything else are refused. POSIX.1 pax. */
export async function untar(bytes: AsyncIterable<Uint8Array>, to: Unpacking): Promise<void> {
  const input = reader(bytes, to);
  let longName: string | undefined;
  for (;;) {
    const header = await input.take(BLOCK);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    const text = (from: number, length: number) => header.toString('utf8', from, from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12).trim() || '0', 8);
    const sum = header.reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
    if (sum !== Number.parseInt(text(148, 8).trim(), 8) || !(size >= 0))
      to.refuse('archive-broken', 'no tar archive, or damaged');
    const type = text(156, 1);
    const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
    const path = longName ?? (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100));
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (type === 'x' || type === 'L') {
      if (size > MAX_NAME) to.refuse('archive-broken', 'a name of more than 64 KB');
      const told = (await input.take(size))?.toString('utf8') ?? '';
      longName = type === 'L' ? told.replace(/\0.*$/s, '') : (/(?:^|\n)\d+ path=(.*)\n/.exec(told)?.[1] ?? longName);
      await input.skip(padding);
      continue;
    }
    longName = undefined;
    const name = type === 'g' || type === '5' ? undefined : to.nameOf(path);
    if (name === undefined) await input.skip(size);
    else {
      if (type !== '' && type !== '0')
        to.refuse('archive-link', `${path} is a link or no plain file; pack the file itself`);
      await to.write(name, input.part(size));
    }
    await input.skip(padding);
  }
}

/** Takes exact numbers of bytes from a stream. */
function reader(bytes: AsyncIterable<Uint8Array>, to: Unpacking) {
  const source = bytes[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  async function* part(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (rest.length === 0) {
        const next = await source.next();
        if (next.done) to.refuse('archive-broken', 'it is cut short');
        rest = next.value as Uint8Array;
        continue;
      }
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    part,
    /** Undefined at the end. */
    take: async (length: number): Promise<Buffer | undefined> => {
      while (rest.length === 0) {
        const next = await source.next();
        if (next.done) return undefined;
        rest = next.value;
      }
      const pieces: Uint8Array[] = [];
      for await (const piece of part(length)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    skip: async (length: number): Promise<void> => {
      for await (const piece of part(length)) to.count(piece.length);
    },
  };
}

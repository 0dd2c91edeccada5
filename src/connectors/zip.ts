import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import type { Unpacking } from './unpack.ts';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const LARGEST = 0xffff_ffff;

/** Unpacks a .zip (stored or deflated; neither encrypted nor zip64), each file checked by its CRC-32. APPNOTE.TXT 4.3. */
export async function unzip(path: string, to: Unpacking): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = await bytesOf(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== END)
      to.refuse('archive-broken', 'no zip archive, or cut short');
    const [length, start] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
    if (start === LARGEST || length === LARGEST || start + length > size)
      to.refuse('archive-unsupported', 'zip64 or cut short; unpack it and give the folder');
    const directory = await bytesOf(file, start, length);
    for (let at = 0; at + 46 <= directory.length; ) {
      if (directory.readUInt32LE(at) !== ENTRY) to.refuse('archive-broken', 'its list of files is damaged');
      const [nameLength, extra, comment] = [28, 30, 32].map((place) => directory.readUInt16LE(at + place)) as [number, number, number]; // biome-ignore format: a row
      const entry = {
        path: directory.toString('utf8', at + 46, at + 46 + nameLength),
        flags: directory.readUInt16LE(at + 8),
        method: directory.readUInt16LE(at + 10),
        crc: directory.readUInt32LE(at + 16),
        packed: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        isLink: ((directory.readUInt32LE(at + 38) >>> 16) & 0o170000) === 0o120000,
        local: directory.readUInt32LE(at + 42),
      };
      at += 46 + nameLength + extra + comment;
      const name = to.nameOf(entry.path);
      if (name === undefined) continue;
      if (entry.isLink) to.refuse('archive-link', `${entry.path} is a link; pack the file itself`);
      if (entry.flags & 1)
        to.refuse('archive-unsupported', `${entry.path} is encrypted; unpack it and give the folder`);
      if (entry.method !== 0 && entry.method !== 8)
        to.refuse('archive-unsupported', `${entry.path} is packed in a way that is not known; unpack it and give the folder`); // biome-ignore format: one sentence
      const header = await bytesOf(file, entry.local, 30);
      if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) to.refuse('archive-broken', `${entry.path} is not where the list says`); // biome-ignore format: one sentence
      const from = entry.local + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
      await to.write(name, checked(content(path, from, entry), entry, to));
    }
  } finally {
    await file.close();
  }
}

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

function content(path: string, start: number, { packed, method }: Entry): AsyncIterable<Uint8Array> {
  if (packed === 0) return nothing();
  const raw = createReadStream(path, { start, end: start + packed - 1 });
  if (method === 0) return raw;
  const inflate = createInflateRaw();
  raw.on('error', (error) => inflate.destroy(error));
  return raw.pipe(inflate);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* checked(bytes: AsyncIterable<Uint8Array>, { path, crc, size }: Entry, to: Unpacking) {
  let seen = 0;
  let sum = 0;
  for await (const chunk of bytes) {
    sum = crc32(chunk, sum);
    seen += chunk.length;
    yield chunk;
  }
  if (sum !== crc || seen !== size) to.refuse('archive-broken', `${path} is damaged; pack it anew`);
}

async function bytesOf(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

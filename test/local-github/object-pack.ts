import { createHash } from 'node:crypto';
import type { GitObject, ObjectType } from './object-store.ts';

const packTypeNumbers: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

function packEntryHeader(type: ObjectType, size: number): Buffer {
  const bytes: number[] = [];
  let first = (packTypeNumbers[type] << 4) | (size & 0x0f);
  let rest = size >>> 4;
  while (rest > 0) {
    bytes.push(first | 0x80);
    first = rest & 0x7f;
    rest >>>= 7;
  }
  bytes.push(first);
  return Buffer.from(bytes);
}

/** Bytes one stored block of zlib can hold. */
const storedBlockBytesMax = 65_535;

/** The checksum at the end of zlib data. */
function adler32(data: Buffer): number {
  const modulus = 65_521;
  let a = 1;
  let b = 0;
  for (const byte of data) {
    a = (a + byte) % modulus;
    b = (b + a) % modulus;
  }
  return ((b << 16) | a) >>> 0;
}

/**
 * The data in zlib's format without compressing it. Compressing tens of thousands of small objects one by one takes seconds
 * and, in Node, hundreds of megabytes.
 */
function storedZlib(data: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x78, 0x01])];
  let at = 0;
  do {
    const block = data.subarray(at, at + storedBlockBytesMax);
    at += block.length;
    const header = Buffer.alloc(5);
    header[0] = at >= data.length ? 1 : 0;
    header.writeUInt16LE(block.length, 1);
    header.writeUInt16LE(~block.length & 0xffff, 3);
    parts.push(header, block);
  } while (at < data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(adler32(data));
  return Buffer.concat([...parts, checksum]);
}

/** A pack file that holds the objects whole, for `git index-pack`. */
export function encodePack(objects: readonly GitObject[]): Buffer {
  const header = Buffer.alloc(12);
  header.write('PACK');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects.length, 8);
  const parts: Buffer[] = [header];
  for (const { type, data } of objects) parts.push(packEntryHeader(type, data.length), storedZlib(data));
  const body = Buffer.concat(parts);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** How much of a file a promotion changed. */
export interface ByteChange {
  readonly path: string;
  /** Size after the change, in bytes. */
  readonly bytes: number;
  /** Bytes of the file before that are not there any more, and bytes that are new; equal where one stands in place of another. */
  readonly removed: number;
  readonly added: number;
}

/** Counts what differs: byte for byte where the length stayed, else what lies between the first and the last difference. */
export function byteChange(path: string, before: string, after: string): ByteChange {
  const [old, now] = [Buffer.from(before), Buffer.from(after)];
  if (old.length === now.length) {
    const differing = now.filter((byte, index) => byte !== old[index]).length;
    return { path, bytes: now.length, removed: differing, added: differing };
  }
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return { path, bytes: now.length, removed: old.length - start - end, added: now.length - start - end };
}

export function describeByteChange({ bytes, removed, added }: ByteChange): string {
  if (removed === added) return `${added} of ${bytes} bytes differ`;
  return `${removed} ${removed === 1 ? 'byte' : 'bytes'} became ${added}, the other ${bytes - added} are the same`;
}

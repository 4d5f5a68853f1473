/** GitHub's global ids are opaque texts with a prefix for the kind; these hold what is needed to find the thing again. */
export function nodeId(prefix: string, ...parts: readonly (string | number)[]): string {
  return `${prefix}_${Buffer.from(JSON.stringify(parts)).toString('base64url')}`;
}

export interface ParsedNodeId {
  readonly prefix: string;
  readonly parts: readonly (string | number)[];
}

/** Inverse of `nodeId`; undefined for a text that is no id of ours. */
export function parseNodeId(text: string): ParsedNodeId | undefined {
  const [, prefix, encoded] = /^([A-Z]+)_([\w-]+)$/.exec(text) ?? [];
  if (prefix === undefined || encoded === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    if (!Array.isArray(parts)) return undefined;
    return { prefix, parts: parts.filter((part) => typeof part === 'string' || typeof part === 'number') };
  } catch {
    return undefined;
  }
}

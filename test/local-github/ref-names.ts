/** Stands for "no object": the ref does not exist. */
export const zeroOid = '0'.repeat(40);

export const branchPrefix = 'refs/heads/';

export function branchRef(branch: string): string {
  return `${branchPrefix}${branch}`;
}

/** The branch of a ref name, or undefined when it is no branch. */
export function branchOf(name: string): string | undefined {
  return name.startsWith(branchPrefix) ? name.slice(branchPrefix.length) : undefined;
}

/** Git's rules for ref names, as far as anybody meets them. */
export function isRefName(name: string): boolean {
  if (!/^refs\/(heads|tags)\/.+/.test(name) || name.endsWith('/') || name.endsWith('.')) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Git forbids exactly these characters in a ref's name.
  if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.lock(\/|$)/.test(name)) return false;
  return !name.split('/').some((part) => part.startsWith('.'));
}

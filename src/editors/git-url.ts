/** Without the slashes at its end; in time in proportion to the text, whatever it holds. */
export function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** The URL of a repository as every way of writing it says it: no scheme, no user, no `.git`. */
export function repositoryName(url: string): string {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//iu.exec(url)?.[0];
  const rest = url.slice(scheme?.length ?? 0).replace(/^[^@/]*@/u, '');
  // `git@github.com:acme/config` has a colon where a URL has a slash.
  const path = scheme === undefined ? rest.replace(/^([^/:]+):(?!\/)/u, '$1/') : rest;
  return withoutSlashes(path).replace(/\.git$/u, '');
}

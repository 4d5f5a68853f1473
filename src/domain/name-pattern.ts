/** Whether one of the patterns fits a name. `*` stands for any characters, none included; everything else for itself. */
export function fitsOne(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => fits(pattern.split('*'), name));
}

/** Finds each part as far left as it can be: with `*` alone that is enough, and takes time in proportion to the text. */
function fits([first = '', ...rest]: readonly string[], name: string): boolean {
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

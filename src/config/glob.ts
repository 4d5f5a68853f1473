/**
 * Whether a path fits a pattern: `*` stands for any characters of one name, `**` alone between slashes for any number of
 * folders, everything else for itself. Takes time in proportion to pattern times path, whatever they hold: patterns come from
 * repos, and a regular expression made of one could take for ever.
 */
export function fitsGlob(pattern: string, path: string): boolean {
  const names = path.split('/');
  // Which beginnings of the path the pattern's segments so far can stand for, by their number of names.
  let reached = names.map(() => false);
  reached = [true, ...reached];
  for (const segment of pattern.split('/')) {
    reached = segment === '**' ? anyFolders(reached) : oneName(reached, segment, names);
  }
  return reached.at(-1) === true;
}

function anyFolders(reached: readonly boolean[]): boolean[] {
  const first = reached.indexOf(true);
  return reached.map((_, count) => first !== -1 && count >= first);
}

function oneName(reached: readonly boolean[], segment: string, names: readonly string[]): boolean[] {
  return reached.map((_, count) => {
    const name = names[count - 1];
    return name !== undefined && reached[count - 1] === true && fitsName(segment.split('*'), name);
  });
}

/** Finds each piece as far left as it can be, which is enough where `*` is the only wildcard. */
function fitsName([first = '', ...rest]: readonly string[], name: string): boolean {
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

import { fitsOne } from '../domain/name-pattern.ts';

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
    return name !== undefined && reached[count - 1] === true && fitsOne([segment], name);
  });
}

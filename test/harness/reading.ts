/** What a person reads in a promotion pull request. */

/** The block at its top, line by line, without the signs of a quotation. */
export function top(body: string): readonly string[] {
  const lines = body.split('\n');
  const first = lines.findIndex((line) => line.startsWith('> '));
  const quoted = first < 0 ? [] : lines.slice(first);
  const end = quoted.findIndex((line) => !line.startsWith('> '));
  return (end < 0 ? quoted : quoted.slice(0, end)).map((line) => line.slice(2));
}

/** Rows of the table whose head begins with a word, without head and rule: cells as they stand in the text. */
export function table(body: string, head: string): readonly (readonly string[])[] {
  const lines = body.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  const rows = start < 0 ? [] : lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return (end < 0 ? rows : rows.slice(0, end)).map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** What moves: application, artifact, target if there are several, version now, version then. */
export function versionsTable(body: string): readonly (readonly string[])[] {
  return table(body, 'Application');
}

/** What proves it: place, revision, state, by whom. Times are cut off, since they are the machine's. */
export function evidenceTable(body: string): readonly (readonly string[])[] {
  return table(body, 'Where').map(([place = '', revision = '', state = '', by = '']) => [
    place,
    /`([0-9a-f]+)`/.exec(revision)?.[1] ?? revision,
    state.replace(/ (?:since|at) .*/, ''),
    by.replace(/ \(\[open\].*/, ''),
  ]);
}

/** The lines a diff takes away and adds, without its file headers. */
export function changedLines(diff: string): readonly string[] {
  return diff.split('\n').filter((line) => /^[-+]/.test(line) && !/^(?:---|\+\+\+) /.test(line));
}

/** Files a diff is about. */
export function changedFiles(diff: string): readonly string[] {
  return [...diff.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, path]) => path ?? '');
}

import type { YamlFile } from './yaml.ts';
import { lineEnd, lineStart } from './yaml-lines.ts';
import type { Located } from './yaml-locate.ts';

/** Marks that other bots put into a comment beside the value they write. */
const marks = [
  { mark: /\$imagepolicy/u, owner: 'Flux image automation (a `$imagepolicy` marker)' },
  { mark: /\brenovate:/u, owner: 'Renovate (a `renovate:` comment)' },
] as const;

/** The bot whose mark stands in a comment on the value's own line or alone on the line above; undefined for none. */
export function ownerOf({ text }: YamlFile, { value, key }: Located): string | undefined {
  const start = key?.start ?? value.start;
  const behind = text.slice(value.end, lineEnd(text, value.end));
  const first = lineStart(text, start);
  const above = first === 0 ? '' : text.slice(lineStart(text, first - 1), first);
  return ownerIn([/(?:^|\s)#.*/u.exec(behind)?.[0] ?? '', loneComment(above)]);
}

/** The comment of a line that holds nothing else, but for the dash of an item; empty for any other line. */
function loneComment(line: string): string {
  const written = line.trimStart().replace(/^- /u, '').trimStart();
  return written.startsWith('#') ? written : '';
}

/** The bot whose mark stands in one of some comments. */
export function ownerIn(comments: readonly string[]): string | undefined {
  return marks.find(({ mark }) => comments.some((comment) => mark.test(comment)))?.owner;
}

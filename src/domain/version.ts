import { createHash } from 'node:crypto';

/**
 * One value of an artifact, as the source texts of the fields that belong together: `{ newTag: 'v1', digest: 'sha256:…' }`
 * for a Kustomize image, `{ value: 'v1' }` for one key. Source text, not the parsed value: `1.10` stays `1.10`.
 */
export type Version = Readonly<Record<string, string>>;

/** The named thing that moves, and the version it has in one file. `line` counts from 1. */
export interface ArtifactVersion {
  readonly artifact: string;
  readonly version: Version;
  readonly line: number;
  /** Artifacts of one unit say one thing together, as a tag and its digest do: they move together or not at all. */
  readonly unit?: string | undefined;
  /** Another bot that writes the value here, for people: promotion into it waits. */
  readonly owner?: string | undefined;
}

export function sameVersion(a: Version, b: Version): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** Characters of a digest a person is shown: enough to tell two apart, short enough for a table. */
const digestCharactersShown = 19;

/** One line for people: `v1.2`, `v1.2 sha256:9f3c…`, `sha256:9f3c…`, `the chart's appVersion`; `absent` for none. Not escaped for Markdown. */
export function describeVersion(version: Version | undefined): string {
  if (version === undefined) return 'absent';
  return Object.entries(version)
    .map(([part, text]) => describePart(part, text))
    .join(' ');
}

/** What stands in a version for a value that every environment has for itself; in a new file a person replaces it. */
export const keptMark = 'set-by-a-person';

/** The version of a whole file that is not there. */
export const noFile: Version = { file: 'absent' };

/** The texts of a version that name it: the content of a whole file is none of them. */
export function namingTexts(version: Version): readonly string[] {
  return Object.entries(version).flatMap(([part, text]) =>
    part === 'digest' || part === 'content' || part === 'file' ? [] : [text],
  );
}

function describePart(part: string, text: string): string {
  if (part === 'content') return describeContent(text);
  // Only an editor that was told what an empty tag means reads one.
  if (text === '') return "the chart's appVersion";
  if (part === 'digest') return shortDigest(text);
  return part === 'file' ? 'no file' : text;
}

/** How long a file is, and seven digits by which two contents are told apart. */
function describeContent(text: string): string {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 7);
  return `${lines} ${lines === 1 ? 'line' : 'lines'} (${hash})`;
}

function shortDigest(digest: string): string {
  return digest.length > digestCharactersShown + 1 ? `${digest.slice(0, digestCharactersShown)}…` : digest;
}

import { assignedForm, type Form, imageForm, refForm, wholeForm } from './version-forms.ts';

const tagKey = /(?:^|[^a-z])tag$|[a-z]Tag$|(?:^|_)TAG$/u;
const digestKey = /(?:^|[^a-z])digest$|[a-z]Digest$/u;
const imageKey = /(?:^|[^a-z])image$|[a-z]Image$/u;
const versionKey =
  /^(?:version|(?:\w+_)?VERSION|targetRevision|appVersion|chart[-_]?[vV]ersion|image[-_]?[vV]ersion)$/u;
/** Below `ref:` of a source of Flux. */
const refKey = /^(?:semver|commit)$/u;

/** Where a scalar stands, as far as that says what it means. */
export interface Standing {
  /** The key it has; for an item of a list the key of the list. */
  readonly key: string;
  /** The key of the map around it. */
  readonly parent: string;
  /** A comment on its line, and one alone on the line above. */
  readonly comments: string;
}

/** How a scalar holds a version, or undefined when it holds none. */
export function formOf(text: string, { key, parent, comments }: Standing): Form | undefined {
  const remote = refForm(text);
  if (remote !== undefined) return remote;
  const assigned = key === 'literals' ? assignedForm(text) : undefined;
  if (assigned?.kind === 'assigned') {
    return formOf(assigned.value, { key: assigned.name, parent: key, comments }) === undefined ? undefined : assigned;
  }
  const foreign = /\$\{|\{\{/u.test(text);
  if (imageKey.test(key)) return imageForm(text) ?? (foreign ? { kind: 'whole' } : undefined);
  if (tagKey.test(key)) return wholeForm(text);
  if (digestKey.test(key)) return /^sha256:/u.test(text) ? wholeForm(text) : undefined;
  if (versionKey.test(key) || (parent === 'ref' && refKey.test(key))) return text === '' ? undefined : wholeForm(text);
  if (!/\$imagepolicy|\brenovate:/u.test(comments) || !/\d/u.test(text)) return undefined;
  return imageForm(text) ?? wholeForm(text);
}

/** The key a path in words ends in: `image.tag` of a Helm parameter, `/spec/template/spec/containers/0/image` of a patch. */
export function lastKey(path: string): string {
  return path.split(/[./]/u).at(-1) ?? '';
}

const versionLine =
  /^[ \t]*(?:- )?["']?(?:[\w.-]*[tT]ag|[\w.-]*[iI]mage|digest|version|targetRevision)["']?:[ \t]+[^\s#]/u;

/** The lines of a text that cannot be parsed which look like versions. */
export function versionLines(text: string): readonly number[] {
  return text.split('\n').flatMap((line, index) => (versionLine.test(line) ? [index + 1] : []));
}

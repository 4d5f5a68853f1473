import type { Refusal } from '../../src/editors/editor.ts';

/** A kind of reason for which leaving a scalar alone is right. */
interface RefusalClass {
  readonly title: string;
  readonly reason: RegExp;
}

const accepted: readonly RefusalClass[] = [
  { title: 'template', reason: /\{\{/u },
  { title: 'not valid YAML', reason: /is not valid YAML/u },
  { title: 'encrypted', reason: /encrypted/u },
  { title: 'no clean UTF-8', reason: /no clean UTF-8/u },
  { title: 'too large', reason: /at most \d+ are read|does not read such files/u },
  { title: 'Git LFS pointer', reason: /Git LFS pointer/u },
  { title: 'alias in the path', reason: /reached only through the alias|is the alias \*|repeats nothing/u },
  { title: 'anchor that is repeated elsewhere', reason: /belongs to the anchor &/u },
  { title: 'value only through a merge', reason: /merge key <</u },
  { title: 'duplicate', reason: /is written more than once|is listed more than once|names more than one dependency/u },
  { title: 'value that a parameter overrides', reason: /is not what runs: the parameter/u },
  { title: 'several lines of text', reason: /holds several lines of text/u },
  { title: 'tag other than !!str', reason: /carries the tag/u },
  {
    title: 'empty tag or version',
    reason: /is empty, (?:and an empty tag|so there is no version|which Kustomize takes)|has no version to move/u,
  },
  { title: 'substitution', reason: /holds a substitution/u },
  { title: 'position in a list with names', reason: /names an item by its position/u },
  {
    title: 'several documents that nothing tells apart',
    reason:
      /say with `document` which one|More than one document of the file|several YAML documents, and a chart has one/u,
  },
  { title: 'moving version', reason: /whatever was pushed last|is a range of versions|whatever is newest/u },
];

export interface Classified {
  readonly title: string;
  readonly isAccepted: boolean;
}

/** The class of a refusal: one of the reasons that are right, or its own words without names and numbers. */
export function classify(refusal: Refusal | undefined): Classified {
  if (refusal === undefined) return { title: 'no editor sees it', isAccepted: false };
  const known = accepted.find(({ reason }) => reason.test(refusal.reason));
  return known === undefined
    ? { title: normalised(refusal.reason), isAccepted: false }
    : { title: known.title, isAccepted: true };
}

function normalised(reason: string): string {
  return reason
    .replace(/`[^`]*`/gu, '`…`')
    .replace(/\S*[.[/]\S*[^\s.]/gu, '…')
    .replace(/\d+/gu, 'N');
}

import { type ApplicationDraft, anyTarget } from './draft.ts';
import { compileMatcher, type Matcher } from './matching.ts';
import { type MistakeAt, mistakeAt, quote } from './mistake.ts';
import { bindApplication, fillPattern, holds, joinPatterns, type PathPattern, type Place } from './pattern.ts';
import type { PromoteDraft } from './promote.ts';
import { fillSelection, type Selection, selectionHolds, selectionsOverlap } from './selection.ts';

/** Overlaps reported: they often come by the dozen from one rule written twice. */
const overlapsMax = 20;

/**
 * Files of the rules times targets, and times each other where names meet patterns: what is compared here grows with them.
 * A hundred rules for ten environments of ten targets are a tenth of the first.
 */
const fillsMax = 100_000;
const comparisonsMax = 2_000_000;

/** Rules that select fields of one file: their selections are compared with each other, and one list could hold them. */
const rulesForOneFileMax = 20;

/** One promoted file of one rule, as a pattern. */
interface Owner {
  readonly application: string | undefined;
  readonly draft: PromoteDraft;
  readonly file: PathPattern;
}

/** Fields that two lanes, or two rules for one lane, would write. `lineOf` gives the line of an entry of `promote`. */
export function overlapMistakes(
  applications: readonly ApplicationDraft[],
  places: readonly Place[],
  lineOf: (draft: PromoteDraft) => number,
): readonly MistakeAt[] {
  const owners = applications.flatMap(ownersIn);
  const patterns = owners.filter(({ application }) => application === undefined).length;
  const comparisons = (owners.length - patterns) * patterns * places.length;
  if (owners.length * places.length > fillsMax || comparisons > comparisonsMax) return [tooMany(owners, places)];
  const pairs = [...sameTexts(owners, places), ...namedWithinPatterns(owners, places)];
  const unique = new Map(pairs.map((pair) => [`${lineOf(pair.one.draft)}:${lineOf(pair.other.draft)}`, pair]));
  return [...unique.values()].slice(0, overlapsMax).map(({ one, other, text, why }) => {
    const where = lineOf(one.draft) === lineOf(other.draft) ? 'this rule' : `the rule in line ${lineOf(one.draft)}`;
    const message = `${quote(text)} is written by ${where} too, through ${quote(other.draft.editor)}${why}.`;
    return mistakeAt(other.draft.path, message, 'Let one of them select other fields or files, or remove it.');
  });
}

function tooMany(owners: readonly Owner[], places: readonly Place[]): MistakeAt {
  const message = `The rules name ${owners.length} files for each of ${places.length} targets, which is too much to check.`;
  return mistakeAt(
    ['applications'],
    message,
    'Use patterns with `{application}` in place of a rule for each application.',
  );
}

interface Overlap {
  readonly one: Owner;
  readonly other: Owner;
  readonly text: string;
  readonly why: string;
}

function ownersIn({ name, named, folder, promote }: ApplicationDraft): readonly Owner[] {
  if (folder === undefined || (named && name === undefined)) return [];
  return promote.flatMap(({ draft }) => {
    if (draft === undefined) return [];
    const file = joinPatterns(folder, draft.file);
    return [{ application: name, draft, file: name === undefined ? file : bindApplication(file, name) }];
  });
}

/** Stands for the application that a pattern matches; no name holds such a sign. */
const anyApplication = '…';

interface Claim {
  readonly owner: Owner;
  readonly place: Place;
}

/** Files that come out the same for any application, or for the same named one. */
function sameTexts(owners: readonly Owner[], places: readonly Place[]): readonly Overlap[] {
  const claims = new Map<string, Claim[]>();
  const overlaps: Overlap[] = [];
  for (const owner of owners) {
    for (const place of places) {
      const text = fillPattern(owner.file, { application: anyApplication, ...place });
      const key = `${owner.draft.editor}\0${text}`;
      const earlier = claims.get(key) ?? [];
      if (earlier.some((claim) => claim.owner === owner && claim.place.environment === place.environment)) continue;
      const full = earlier.length >= rulesForOneFileMax;
      const other = full ? earlier[0] : earlier.find((claim) => clash(claim, { owner, place }));
      if (other !== undefined) {
        const why = full ? ', and by too many more' : lanesOf(other.place, place);
        overlaps.push({ one: other.owner, other: owner, text, why });
        break;
      }
      claims.set(key, [...earlier, { owner, place }]);
    }
  }
  return overlaps;
}

/** Targets of one environment may share a file: it is written once. Everything else has one writer. */
function clash(a: Claim, b: Claim): boolean {
  if (a.place.home !== b.place.home) return false;
  if (a.owner === b.owner) {
    if (selectionHolds(b.owner.draft, 'environment')) return false;
    // A pattern that tells nothing apart is reported as such, and targets that are found are compared when they are known.
    const tells = (named: boolean) =>
      ['environment' as const, 'target' as const].some((one) => holds(b.owner.file, one, named));
    if (!tells(true) || !tells(false) || a.place.target === anyTarget) return false;
    return a.place.environment !== b.place.environment;
  }
  return selectionsOverlap(filled(a), filled(b));
}

function filled({ owner: { draft, application = anyApplication }, place }: Claim): Selection {
  return { editor: draft.editor, where: fillSelection(draft, { application, ...place }).where };
}

function lanesOf(one: Place, other: Place): string {
  if (one.environment === other.environment) return '';
  return `, once for ${quote(one.environment)} and once for ${quote(other.environment)}`;
}

/** Files of a named application that a pattern gives to an application of another name. */
function namedWithinPatterns(owners: readonly Owner[], places: readonly Place[]): readonly Overlap[] {
  const patterns = owners.filter(({ application }) => application === undefined);
  const matchers = patterns.map((owner) => ({ owner, match: compileMatcher(owner.file, places) }));
  const names = new Set(owners.map(({ application }) => application));
  return owners.flatMap((named) => {
    if (named.application === undefined) return [];
    return matchers.flatMap(({ owner, match }) => {
      if (owner.draft.editor !== named.draft.editor) return [];
      if (!selectionsOverlap(owner.draft, named.draft)) return [];
      return firstMatch(named, match, { names, places }).map((found) => ({ one: owner, other: named, ...found }));
    });
  });
}

function firstMatch(
  { file, application = '' }: Owner,
  match: Matcher,
  { names, places }: { readonly names: ReadonlySet<string | undefined>; readonly places: readonly Place[] },
): readonly Pick<Overlap, 'text' | 'why'>[] {
  for (const place of places) {
    const text = fillPattern(file, { application, ...place });
    const here = match(text).filter((binding) => binding.place.home === place.home);
    const other = here.find((binding) => !names.has(binding.application))?.application;
    if (other !== undefined) return [{ text, why: `, as application ${quote(other)}` }];
  }
  return [];
}

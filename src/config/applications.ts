import type { ApplicationDraft } from './draft.ts';
import { describeReadings, findDoubleReading } from './matching.ts';
import { type MistakeAt, mistakeAt, quote } from './mistake.ts';
import { holds, joinPatterns, type PathPattern, type Place, type Placeholder } from './pattern.ts';
import type { PromoteDraft } from './promote.ts';
import { selectionHolds } from './selection.ts';

/** The rules for what each rule's files must tell apart. `places` is empty where the environments cannot be used. */
export function applicationMistakes(
  applications: readonly ApplicationDraft[],
  places: readonly Place[],
): readonly MistakeAt[] {
  return applications.flatMap((application) => {
    const { folder } = application;
    if (folder === undefined) return [];
    const drafts = application.promote.flatMap(({ draft }) => draft ?? []);
    return drafts.flatMap((draft) => fileMistakes({ application, folder, draft, places }));
  });
}

/** Names of files that can be read in two ways, such as `web-us-prod` with environments `prod` and `us-prod`. */
export function applicationWarnings(
  applications: readonly ApplicationDraft[],
  places: readonly Place[],
): readonly MistakeAt[] {
  return applications.flatMap(({ path, named, folder, promote }) => {
    if (named || folder === undefined) return [];
    const files = promote.flatMap(({ draft }) => (draft === undefined ? [] : [joinPatterns(folder, draft.file)]));
    // Two places of different homes never share a file.
    const homes = [...Map.groupBy(places, ({ home }) => home).values()];
    const [found] = files.slice(0, 1).flatMap((file) => homes.flatMap((home) => findDoubleReading(file, home) ?? []));
    if (found === undefined) return [];
    const message = `${quote(found.text)} can be ${describeReadings(found)}.`;
    return [mistakeAt([...path, 'path'], message, 'Put a `/` between the names, or rename an environment or target.')];
  });
}

interface PromotedFile {
  readonly application: ApplicationDraft;
  readonly folder: PathPattern;
  readonly draft: PromoteDraft;
  readonly places: readonly Place[];
}

function fileMistakes({ application, folder, draft, places }: PromotedFile): readonly MistakeAt[] {
  const file = joinPatterns(folder, draft.file);
  const path = draft.namesFile ? [...draft.path, 'in'] : [...application.path, 'path'];
  const lacking = (name: Placeholder): boolean => variants(places).some((named) => !holds(file, name, named));
  const mistakes: MistakeAt[] = [];
  if (sharedHome(places) && sharesFile(file, places) && !selectionHolds(draft, 'environment')) {
    const message = `Every environment would write the same file ${quote(file.text)}.`;
    mistakes.push(
      mistakeAt(
        path,
        message,
        'Write `{environment}` in `path`, `in` (outside of square brackets), `document` or every selector.',
      ),
    );
  }
  if (!application.named && lacking('application')) {
    const message = `Nothing in ${quote(file.text)} says which application it is.`;
    mistakes.push(mistakeAt(path, message, 'Write `{application}` in `path`, or give the rule a `name`.'));
  }
  return mistakes;
}

/**
 * Whether nothing in the path tells environments apart. Names of targets do, unless two environments have a target of one
 * name: that is looked at target by target, and where they are found when they are known.
 */
function sharesFile(file: PathPattern, places: readonly Place[]): boolean {
  return variants(places).some((named) => !holds(file, 'environment', named) && !holds(file, 'target', named));
}

/** Whether two environments have their files on one branch; in doubt they have. */
function sharedHome(places: readonly Place[]): boolean {
  const environments = new Map(places.map(({ environment, home }) => [environment, home]));
  return environments.size === 0 || new Set(environments.values()).size < environments.size;
}

/** Whether patterns are filled with their part in brackets, without it, or both. */
function variants(places: readonly Place[]): readonly boolean[] {
  if (places.length === 0) return [true, false];
  return [...new Set(places.map(({ namesTargets }) => namesTargets))];
}

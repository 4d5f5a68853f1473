import {
  type ApplicationRule,
  type ApplicationSpec,
  type Environment,
  type FileSpec,
  homeKey,
  type PromoteRule,
  pathsIn,
  type TargetSpec,
} from './config.ts';
import { isCopied, whereOfFile } from './copied-files.ts';
import { fillPattern, joinPatterns, type PathPattern } from './pattern.ts';

/** Paths of the repo by `homeKey`: at the heads and at the revisions that were reported. */
export type Listing = ReadonlyMap<string | undefined, ReadonlySet<string>>;

interface CopyRule {
  readonly promoted: PromoteRule;
  readonly folder: PathPattern;
}

/**
 * The environments with every file that is copied whole. What one target has, all have a place for: a file that is only in the
 * source is added, one that is only in the target removed. Files with promoted fields are not copied.
 */
export function withCopies(
  { name, environments }: ApplicationSpec,
  rules: readonly ApplicationRule[],
  listing: Listing,
): ApplicationSpec['environments'] {
  const copies = rules.flatMap((rule) =>
    rule.promote
      .filter(({ wholeFiles }) => wholeFiles)
      .map((promoted) => ({ promoted, folder: joinPatterns(rule.path, promoted.file) })),
  );
  const places = environments.flatMap(({ environment, targets }) =>
    targets.map((target): At => ({ name, environment, target })),
  );
  const found = copies.map((copy) => ({ copy, paths: copiedBelow(copy, places, listing) }));
  return environments.map(({ environment, targets }) => ({
    environment,
    targets: targets.map((target) => {
      const files = found.flatMap(({ copy, paths }) => {
        const folder = folderOf(copy, { name, environment, target });
        return paths.map((path) => copiedFile(copy, folder, path));
      });
      return { ...target, files: [...target.files, ...files] };
    }),
  }));
}

/** Paths below the folder, of all places together. What a rule writes in one of them is copied in none. */
function copiedBelow(copy: CopyRule, places: readonly At[], listing: Listing): readonly string[] {
  const found = new Set<string>();
  const taken = new Set<string>();
  for (const place of places) {
    const folder = folderOf(copy, place);
    for (const below of pathsBelow(folder, listing.get(homeKey(place.environment)))) {
      if (isCopied(copy.promoted, below, folder)) found.add(below);
    }
    for (const path of pathsIn(place.target)) {
      if (path.startsWith(folder)) taken.add(path.slice(folder.length));
    }
  }
  return [...found].filter((below) => !taken.has(below)).sort();
}

interface At {
  readonly name: string;
  readonly environment: Environment;
  readonly target: TargetSpec;
}

function folderOf({ folder }: CopyRule, { name, environment, target }: At): string {
  if (folder.text === '.') return '';
  const { name: environmentName, namesTargets } = environment;
  return `${fillPattern(folder, { application: name, environment: environmentName, target: target.target, namesTargets })}/`;
}

/** Lists in order: what lies below a folder stands together, and there may be hundreds of folders. */
const sorted = new WeakMap<ReadonlySet<string>, readonly string[]>();

function pathsBelow(folder: string, paths: ReadonlySet<string> | undefined): readonly string[] {
  if (paths === undefined) return [];
  const ordered = sorted.get(paths) ?? [...paths].sort();
  sorted.set(paths, ordered);
  const below: string[] = [];
  for (let at = firstFrom(ordered, folder); ordered[at]?.startsWith(folder) === true; at += 1) {
    below.push(ordered[at]?.slice(folder.length) ?? '');
  }
  return below;
}

/** Where the first text stands that does not come before another. */
function firstFrom(ordered: readonly string[], text: string): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function copiedFile({ promoted, folder }: CopyRule, prefix: string, below: string): FileSpec {
  return {
    path: `${prefix}${below}`,
    slot: `${folder.text} ${promoted.editor} ${below}`,
    editor: promoted.editor,
    where: whereOfFile(promoted, below),
    aliases: [],
    whole: below,
  };
}

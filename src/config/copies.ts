import type { PromoteRule } from './config.ts';
import {
  type ApplicationRule,
  type ApplicationSpec,
  type Environment,
  type FileSpec,
  homeKey,
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
  const found = copies.map((copy) => {
    const below = environments.flatMap(({ environment, targets }) =>
      targets.flatMap((target) =>
        pathsBelow(folderOf(copy, { name, environment, target }), listing.get(homeKey(environment))),
      ),
    );
    return { copy, paths: [...new Set(below)].filter((path) => isCopied(copy.promoted, path)).sort() };
  });
  return environments.map(({ environment, targets }) => ({
    environment,
    targets: targets.map((target) => {
      const taken = new Set(target.files.map(({ path }) => path));
      const files = found.flatMap(({ copy, paths }) => {
        const folder = folderOf(copy, { name, environment, target });
        return paths.map((path) => copiedFile(copy, folder, path)).filter(({ path }) => !taken.has(path));
      });
      return { ...target, files: [...target.files, ...files] };
    }),
  }));
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

function pathsBelow(folder: string, paths: ReadonlySet<string> = new Set()): readonly string[] {
  return [...paths].flatMap((path) => (path.startsWith(folder) ? [path.slice(folder.length)] : []));
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

import { type ApplicationRule, type Config, homeKey, type PromoteRule } from './config.ts';
import { isCopied } from './copied-files.ts';
import { compileMatcher, type Matcher } from './matching.ts';
import { bindApplication, holds, joinPatterns, type PathPattern, type Place, variant } from './pattern.ts';

/** A target of a lane, as a changed path or a file belongs to it. */
export interface LaneTarget {
  readonly application: string;
  readonly environment: string;
  readonly target: string;
}

/** Tells of which lanes' targets a path is. */
type ReadPath = (path: string) => readonly LaneTarget[];

/** One promoted file of one rule. */
export interface FileReader {
  readonly rule: ApplicationRule;
  readonly promoted: PromoteRule;
  readonly file: PathPattern;
  readonly read: ReadPath;
}

export interface RuleReaders {
  readonly rule: ApplicationRule;
  readonly files: readonly FileReader[];
  /** What lies below the application's folder; nothing where the rule has no folder that is an application's own. */
  readonly readFolder: ReadPath;
}

/** Patterns are compiled once for each configuration, not once for each path. */
const compiled = new WeakMap<Config, Map<string | undefined, readonly RuleReaders[]>>();

/**
 * The readers of a configuration for paths of one home. They know its names, so they give no other place and no named
 * application twice.
 */
export function readersOf(config: Config, home: string | undefined): readonly RuleReaders[] {
  const byHome = compiled.get(config) ?? new Map<string | undefined, readonly RuleReaders[]>();
  compiled.set(config, byHome);
  const known = byHome.get(home);
  if (known !== undefined) return known;
  const context: Context = {
    places: placesIn(config).filter((place) => place.home === home),
    names: new Set(config.applications.flatMap(({ name }) => name ?? [])),
  };
  const made = config.applications.map((rule) => ({
    rule,
    files: fileReaders(rule, context),
    readFolder: hasFolder(rule) ? folderReader(rule, context) : () => [],
  }));
  byHome.set(home, made);
  return made;
}

/** Every target of every environment. */
export function placesIn({ environments }: Pick<Config, 'environments'>): readonly Place[] {
  return environments.flatMap(({ name, targets, namesTargets, branch, repo }) => {
    const home = homeKey({ branch, repo });
    return targets.map((target) => ({ environment: name, target, namesTargets, home }));
  });
}

/** A folder is the application's own only if the rule names it or the path says which application it is of. */
export function hasFolder({ name, path }: ApplicationRule): boolean {
  const tells = name !== undefined || (holds(path, 'application', true) && holds(path, 'application', false));
  return tells && path.text !== '.';
}

interface Context {
  readonly places: readonly Place[];
  /** Applications with rules of their own, which patterns do not match again. */
  readonly names: ReadonlySet<string>;
}

function fileReaders(rule: ApplicationRule, context: Context): readonly FileReader[] {
  return rule.promote.map((promoted) => {
    const file = joinPatterns(rule.path, promoted.file);
    const pattern = bound(rule, file);
    if (promoted.wholeFiles) return { rule, promoted, file, read: copiedReader({ rule, promoted, pattern }, context) };
    const match = compileMatcher(pattern, context.places);
    return { rule, promoted, file, read: (path) => lanesOf(rule, match(path), context) };
  });
}

/** A copied file lies below its folder, and the selection fits the rest of its path. */
function copiedReader(
  { rule, promoted, pattern }: Pick<FileReader, 'rule' | 'promoted'> & { readonly pattern: PathPattern },
  context: Context,
): ReadPath {
  const read = foldersOf(pattern, context);
  return (path) =>
    read(path).flatMap(({ below, bindings }) =>
      isCopied(promoted, below, path.slice(0, path.length - below.length)) ? lanesOf(rule, bindings, context) : [],
    );
}

function folderReader(rule: ApplicationRule, context: Context): ReadPath {
  const read = foldersOf(bound(rule, rule.path), context);
  return (path) => read(path).flatMap(({ bindings }) => lanesOf(rule, bindings, context));
}

interface FolderRead {
  readonly bindings: ReturnType<Matcher>;
  /** The rest of the path below the folder. */
  readonly below: string;
}

/** A folder has one depth with the part in brackets and another without; the path's own folder of that depth is looked at. */
function foldersOf(pattern: PathPattern, context: Context): (path: string) => readonly FolderRead[] {
  if (pattern.text === '.')
    return (path) => [{ bindings: context.places.map((place) => ({ application: undefined, place })), below: path }];
  const byDepth = Map.groupBy(context.places, ({ namesTargets }) => segmentsIn(pattern, namesTargets));
  const depths = [...byDepth].map(([segments, places]) => ({ segments, match: compileMatcher(pattern, places) }));
  return (path) => {
    return depths.flatMap(({ segments, match }): readonly FolderRead[] => {
      const folder = folderAt(path, segments);
      return folder === undefined ? [] : [{ bindings: match(folder), below: path.slice(folder.length + 1) }];
    });
  };
}

function bound({ name }: ApplicationRule, pattern: PathPattern): PathPattern {
  return name === undefined ? pattern : bindApplication(pattern, name);
}

function lanesOf({ name }: ApplicationRule, bindings: ReturnType<Matcher>, { names }: Context): readonly LaneTarget[] {
  return bindings.flatMap(({ application: matched, place: { environment, target } }) => {
    const application = name ?? (matched === undefined || names.has(matched) ? undefined : matched);
    return application === undefined ? [] : [{ application, environment, target }];
  });
}

function segmentsIn(pattern: PathPattern, namesTargets: boolean): number {
  const text = variant(pattern.parts, namesTargets).map((part) => (part.kind === 'literal' ? part.text : 'x'));
  return text.join('').split('/').length;
}

/** The folder of so many segments that a path lies in, or undefined when it lies in none. */
function folderAt(path: string, segments: number): string | undefined {
  let end = -1;
  for (let count = 0; count < segments; count += 1) {
    end = path.indexOf('/', end + 1);
    if (end < 0) return undefined;
  }
  return path.slice(0, end);
}

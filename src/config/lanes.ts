import { isName } from '../domain/lane.ts';
import type { Problem } from '../domain/problem.ts';
import { configPath } from '../domain/repo.ts';
import {
  type ApplicationRule,
  type ApplicationSpec,
  type Config,
  type Environment,
  type FileSpec,
  type Group,
  type Home,
  hasLane,
  homeKey,
  type TargetSpec,
} from './config.ts';
import { type Listing, withCopies } from './copies.ts';
import { labelsOf } from './found-targets.ts';
import { membersOf } from './groups.ts';
import { quote, quoteAll } from './mistake.ts';
import { type FileReader, hasFolder, type LaneTarget, readersOf } from './path-readers.ts';
import { fillPattern, joinPatterns, type Names } from './pattern.ts';
import { fillSelection, type Selection, selectionsOverlap } from './selection.ts';

/** Applications of one repo: more make no sweep that ends in time. */
export const applicationsMax = 10_000;

/**
 * Where the files of an application are in every environment, whether or not they exist. A name that has rules of its own
 * is judged by these alone; any other by the rules without a name. Undefined when the name cannot be an application's.
 * Files that are copied whole are those of `listing`; without one there are none.
 */
export function applicationOf(config: Config, name: string, listing?: Listing): ApplicationSpec | undefined {
  const rules = rulesFor(config, name);
  if (rules.length === 0) return undefined;
  const environments = orderOf(config, rules).map((environment) => {
    const { name: environmentName, namesTargets, after } = environment;
    const targets = environment.targets.map((target): TargetSpec => {
      const spec = targetSpec(rules, { application: name, environment: environmentName, target, namesTargets });
      return { ...spec, application: name, after, labels: labelsOf(environment, target) };
    });
    return { environment, targets };
  });
  return {
    name,
    environments: listing === undefined ? environments : withCopies({ name, environments }, rules, listing),
  };
}

/** Whether an application has files that are copied whole: then its files are known only with a listing. */
export function copiesFiles(config: Config, name: string): boolean {
  return rulesFor(config, name).some(({ promote }) => promote.some(({ wholeFiles }) => wholeFiles));
}

/** The environments of an application: all in the order of all, or those of an order of its own. */
function orderOf(config: Config, rules: readonly ApplicationRule[]): readonly Environment[] {
  const order = rules.find((rule) => rule.order !== undefined)?.order;
  if (order === undefined) return config.environments;
  return order.flatMap(({ name, after }) => {
    const environment = config.environments.find((one) => one.name === name);
    return environment === undefined ? [] : [{ ...environment, after }];
  });
}

/** Whether an application has a lane into an environment. */
export function leadsInto(
  config: Config,
  { application, environment }: Pick<LaneTarget, 'application' | 'environment'>,
): boolean {
  const order = orderOf(config, rulesFor(config, application));
  return order.some((one) => one.name === environment && hasLane(one));
}

/** Whether a name can be an application's under the configuration. */
export function mayBeApplication(config: Config, name: string): boolean {
  return rulesFor(config, name).length > 0;
}

/** Names of the applications of which at least one promoted file is among the paths of a home, sorted. */
export function applicationsIn(config: Config, paths: Iterable<string>, home?: Home): readonly string[] {
  const names = new Set<string>();
  const files = readersOf(config, home && homeKey(home)).flatMap((rule) => rule.files);
  for (const path of paths) {
    for (const file of files) for (const { application } of file.read(path)) names.add(application);
  }
  return [...names].sort();
}

/**
 * The targets of lanes that a changed path of a home belongs to: those one of whose promoted files it is, else those below whose
 * folder it lies. A folder that several environments or targets share counts for all of them.
 */
export function placesOf(config: Config, path: string, home?: Home): readonly LaneTarget[] {
  const found = new Map<string, LaneTarget>();
  for (const { files, readFolder } of readersOf(config, home && homeKey(home))) {
    const exact = files.flatMap((file) => file.read(path));
    const places = exact.length > 0 ? exact : readFolder(path);
    for (const place of places) found.set(`${place.application}/${place.environment}/${place.target}`, place);
  }
  return [...found.values()];
}

function rulesFor(config: Config, name: string): readonly ApplicationRule[] {
  if (!isName(name)) return [];
  const own = config.applications.filter((rule) => rule.name === name);
  return own.length > 0 ? own : config.applications.filter((rule) => rule.name === undefined);
}

function targetSpec(rules: readonly ApplicationRule[], names: Names): Pick<TargetSpec, 'target' | 'folders' | 'files'> {
  const folders = rules.filter(hasFolder).map(({ path }) => fillPattern(path, names));
  const slots = new Map<string, number>();
  const files = rules.flatMap((rule) =>
    rule.promote.filter(({ wholeFiles }) => !wholeFiles).map((promoted) => ({ rule, promoted })),
  );
  return {
    target: names.target,
    folders: [...new Set(folders)],
    files: files.map(({ rule, promoted }): FileSpec => {
      const file = joinPatterns(rule.path, promoted.file);
      const slot = `${file.text} ${promoted.editor}`;
      const times = (slots.get(slot) ?? 0) + 1;
      slots.set(slot, times);
      const path = fillPattern(file, names);
      return {
        path,
        companion: promoted.companion && besides(path, promoted.companion),
        slot: times === 1 ? slot : `${slot} ${times}`,
        editor: promoted.editor,
        ...fillSelection(promoted, names),
        create: promoted.create,
      };
    }),
  };
}

function besides(path: string, name: string): string {
  return `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`;
}

/** What a repo's files show to be wrong with a configuration that is right in itself. */
export interface Expansion {
  readonly problems: readonly Problem[];
  /** Rules that match nothing, and groups nobody is in. */
  readonly warnings: readonly Problem[];
}

/** Clashes reported: one rule often makes one for every application. */
const clashesMax = 20;

/** Looks at the paths of a home for fields that two lanes would write, too many applications, and rules without a file. */
export function expansionProblems(config: Config, paths: Iterable<string>, home?: Home): Expansion {
  const files = readersOf(config, home && homeKey(home)).flatMap((rule) => rule.files);
  const applications = new Set<string>();
  const used = new Set<ApplicationRule>();
  const clashes = new Map<string, Problem>();
  for (const path of paths) {
    const claims = files.flatMap((file) => file.read(path).map((lane) => ({ file, lane })));
    for (const { file, lane } of claims) {
      used.add(file.rule);
      applications.add(lane.application);
    }
    const clash = clashes.size < clashesMax ? findClash(path, claims) : undefined;
    if (clash !== undefined && !clashes.has(clash.key)) clashes.set(clash.key, clash.problem);
  }
  const tooMany = applications.size > applicationsMax ? [tooManyApplications(applications.size)] : [];
  const taken = config.groups.filter(({ name }) => applications.has(name)).map(takenName);
  const unused = config.applications.filter((rule) => !used.has(rule));
  const idle = config.groups.filter((group) => membersOf(config, group, [...applications]).length === 0);
  return {
    problems: [...tooMany, ...taken, ...clashes.values()],
    warnings: [...unused.map(unusedRule), ...idle.map(idleGroup)],
  };
}

interface Claim {
  readonly file: FileReader;
  readonly lane: LaneTarget;
}

function findClash(
  path: string,
  claims: readonly Claim[],
): { readonly key: string; readonly problem: Problem } | undefined {
  for (const [index, one] of claims.entries()) {
    const other = claims.slice(index + 1).find((later) => clash(one, later));
    if (other === undefined) continue;
    const lanes = [one, other].map(({ lane }) => `${quote(lane.application)} in ${quote(lane.environment)}`);
    const message = `${quote(path)} would be written for ${lanes.join(' and for ')}.`;
    const hint = 'Let the rules name different files or fields, or put a `/` between the names in the path.';
    return { key: [one, other].map(({ file }) => keyOf(file)).join(' '), problem: at(other.file.rule, message, hint) };
  }
  return undefined;
}

/** Targets of one lane may share a file. One that is copied whole is nobody else's; what its own rules write in it is not copied. */
function clash(one: Claim, other: Claim): boolean {
  const sameLane = one.lane.application === other.lane.application && one.lane.environment === other.lane.environment;
  if (sameLane && one.file === other.file) return false;
  const whole = [one, other].filter(({ file }) => file.promoted.wholeFiles === true);
  if (whole.length > 0) return !sameLane || whole.length === 2;
  return selectionsOverlap(selectionOf(one), selectionOf(other));
}

function selectionOf({ file: { promoted }, lane }: Claim): Selection {
  return { editor: promoted.editor, where: fillSelection(promoted, { ...lane, namesTargets: true }).where };
}

function keyOf({ rule, file, promoted }: FileReader): string {
  return JSON.stringify([rule.name ?? null, file.text, promoted.editor, promoted.where]);
}

function tooManyApplications(count: number): Problem {
  const message = `The repo has ${count} applications; the most is ${applicationsMax}.`;
  return { file: configPath, line: 1, column: 1, message, hint: 'Let the patterns match fewer folders.' };
}

/** The group would take the place of the application, whose own versions would then move nowhere. */
export function takenName({ name }: Group): Problem {
  const message = `${quote(name)} is an application too, by the files of the repo.`;
  return { file: configPath, line: 1, column: 1, message, hint: 'Give the group another name.' };
}

function idleGroup({ name, applications }: Group): Problem {
  const message = `No application of the repo is in the group ${quote(name)}: none is called ${quoteAll(applications, 'or')}, or an earlier group has it.`;
  return { file: configPath, line: 1, column: 1, message, hint: 'Check the spelling, or remove the group.' };
}

function unusedRule(rule: ApplicationRule): Problem {
  const files = rule.promote.map(({ file }) => quote(joinPatterns(rule.path, file).text));
  return at(rule, `No file in the repo matches ${files.join(' or ')}.`, 'Check the spelling, or add the files.');
}

function at({ line }: ApplicationRule, message: string, hint: string): Problem {
  return { file: configPath, line: line ?? 1, column: 1, message, hint };
}

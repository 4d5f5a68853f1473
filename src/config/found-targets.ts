import { isName } from '../domain/lane.ts';
import { type Config, type Environment, homeKey } from './config.ts';
import type { Mistake } from './mistake.ts';
import { placesMax } from './pattern.ts';
import type { FoundTargets, Labels } from './target-pattern.ts';

/** Whether the configuration has to be looked at together with the repo's paths. */
export function findsTargets({ environments }: Pick<Config, 'environments'>): boolean {
  return environments.some(({ found }) => found !== undefined);
}

export type TargetsFound =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problem: Mistake };

/** The configuration with the targets that the paths of each home show. The same paths give the same targets, in order of their names. */
export function withFoundTargets(
  config: Config,
  pathsOf: (home: string | undefined) => Iterable<string>,
): TargetsFound {
  const environments = config.environments.map((environment) => {
    if (environment.found === undefined) return environment;
    const labels = targetsIn(pathsOf(homeKey(environment)), environment.found);
    const targets = [...labels.keys()].sort();
    return { ...environment, targets, labels: Object.fromEntries(labels) };
  });
  const places = environments.reduce((sum, { targets }) => sum + targets.length, 0);
  if (places <= placesMax) return { ok: true, config: { ...config, environments } };
  const message = `All environments together have ${places} targets; the most is ${placesMax}.`;
  return { ok: false, problem: { message, hint: 'Let the patterns find fewer, or split the repo.' } };
}

/** Labels of every target by its name. A name that two paths give is that of the first one. */
function targetsIn(paths: Iterable<string>, { pattern, except, labels }: FoundTargets): ReadonlyMap<string, Labels> {
  const found = new Map<string, Labels>();
  for (const path of prefixesIn(paths, pattern.segments)) {
    const match = pattern.matcher.exec(path);
    if (match === null || except.some(({ matcher }) => matcher.test(path))) continue;
    const { target = path.slice(path.lastIndexOf('/') + 1), ...own } = match.groups ?? {};
    if (isName(target) && !found.has(target)) found.set(target, { ...labels, ...own });
  }
  return found;
}

/** The paths of so many segments: folders on the way and files alike. */
function prefixesIn(paths: Iterable<string>, segments: number): ReadonlySet<string> {
  const prefixes = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    if (parts.length >= segments) prefixes.add(parts.slice(0, segments).join('/'));
  }
  return prefixes;
}

/** Labels of one target; none for one whose name the configuration lists. */
export function labelsOf({ labels }: Environment, target: string): Labels {
  return labels?.[target] ?? {};
}

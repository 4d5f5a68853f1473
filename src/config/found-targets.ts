import { isName } from '../domain/lane.ts';
import { type Config, type Environment, homeKey } from './config.ts';
import type { Mistake } from './mistake.ts';
import { placesMax } from './pattern.ts';
import { type FoundTargets, type Labels, matchTarget, type TargetPattern } from './target-pattern.ts';

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
  for (const path of prefixesIn(paths, pattern)) {
    const match = matchTarget(pattern, path);
    if (match === undefined || except.some((one) => matchTarget(one, path) !== undefined)) continue;
    const { target = path.slice(path.lastIndexOf('/') + 1), ...own } = match;
    if (isName(target) && !found.has(target)) found.set(target, { ...labels, ...own });
  }
  return found;
}

/** Folders of so many segments; files only for a pattern that says how they end, or a README.md would be a place. */
function prefixesIn(paths: Iterable<string>, { segments }: TargetPattern): ReadonlySet<string> {
  const takesFiles = segments.at(-1)?.pieces.at(-1)?.includes('.') === true;
  const prefixes = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    const isFile = parts.length === segments.length;
    if (parts.length >= segments.length && (takesFiles || !isFile))
      prefixes.add(parts.slice(0, segments.length).join('/'));
  }
  return prefixes;
}

/** Labels of one target; none for one whose name the configuration lists. */
export function labelsOf({ labels }: Environment, target: string): Labels {
  return labels?.[target] ?? {};
}

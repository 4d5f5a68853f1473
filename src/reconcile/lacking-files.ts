import { type Config, type EnvironmentSpec, hasLane, homeKey, type TargetSpec } from '../config/config.ts';
import type { Listing } from '../config/copies.ts';
import { applicationOf } from '../config/lanes.ts';

/** Places that are listed; the rest is counted. */
const lackingMax = 50;

export interface Lacking {
  readonly lacking: readonly { readonly place: string; readonly paths: readonly string[] }[];
  readonly lackingCount: number;
}

/** Promoted files that an environment before has and a target does not, of applications by name. Files that would be made are none. */
export function lackingFiles(config: Config, applications: readonly string[], paths: Listing): Lacking {
  const all = applications.flatMap((name) => {
    const environments = applicationOf(config, name)?.environments ?? [];
    return environments.flatMap((environment) => lackingIn(environment, environments, paths).map(titled(name)));
  });
  return { lacking: all.slice(0, lackingMax), lackingCount: all.length };
}

interface LackingIn {
  readonly where: string;
  readonly paths: readonly string[];
}

function titled(application: string) {
  return ({ where, paths }: LackingIn) => ({ place: `${application} in ${where}`, paths });
}

function lackingIn(
  { environment, targets }: EnvironmentSpec,
  environments: readonly EnvironmentSpec[],
  paths: Listing,
): readonly LackingIn[] {
  if (!hasLane(environment)) return [];
  const parents = environments.filter((one) => environment.after.includes(one.environment.name));
  const used = new Set(parents.flatMap((parent) => parent.targets.flatMap((target) => slotsIn(target, parent, paths))));
  return targets.flatMap((target) => {
    const here = slotsIn(target, { environment }, paths);
    // A found target that the application is not in is none of its own.
    if (environment.found !== undefined && here.length === 0) return [];
    const files = target.files.filter(
      ({ slot, create }) => create === undefined && used.has(slot) && !here.includes(slot),
    );
    const where = environment.namesTargets ? `${environment.name}/${target.target}` : environment.name;
    return files.length === 0 ? [] : [{ where, paths: [...new Set(files.map(({ path }) => path))] }];
  });
}

/** Slots whose file is there. */
function slotsIn(
  { files }: TargetSpec,
  { environment }: Pick<EnvironmentSpec, 'environment'>,
  paths: Listing,
): readonly string[] {
  const here = paths.get(homeKey(environment));
  return files.flatMap(({ path, slot }) => (here?.has(path) === true ? [slot] : []));
}

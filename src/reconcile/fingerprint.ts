import { createHash } from 'node:crypto';
import { type Config, type FileSpec, homeKey } from '../config/config.ts';
import { applicationOf, applicationsIn } from '../config/lanes.ts';
import { type Recognised, recognise } from '../config/recognise.ts';
import type { Report } from '../domain/report.ts';
import type { Tree } from '../ports/git-host.ts';

/**
 * What the files a report is about hold at its revision, by content id: the same fingerprint at another revision means that
 * nothing changed for them. Undefined when it cannot be told, from a cut tree.
 */
export function fingerprintOf(config: Config, report: Report, tree: Tree): string | undefined {
  if (!tree.complete) return undefined;
  const files = recognise(config, report).flatMap((place) => filesOf(config, place, tree));
  // Of copied files only those that are there count: which ones are elsewhere makes no difference here.
  const present = files.filter(({ path, whole }) => whole === undefined || tree.oids.has(path));
  const lines = present.map(({ path }) => `${path}\n${tree.oids.get(path) ?? 'missing'}`);
  return createHash('sha256')
    .update([...new Set(lines)].sort().join('\n'))
    .digest('hex');
}

/**
 * In place of a fingerprint: the revision was looked at and is not on its environment's branch. What is merged later is found by the
 * sweep, so that repeats of such a report cost nothing.
 */
export const offBranch = 'off the default branch';

/** The promoted files of one place; of all applications there where the report names none. */
function filesOf(config: Config, { application, environment, target }: Recognised, tree: Tree): readonly FileSpec[] {
  const home = config.environments.find((one) => one.name === environment);
  const names = application === undefined ? applicationsIn(config, tree.oids.keys(), home) : [application];
  const listing = new Map([[home && homeKey(home), new Set(tree.oids.keys())]]);
  return names.flatMap((name) => {
    const spec = applicationOf(config, name, listing)?.environments.find((one) => one.environment.name === environment);
    return spec?.targets.find((one) => one.target === target)?.files ?? [];
  });
}

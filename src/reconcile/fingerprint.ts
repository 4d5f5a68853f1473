import { createHash } from 'node:crypto';
import type { Config, FileSpec } from '../config/config.ts';
import { applicationOf } from '../config/lanes.ts';
import { recognise } from '../config/recognise.ts';
import type { Report } from '../domain/report.ts';
import type { Tree } from '../ports/git-host.ts';

/**
 * What the files a report is about hold at its revision, by content id: the same fingerprint at another revision means that
 * nothing changed for them. Undefined when it cannot be told: for a report about every application, or from a cut tree.
 */
export function fingerprintOf(config: Config, report: Report, tree: Tree): string | undefined {
  const files = filesOf(config, report);
  if (files === undefined || !tree.complete) return undefined;
  const lines = files.map(({ path }) => `${path}\n${tree.oids.get(path) ?? 'missing'}`);
  return createHash('sha256')
    .update([...new Set(lines)].sort().join('\n'))
    .digest('hex');
}

function filesOf(config: Config, report: Report): readonly FileSpec[] | undefined {
  const files: FileSpec[] = [];
  for (const { application, environment, target } of recognise(config, report)) {
    if (application === undefined) return undefined;
    const spec = applicationOf(config, application)?.environments.find((one) => one.environment.name === environment);
    files.push(...(spec?.targets.find((one) => one.target === target)?.files ?? []));
  }
  return files;
}

import type { Config } from '../config/config.ts';
import { recognise } from '../config/recognise.ts';
import { subjectAtSource } from '../domain/passed-on.ts';
import type { StoredReport } from '../ports/store.ts';
import type { Evidence } from '../promotion/snapshot.ts';

/**
 * What the reports that speak for one target prove together; undefined when there is none. The newest one counts, unless another
 * subject is in a bad state: that voids the proof until the same subject reports that it is well again.
 */
export function evidenceFor(config: Config, reports: readonly StoredReport[], place: Place): StoredReport | undefined {
  const about = reports.filter(({ report }) => recognise(config, report).some((bound) => speaksFor(bound, place)));
  const bad = newestOf(about.filter(({ report }) => report.state === 'failed' || report.state === 'degraded'));
  const [first, ...others] = newestOf(about);
  if (first === undefined) return undefined;
  if (bad[0] !== undefined) return about.length > 1 ? named(bad[0]) : bad[0];
  const worst = [first, ...others].find(({ report }) => report.state !== 'healthy') ?? first;
  const agree = others.every(({ report }) => report.revision === first.report.revision);
  return agree ? worst : contradiction(worst);
}

/** All reports of the newest moment. */
function newestOf(reports: readonly StoredReport[]): readonly StoredReport[] {
  const newestMs = Math.max(...reports.map(({ report }) => report.observedAtMs));
  return reports.filter(({ report }) => report.observedAtMs === newestMs);
}

/** Where several subjects speak for a target, a person has to know which of them is bad. */
function named(stored: StoredReport): StoredReport {
  const { report } = stored;
  return { ...stored, report: { ...report, message: `${report.message} (says ${subjectAtSource(report)})` } };
}

/**
 * Reports of one moment that name different revisions prove neither: an Argo CD Application with two sources of the repo
 * sends one for each, and only the configuration can tell which of them holds the versions.
 */
function contradiction(stored: StoredReport): StoredReport {
  const { report } = stored;
  const message =
    'several reports of one moment name different revisions; name the `path` of the right source in `syncs`';
  return {
    ...stored,
    report: { ...report, state: report.state === 'healthy' ? 'progressing' : report.state, message },
  };
}

export interface Place {
  readonly application: string;
  readonly environment: string;
  readonly target: string;
}

interface Bound {
  readonly application: string | undefined;
  readonly environment: string;
  readonly target: string;
}

function speaksFor(bound: Bound, place: Place): boolean {
  const application = bound.application ?? place.application;
  return application === place.application && bound.environment === place.environment && bound.target === place.target;
}

export function toEvidence(stored: StoredReport): Evidence {
  return { report: stored.report, badSinceMs: stored.badSinceMs };
}

import type { Config } from '../config/config.ts';
import { recognise } from '../config/recognise.ts';
import type { SyncState } from '../domain/report.ts';
import type { StoredReport } from '../ports/store.ts';
import type { Evidence } from '../promotion/snapshot.ts';

/** The newest report about one target, of all that speak for it; undefined when none does. */
export function evidenceFor(config: Config, reports: readonly StoredReport[], place: Place): StoredReport | undefined {
  const about = reports.filter(({ report }) => recognise(config, report).some((bound) => speaksFor(bound, place)));
  const newestMs = Math.max(...about.map(({ report }) => report.observedAtMs));
  const [first, ...others] = about.filter(({ report }) => report.observedAtMs === newestMs);
  if (first === undefined) return undefined;
  const worst = [first, ...others].sort((a, b) => badness[b.report.state] - badness[a.report.state])[0] ?? first;
  const agree = others.every(({ report }) => report.revision === first.report.revision);
  return agree ? worst : contradiction(worst);
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

/** Of two states at one moment the worse one counts. */
const badness: Readonly<Record<SyncState, number>> = { healthy: 0, progressing: 1, degraded: 2, failed: 3 };

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

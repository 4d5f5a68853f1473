import type { Config } from '../config/config.ts';
import { recognise } from '../config/recognise.ts';
import type { StoredReport } from '../ports/store.ts';
import type { Evidence } from '../promotion/snapshot.ts';

/** The newest report about one target, of all that speak for it; undefined when none does. */
export function evidenceFor(config: Config, reports: readonly StoredReport[], place: Place): StoredReport | undefined {
  const about = reports.filter(({ report }) => recognise(config, report).some((bound) => speaksFor(bound, place)));
  return about.reduce<StoredReport | undefined>(
    (newest, one) => (newest === undefined || one.report.observedAtMs > newest.report.observedAtMs ? one : newest),
    undefined,
  );
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

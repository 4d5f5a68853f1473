import type { SourceName } from '../domain/report.ts';
import { argocd } from './argocd.ts';
import { checkRun } from './check-run.ts';
import { flux } from './flux.ts';
import { githubDeployment } from './github-deployment.ts';
import { githubDispatch } from './github-dispatch.ts';
import { githubStatus } from './github-status.ts';
import type { SyncSource } from './source.ts';

/** Every sync source, by the name it has in the configuration. */
export const syncSources: Readonly<Record<SourceName, SyncSource>> = {
  argocd,
  flux,
  'github-status': githubStatus,
  'github-deployment': githubDeployment,
  'github-dispatch': githubDispatch,
  'check-run': checkRun,
};

/** The source a GitHub event belongs to, or undefined for an event that reports no sync. */
export function sourceForEvent(event: string): SyncSource | undefined {
  return Object.values(syncSources).find((source) => source.event === event);
}

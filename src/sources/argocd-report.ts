import type { Ignored, Report, SourceName, SyncState } from '../domain/report.ts';
import { type AppState, type GitSource, gitSources } from './argocd-app-state.ts';
import { fieldOf, fieldsOf, linkOf, messageOf, newestTimeMs, timeOf } from './reading.ts';
import type { Malformed, Received, Understood } from './source.ts';

const schema = 'argocd-app-state/v1';

/** Names a recogniser may match on, for every channel that carries the state of an Argo CD Application. */
export const argocdFields = {
  instance: 'name of the Argo CD that sent it, as its notifications context says (argocdInstance)',
  application: 'name of the Argo CD Application',
  namespace: 'namespace of the Argo CD Application',
  project: 'Argo CD project of the Application',
  path: 'path in the config repo the Application is made from, without ./ in front',
  environment: 'value of the label pawl.dev/environment of the Application',
  target: 'value of the label pawl.dev/target of the Application',
} as const;

/** Who sent a state, and through which source. */
export interface AppStateOrigin {
  readonly source: SourceName;
  readonly received: Received;
  readonly sender: string | undefined;
}

interface App {
  readonly instance: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

/** What the state of one Application says: one report for each of its Git sources, or why it says nothing. */
export function understandAppState(state: AppState, origin: AppStateOrigin): Understood {
  const app = identify(state);
  if ('malformed' in app) return app;
  const judged = judge(state);
  if ('ignored' in judged) return judged;
  const sources = sourcesFor(judged.state, state);
  if ('ignored' in sources) return sources;
  return { reports: sources.map((gitSource) => reportOf({ state, origin, app, judged: judged.state, gitSource })) };
}

function identify(state: AppState): App | Malformed {
  if (state.schema !== schema) return malformed(`has no "schema": "${schema}"`);
  const instance = fieldOf(state.argocd.instance);
  const name = fieldOf(state.app.name);
  const namespace = fieldOf(state.app.namespace);
  const uid = fieldOf(state.app.uid);
  if (instance === undefined) return malformed('has no argocd.instance');
  if (name === undefined || namespace === undefined || uid === undefined) {
    return malformed('has no app.name, app.namespace or app.uid');
  }
  // Without these two a rehearsal would look like the real thing.
  if (state.operation.dryRun === undefined || state.operation.partial === undefined) {
    return malformed('has no operation.dryRun or operation.partial');
  }
  return { instance, name, namespace, uid };
}

function malformed(what: string): Malformed {
  const mend =
    'Send the body of the template pawl-state in docs/install/argocd-notifications.yaml, written with toJson.';
  return { malformed: 'shape', reason: `The body ${what}. ${mend}` };
}

/** The state the body describes. What was only a rehearsal, or a part of a sync, is neither proof nor its opposite. */
function judge(state: AppState): { readonly state: SyncState } | Ignored {
  const { operation, sync, health } = state;
  if (operation.phase === 'Failed' || operation.phase === 'Error') return { state: 'failed' };
  if (health.status === 'Degraded') return { state: 'degraded' };
  if (operation.phase !== 'Succeeded') return { state: 'progressing' };
  if (operation.dryRun === true) return { ignored: 'The last operation was a dry run: it changed nothing.' };
  if (operation.partial === true && !repeatsDeployed(state)) {
    return { ignored: 'The last operation synced some resources only, at another revision than the last full sync.' };
  }
  return { state: sync.status === 'Synced' && health.status === 'Healthy' ? 'healthy' : 'progressing' };
}

/**
 * Self-healing is a partial sync too, of the very revision that was deployed. It takes nothing away from that sync, and an
 * application that healed itself must be able to say so.
 */
function repeatsDeployed({ operation, deployed }: AppState): boolean {
  return (
    operation.sources.length > 0 &&
    operation.sources.length === deployed.sources.length &&
    operation.sources.every((source, index) => {
      const same = deployed.sources[index];
      return same?.revision !== undefined && source.revision === same.revision && source.repoURL === same.repoURL;
    })
  );
}

function sourcesFor(judged: SyncState, state: AppState): readonly GitSource[] | Ignored {
  const deployed = gitSources(state, 'deployed');
  if (judged === 'healthy') return provedSources(deployed, state);
  const attempted = gitSources(state, 'operation');
  if (deployed.length + attempted.length === 0) return { ignored: noRepository };
  if (judged !== 'failed') return deployed.length > 0 ? deployed : attempted;
  // A sync that failed before it had a commit says nothing about the commit deployed before, but it did fail.
  return attempted.length > 0 ? attempted : deployed.map((source) => ({ ...source, revision: undefined }));
}

const noRepository =
  'The Application names no Git repo that can be a config repo: nothing of it was ever synced from one.';

function provedSources(deployed: readonly GitSource[], state: AppState): readonly GitSource[] | Ignored {
  if (state.deployed.id === undefined) {
    return { ignored: 'The Application keeps no record of its syncs. Set spec.revisionHistoryLimit to 1 or more.' };
  }
  const proved = deployed.filter((source) => source.revision !== undefined);
  if (proved.length > 0) return proved;
  if (state.hydrator.drySHA !== undefined) {
    return {
      ignored: 'The synced commit is not the last hydrated one, so the commit it was rendered from is not known.',
    };
  }
  return {
    ignored: 'No source of the Application is a Git repo at a full commit id: charts and registries have none.',
  };
}

interface ReportParts {
  readonly state: AppState;
  readonly origin: AppStateOrigin;
  readonly app: App;
  readonly judged: SyncState;
  readonly gitSource: GitSource;
}

function reportOf({ state, origin, app, judged, gitSource }: ReportParts): Report {
  const { operation, deployed, health } = state;
  const times = [operation.startedAt, operation.finishedAt, deployed.deployedAt, health.lastTransitionTime].map(timeOf);
  return {
    source: origin.source,
    repository: gitSource.repository,
    subject: `argocd:${app.instance}:${app.namespace}/${app.name}${gitSource.suffix}`,
    fields: fieldsOf({
      instance: app.instance,
      application: app.name,
      namespace: app.namespace,
      project: fieldOf(state.app.project),
      path: gitSource.path,
      environment: fieldOf(state.app.labels['pawl.dev/environment']),
      target: fieldOf(state.app.labels['pawl.dev/target']),
    }),
    state: judged,
    revision: gitSource.revision,
    operation: `argocd:${app.instance}:${app.uid}:${operationOf(state, judged)}`,
    observedAtMs: newestTimeMs(times, origin.received),
    healthySinceMs: judged === 'healthy' ? healthySinceMs(state, origin.received) : undefined,
    message: describe(state, judged),
    link: linkTo(state, app),
    successOnly: false,
    sender: origin.sender,
  };
}

/** The number Argo CD gave the sync, or for anything else the time it happened. */
function operationOf({ operation, deployed, health }: AppState, judged: SyncState): string {
  switch (judged) {
    case 'healthy':
      return String(deployed.id);
    case 'failed':
      return `failed:${timeOf(operation.finishedAt) ?? 0}`;
    case 'degraded':
    case 'progressing':
      return `${judged}:${timeOf(health.lastTransitionTime) ?? timeOf(operation.startedAt) ?? 0}`;
  }
}

/** Health counts from the end of the operation on: what was healthy before it is the version before. */
function healthySinceMs({ operation, deployed, health }: AppState, received: Received): number | undefined {
  const endedAtMs = timeOf(operation.finishedAt) ?? timeOf(deployed.deployedAt);
  const times = [endedAtMs, timeOf(health.lastTransitionTime)];
  return endedAtMs === undefined ? undefined : newestTimeMs(times, received);
}

function describe({ operation, sync, health }: AppState, judged: SyncState): string {
  switch (judged) {
    case 'failed':
      return messageOf([`Sync ${operation.phase}`, operation.message], ': ');
    case 'degraded':
      return messageOf([messageOf([sync.status, health.status], ', '), health.message], ': ');
    case 'healthy':
      return messageOf([sync.status, health.status], ', ');
    case 'progressing':
      return messageOf(
        [operation.phase === 'Succeeded' ? undefined : operation.phase, sync.status, health.status],
        ', ',
      );
  }
}

function linkTo(state: AppState, app: App): string | undefined {
  const base = state.argocd.url?.replace(/\/+$/, '');
  return base === undefined
    ? undefined
    : linkOf(`${base}/applications/${encodeURIComponent(app.namespace)}/${encodeURIComponent(app.name)}`);
}

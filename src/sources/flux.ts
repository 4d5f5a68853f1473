import { isRevision, type Report, type SyncState } from '../domain/report.ts';
import { type Kept, keep, type Shape } from './json.ts';
import { fieldOf, fieldsOf, messageOf, newestTimeMs, pathOf, timeOf } from './reading.ts';
import { normaliseRepository } from './repository.ts';
import type { Malformed, Received, SyncSource, Understood } from './source.ts';

const eventShape = {
  involvedObject: { kind: 'text', namespace: 'text', name: 'text', uid: 'text', apiVersion: 'text' },
  severity: 'text',
  timestamp: 'text',
  message: 'text',
  reason: 'text',
  metadata: {
    // Set by the Alert, which outranks what tenants write on their objects: never read under another key.
    cluster: 'text',
    environment: 'text',
    repository: 'text',
    // Old versions of Flux leave the prefix of the controller's keys and of annotations on.
    path: 'text',
    'event.toolkit.fluxcd.io/path': 'text',
    commit: 'text',
    'event.toolkit.fluxcd.io/commit': 'text',
    originRevision: 'text',
    'kustomize.toolkit.fluxcd.io/originRevision': 'text',
    revision: 'text',
    'kustomize.toolkit.fluxcd.io/revision': 'text',
  },
} as const satisfies Shape;

type FluxEvent = Kept<typeof eventShape>;

/** Flux's notification-controller, posting one event of one object over HTTPS with an HMAC signature. */
export const flux: SyncSource = {
  name: 'flux',
  summary: "Flux posts an event of a Kustomization (notification-controller's Provider of type generic-hmac)",
  fields: {
    cluster: 'cluster the event comes from, as the Alert says (eventMetadata.cluster)',
    environment: 'environment the Alert names (eventMetadata.environment)',
    namespace: 'namespace of the Flux Kustomization',
    kustomization: 'name of the Flux Kustomization',
    path: 'path the Kustomization applies, without ./ in front (annotation event.toolkit.fluxcd.io/path)',
  },
  event: undefined,
  successOnly: false,
  project: (payload) => keep(payload, eventShape),
  parse,
};

interface Kustomization {
  readonly cluster: string;
  readonly repository: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

function parse(received: Received): Understood {
  const event = keep(received.payload, eventShape);
  const { cluster } = event.metadata;
  if (cluster !== undefined && cluster !== received.instance) return otherCluster;
  const kind = event.involvedObject.kind;
  if (kind === undefined) return malformed('has no involvedObject.kind: it is not an event of Flux');
  if (kind !== 'Kustomization' || !isFluxGroup(event)) return { ignored: whyNotKind(kind, event.reason) };
  const object = identify(event);
  if ('malformed' in object) return object;
  const judged = judge(event);
  if (typeof judged === 'object') return judged;
  const revision = revisionOf(event);
  if (judged === 'healthy' && revision === undefined) return { ignored: noCommit };
  return { reports: [reportOf({ event, received, object, state: judged, revision })] };
}

function isFluxGroup({ involvedObject }: FluxEvent): boolean {
  return (
    involvedObject.apiVersion === undefined || involvedObject.apiVersion.startsWith('kustomize.toolkit.fluxcd.io/')
  );
}

function whyNotKind(kind: string, reason: string | undefined): string {
  switch (kind) {
    case 'HelmRelease':
      return `${whyNotHelm(reason)} Put it into a Kustomization with wait: true and send the events of that.`;
    case 'GitRepository':
    case 'OCIRepository':
    case 'HelmRepository':
    case 'HelmChart':
    case 'Bucket':
      return 'A source that has fetched something says nothing about what runs.';
    default:
      return 'Only events of a Flux Kustomization say that something was applied and is healthy.';
  }
}

function whyNotHelm(reason: string | undefined): string {
  if (reason === 'RollbackSucceeded')
    return 'A HelmRelease that was rolled back has failed, though it calls that a success.';
  if (reason?.endsWith('Failed') === true) return 'A HelmRelease that failed names a chart version, not a commit.';
  return 'A HelmRelease names a chart version, not a commit, and reports success before its tests have run.';
}

const noCommit =
  'The applied revision is not a Git commit. For an OCI artifact give flux push artifact --revision="main@sha1:<commit>", ' +
  'which Flux passes on as originRevision; a Bucket has no commit.';

const otherCluster: Malformed = {
  malformed: 'instance',
  reason:
    'The event names another cluster (metadata.cluster) than the one this key is for. ' +
    "Use the key of that cluster, or correct cluster in the Alert's eventMetadata.",
};

function identify({ involvedObject, metadata }: FluxEvent): Kustomization | Malformed {
  const cluster = fieldOf(metadata.cluster);
  const repository = normaliseRepository(metadata.repository ?? '');
  const namespace = fieldOf(involvedObject.namespace);
  const name = fieldOf(involvedObject.name);
  if (cluster === undefined) return malformed('has no metadata.cluster');
  if (repository === undefined) return malformed('has no metadata.repository of the form owner/name');
  if (namespace === undefined || name === undefined) return malformed('has no involvedObject.namespace or name');
  return { cluster, repository, namespace, name, uid: fieldOf(involvedObject.uid) ?? `${namespace}/${name}` };
}

function malformed(what: string): Malformed {
  const mend = 'Set cluster and repository under eventMetadata of the Alert, as docs/install/flux.yaml does.';
  return { malformed: 'shape', reason: `The body ${what}. ${mend}` };
}

/** Reasons that say nothing yet, though Flux sends some of them with the severity of a success. */
const undecidedReasons: ReadonlyMap<string, string> = new Map([
  ['Progressing', 'The Kustomization is still being applied, or its health is still being checked.'],
  ['DependencyNotReady', 'The Kustomization waits for another one: nothing was applied.'],
  ['HealthCheckCanceled', 'The health check was given up for a newer revision: it found out nothing.'],
]);

/** The state the event describes, or why it describes none. */
function judge({ severity, reason, message }: FluxEvent): SyncState | { readonly ignored: string } {
  const undecided = undecidedReasons.get(reason ?? '');
  if (undecided !== undefined) return { ignored: undecided };
  if (severity === 'error') return reason === 'HealthCheckFailed' ? 'degraded' : 'failed';
  const finished = message?.startsWith('Reconciliation finished') === true;
  if (severity === 'info' && reason === 'ReconciliationSucceeded' && finished) return 'healthy';
  return { ignored: 'Only a finished reconciliation (ReconciliationSucceeded) or an error is evidence.' };
}

/** The commit of the config repo: named outright, or the origin of an artifact, or the applied revision itself. */
function revisionOf({ metadata }: FluxEvent): string | undefined {
  const candidates = [
    metadata.commit ?? metadata['event.toolkit.fluxcd.io/commit'],
    metadata.originRevision ?? metadata['kustomize.toolkit.fluxcd.io/originRevision'],
    metadata.revision ?? metadata['kustomize.toolkit.fluxcd.io/revision'],
  ];
  // `main@sha1:<commit>`, `sha1:<commit>`, `<commit>`, and `main/<commit>` before Flux 2.0: the commit always comes last.
  const commits = candidates.map((text) => text?.split(/[:/@]/).at(-1));
  return commits.find((commit) => commit !== undefined && isRevision(commit));
}

interface ReportParts {
  readonly event: FluxEvent;
  readonly received: Received;
  readonly object: Kustomization;
  readonly state: SyncState;
  readonly revision: string | undefined;
}

function reportOf({ event, received, object, state, revision }: ReportParts): Report {
  const reason = fieldOf(event.reason) ?? 'unknown';
  return {
    source: 'flux',
    repository: object.repository,
    subject: `flux:${object.cluster}:${object.namespace}/${object.name}`,
    fields: fieldsOf({
      cluster: object.cluster,
      environment: fieldOf(event.metadata.environment),
      namespace: object.namespace,
      kustomization: object.name,
      path: pathOf(event.metadata.path ?? event.metadata['event.toolkit.fluxcd.io/path']),
    }),
    state,
    revision,
    operation: `flux:${object.cluster}:${object.uid}:${revision ?? 'none'}:${reason}`,
    observedAtMs: newestTimeMs([timeOf(event.timestamp)], received),
    healthySinceMs: undefined,
    message: messageOf([event.message], ''),
    link: undefined,
    successOnly: false,
    sender: undefined,
  };
}

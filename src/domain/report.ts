/**
 * The state a controller says a subject is in:
 * `healthy` = the operation succeeded and the subject is healthy at a known revision, the only state that proves anything;
 * `failed` = the operation failed; `degraded` = it runs badly; `progressing` = neither yet (also suspended, missing, unknown).
 */
export type SyncState = 'healthy' | 'failed' | 'degraded' | 'progressing';

export const sourceNames = [
  'argocd',
  'flux',
  'github-status',
  'github-deployment',
  'github-dispatch',
  'check-run',
] as const;
export type SourceName = (typeof sourceNames)[number];

/**
 * What a sync source understood of one payload about one subject (an Argo CD Application, a Flux Kustomization, a status
 * context). It becomes Syncs when the configuration says whose subject it is.
 */
export interface Report {
  readonly source: SourceName;
  /** `owner/name` in lower case, or `host/owner/name` where the payload names the host too. */
  readonly repository: string;
  /** Identity of the subject within the repo: the newest report of a subject replaces the one before. */
  readonly subject: string;
  /** What a recogniser can match on, by name, for instance `{ application: 'web-dev', instance: 'eu-west-1' }`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly state: SyncState;
  /** 40 hex digits of a commit of the config repo; undefined when the payload names none. */
  readonly revision: string | undefined;
  /** The operation's identity: the same again is the same sync and only renews its evidence. */
  readonly operation: string;
  /** Producer's time of the state, epoch milliseconds. Orders reports of one subject; arrival order does not. */
  readonly observedAtMs: number;
  /** When the state `healthy` began, epoch milliseconds; undefined when the source cannot tell. */
  readonly healthySinceMs: number | undefined;
  /** What the controller said, for people; from outside, so never shown unescaped. */
  readonly message: string;
  /** Page of the subject in the controller's user interface; https only. */
  readonly link: string | undefined;
  /** True for a source that can report success but no failure: its evidence cannot carry a soak. */
  readonly successOnly: boolean;
  /** GitHub login of who sent it, where it came through GitHub; undefined for the direct endpoints. */
  readonly sender: string | undefined;
}

/** Why a payload says nothing about syncs. Answered with success all the same: a refusal would be repeated for ever. */
export interface Ignored {
  readonly ignored: string;
}

const commitPattern = /^[0-9a-f]{40}$/;

/** Whether a text is a full commit id. Branch names, short ids, chart versions and OCI digests are not. */
export function isRevision(text: string): boolean {
  return commitPattern.test(text);
}

/** Characters of a revision a person is shown. */
const revisionCharactersShown = 7;

export function shortRevision(revision: string): string {
  return revision.slice(0, revisionCharactersShown);
}

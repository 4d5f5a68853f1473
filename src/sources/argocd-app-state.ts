import { isRevision } from '../domain/report.ts';
import type { Kept, Shape } from './json.ts';
import { pathOf } from './reading.ts';
import { normaliseRepository } from './repository.ts';

const sourceShape = {
  repoURL: 'text',
  path: 'text',
  chart: 'text',
  ref: 'text',
  revision: 'text',
} as const satisfies Shape;

/** All that is read of a body with the schema `argocd-app-state/v1`, which docs/install/argocd-notifications.yaml renders. */
export const appStateShape = {
  schema: 'text',
  argocd: { instance: 'text', url: 'text' },
  app: {
    name: 'text',
    namespace: 'text',
    uid: 'text',
    project: 'text',
    labels: { 'pawl.dev/environment': 'text', 'pawl.dev/target': 'text' },
  },
  operation: {
    phase: 'text',
    message: 'text',
    startedAt: 'text',
    finishedAt: 'text',
    dryRun: 'flag',
    partial: 'flag',
    sources: [sourceShape],
  },
  deployed: { id: 'number', deployedAt: 'text', sources: [sourceShape] },
  sync: { status: 'text', revision: 'text' },
  health: { status: 'text', message: 'text', lastTransitionTime: 'text' },
  hydrator: { drySHA: 'text', hydratedSHA: 'text', repoURL: 'text', path: 'text' },
} as const satisfies Shape;

export type AppState = Kept<typeof appStateShape>;

/** One Git repo an Application is made from, with the commit of it where that is known. */
export interface GitSource {
  readonly repository: string;
  readonly path: string | undefined;
  readonly revision: string | undefined;
  /** Tells apart several sources of one repo: empty when there is one only, else `#` and the path, the reference or the place. */
  readonly suffix: string;
}

/**
 * The Git sources of the last full sync (`deployed`) or of the last operation, each once. Charts and registries are left
 * out: their versions are not commits.
 */
export function gitSources(state: AppState, which: 'deployed' | 'operation'): readonly GitSource[] {
  const all = state[which].sources.flatMap((source, index) => {
    const found = (source.chart ?? '') === '' ? resolveSource(source, state) : undefined;
    if (found === undefined) return [];
    return [{ ...found, part: found.path ?? (source.ref === undefined ? String(index) : `$${source.ref}`) }];
  });
  return all.flatMap((source, index) => {
    const ofRepo = all.filter((other) => other.repository === source.repository);
    const alike = all
      .slice(0, index)
      .filter((other) => other.repository === source.repository && other.part === source.part);
    if (alike.some((other) => other.revision === source.revision)) return [];
    const { part, ...rest } = source;
    const place = alike.length === 0 ? '' : `@${index}`;
    return [{ ...rest, suffix: ofRepo.length === 1 ? '' : `#${part}${place}` }];
  });
}

type SentSource = AppState['deployed']['sources'][number];
type ResolvedSource = Omit<GitSource, 'suffix'>;

/**
 * With the source hydrator Argo CD syncs a branch of rendered manifests. People and Pawl edit the commit they were rendered
 * from, the dry one, so that is the revision and the repo to report.
 */
function resolveSource(source: SentSource, state: AppState): ResolvedSource | undefined {
  const { hydrator } = state;
  const hydrated = hydrator.drySHA !== undefined;
  const repository = normaliseRepository((hydrated ? hydrator.repoURL : undefined) ?? source.repoURL ?? '');
  if (repository === undefined) return undefined;
  const path = pathOf((hydrated ? hydrator.path : undefined) ?? source.path);
  const revision = hydrated ? dryRevision(source, state) : source.revision;
  return { repository, path, revision: revision !== undefined && isRevision(revision) ? revision : undefined };
}

/**
 * The dry commit is known for the last hydrated commit only. The source is at that one if it was synced, or if Argo CD has
 * compared the application with it since and found nothing to do.
 */
function dryRevision(source: SentSource, { hydrator, sync }: AppState): string | undefined {
  if (hydrator.hydratedSHA === undefined) return undefined;
  const comparedEqual = sync.status === 'Synced' && sync.revision === hydrator.hydratedSHA;
  return source.revision === hydrator.hydratedSHA || comparedEqual ? hydrator.drySHA : undefined;
}

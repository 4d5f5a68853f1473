import type { Report } from '../domain/report.ts';
import { appStateShape } from './argocd-app-state.ts';
import { argocdFields, understandAppState } from './argocd-report.ts';
import { githubShape, incomplete, repositoryOf, subjectBy } from './github-event.ts';
import { keep, type Shape } from './json.ts';
import { fieldOf } from './reading.ts';
import { isRepository } from './repository.ts';
import type { Received, SyncSource, Understood } from './source.ts';

const eventType = 'argocd-app-state';

const dispatchShape = {
  action: 'text',
  client_payload: { involvedObject: { kind: 'text' }, ...appStateShape },
  ...githubShape,
} as const satisfies Shape;

/** The state of an Argo CD Application sent through GitHub, for clusters that reach GitHub but not Pawl. */
export const githubDispatch: SyncSource = {
  name: 'github-dispatch',
  summary: `Argo CD sends the state of an Application through GitHub (repository_dispatch of type ${eventType})`,
  fields: argocdFields,
  event: 'repository_dispatch',
  successOnly: false,
  project: (payload) => keep(payload, dispatchShape),
  parse,
};

function parse(received: Received): Understood {
  const event = keep(received.payload, dispatchShape);
  const repository = repositoryOf(received);
  if (typeof repository !== 'string') return repository;
  if (event.action === undefined) return incomplete('repository_dispatch', 'event type');
  if (event.client_payload.involvedObject.kind !== undefined) return { ignored: fluxDispatch };
  if (event.action !== eventType)
    return { ignored: `The event type is not ${eventType}: it is meant for somebody else.` };
  const origin = { source: 'github-dispatch', received, sender: fieldOf(event.sender.login) } as const;
  const understood = understandAppState(event.client_payload, origin);
  if (!('reports' in understood)) return understood;
  const subjectOf = ({ subject }: Report) =>
    subjectBy('github-dispatch', origin.sender, subject.replace(/^argocd:/, ''));
  return keepOwn(
    understood.reports.map((report) => ({ ...report, subject: subjectOf(report) })),
    repository,
  );
}

const fluxDispatch =
  'Flux never sends the event of a success as a repository_dispatch. Use its Provider of type github or generic-hmac.';

/** Whoever may write to one repo must not speak for another: only sources in the repo of the event count. */
function keepOwn(reports: readonly Report[], repository: string): Understood {
  const own = reports.filter((report) => isRepository(report.repository, repository));
  if (own.length > 0) return { reports: own.map((report) => ({ ...report, repository })) };
  return { ignored: 'The Application is made from other repos than the one the event was sent to.' };
}

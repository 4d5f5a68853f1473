import { appStateShape } from './argocd-app-state.ts';
import { argocdFields, understandAppState } from './argocd-report.ts';
import { keep } from './json.ts';
import type { Received, SyncSource, Understood } from './source.ts';

/** Argo CD's notifications engine, posting the state of one Application over HTTPS. */
export const argocd: SyncSource = {
  name: 'argocd',
  summary: 'Argo CD posts the state of an Application (webhook of its notifications engine)',
  fields: argocdFields,
  event: undefined,
  successOnly: false,
  project: (payload) => keep(payload, appStateShape),
  parse,
};

function parse(received: Received): Understood {
  const state = keep(received.payload, appStateShape);
  const understood = understandAppState(state, { source: 'argocd', received, sender: undefined });
  if ('malformed' in understood || state.argocd.instance === received.instance) return understood;
  return {
    malformed: 'instance',
    reason:
      'The body names another Argo CD (argocd.instance) than the one this token is for. ' +
      'Use the token of that instance, or correct argocdInstance in its notifications context.',
  };
}

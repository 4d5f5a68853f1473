import { expect, test } from 'vitest';
import type { Delivery } from '../../src/ports/store.ts';
import { projectEvent } from '../../src/reconcile/deliveries.ts';
import { lineOf } from '../../src/reconcile/line-of.ts';
import { syncSources } from '../../src/sources/index.ts';
import { readSample } from '../contracts/sync-source.ts';

type Sent = Pick<Delivery, 'origin' | 'event' | 'payload'> & Partial<Delivery>;

function line(sent: Sent): string {
  return lineOf({ id: '1', bodyHash: 'x', receivedAtMs: 1, instance: undefined, ...sent });
}

const repository = { id: 7, name: 'GitOps-Config', full_name: 'Acme/GitOps-Config', owner: { login: 'Acme' } };
const installation = { id: 3, account: { login: 'Acme' } };
const sender = { login: 'erin', type: 'User' };
const push = {
  ref: 'refs/heads/main',
  before: 'b',
  after: 'a',
  repository: { ...repository, default_branch: 'main' },
  installation,
  sender,
};

/** An event of GitHub as the inbox keeps it. */
function event(name: string, payload: object): Sent {
  return { origin: 'github', event: name, payload: projectEvent(name, payload) };
}

function report(origin: 'argocd' | 'flux', sample: string, instance: string): Sent {
  return { origin, event: origin, instance, payload: syncSources[origin].project(readSample(origin, sample)) };
}

test.each<[string, Sent]>([
  ['a push', event('push', push)],
  ['a status', event('status', Object(readSample('github-status', 'argocd-healthy')))],
  ['a report of Flux', report('flux', 'kustomization-3-reconciliation-succeeded', 'staging-eu1')],
  ['a report of Argo CD', report('argocd', 'deployed', 'eu-west-1')],
])('%s is in the line of its repo', (_, sent) => {
  expect(sent.payload).toBeTypeOf('object');
  expect(line(sent)).toBe('acme/gitops-config');
});

test('what happens to an installation is one line', () => {
  const repositories = [{ id: 7, name: 'config', full_name: 'acme/config' }];
  const created = event('installation', { action: 'created', installation, repositories });
  const added = event('installation_repositories', {
    action: 'added',
    installation,
    repositories_added: repositories,
  });
  expect([line(created), line(added)]).toEqual(['installation 3', 'installation 3']);
});

test.each<[string, Sent, string]>([
  ['an event without a repo', { origin: 'github', event: 'push', payload: { ref: 'x' } }, 'github'],
  ['an event that is no object', { origin: 'github', event: 'push', payload: null }, 'github'],
  ['a report that cannot be understood', { origin: 'flux', event: 'flux', payload: { a: 1 } }, 'flux'],
])('%s waits with others of its kind', (_, sent, expected) => {
  expect(line(sent)).toBe(expected);
});

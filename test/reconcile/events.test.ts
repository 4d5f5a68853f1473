import { describe, expect, test } from 'vitest';
import { projectOwnEvent, readEvent } from '../../src/reconcile/events.ts';

const repository = {
  id: 7,
  name: 'config',
  full_name: 'acme/config',
  owner: { login: 'acme' },
  default_branch: 'main',
  private: true,
};
const base = { repository, installation: { id: 3 }, sender: { login: 'erin', type: 'User' } };
const commit = (given: { added?: string[]; modified?: string[]; removed?: string[] }) => ({
  added: [],
  modified: [],
  removed: [],
  id: 'x',
  ...given,
});
const push = {
  ...base,
  ref: 'refs/heads/main',
  before: 'b',
  after: 'a',
  forced: false,
  commits: [commit({ modified: ['x'] })],
};

function read(event: string, payload: unknown) {
  const kept = projectOwnEvent(event, payload);
  return kept === undefined ? undefined : readEvent(event, JSON.parse(JSON.stringify(kept)));
}

describe('a push', () => {
  test('to the default branch tells the net effect of its commits', () => {
    const commits = [
      commit({ added: ['x', 'y'] }),
      commit({ removed: ['x'], modified: ['z'] }),
      commit({ removed: ['w'] }),
      commit({ added: ['w'] }),
    ];
    expect(read('push', { ...push, commits })).toMatchObject({
      kind: 'pushed',
      repo: { id: 7, owner: 'acme', name: 'config', installationId: 3 },
      pushed: { before: 'b', after: 'a', paths: { written: ['y', 'z', 'w'], removed: ['x'] } },
    });
  });

  test.each([
    ['forced', { forced: true }],
    ['of very many commits', { commits: Array.from({ length: 2048 }, () => commit({})) }],
    [
      'of a commit with very many files',
      { commits: [commit({ added: Array.from({ length: 3000 }, (_, index) => `f${index}`) })] },
    ],
  ])('%s does not list everything it changed', (_, change) => {
    const happened = read('push', { ...push, ...change });
    expect(happened?.kind === 'pushed' ? happened.pushed.paths : 'none').toBeUndefined();
  });

  test('of a person to the side branch tells what may be decided differently now', () => {
    const commits = [commit({ modified: ['lanes/staging/web.json'], removed: ['x'] })];
    const state = { ...push, ref: 'refs/heads/pawl/state', commits };
    expect(read('push', state)).toMatchObject({ kind: 'decisions', paths: ['lanes/staging/web.json', 'x'] });
    expect(read('push', { ...state, forced: true })).toMatchObject({ kind: 'decisions', paths: undefined });
    expect(read('push', { ...state, sender: { login: 'pawl[bot]', type: 'Bot' } })).toBeUndefined();
  });

  test.each(['env/staging', 'feature', 'refs/heads/odd', 'promoted', 'pawl/stateful'])(
    'to the branch %s is kept: an environment may be on it',
    (branch) => {
      expect(read('push', { ...push, ref: `refs/heads/${branch}` })).toMatchObject({
        kind: 'pushed',
        pushed: { branch, isDefault: false, before: 'b', after: 'a', paths: { written: ['x'], removed: [] } },
      });
    },
  );

  test('that makes a branch does not list what is there', () => {
    const happened = read('push', { ...push, ref: 'refs/heads/env/dev', created: true, before: '0'.repeat(40) });
    expect(happened).toMatchObject({ kind: 'pushed', pushed: { branch: 'env/dev', paths: undefined } });
  });

  test.each([
    ["to a lane's branch", { ref: 'refs/heads/promote/staging/web' }],
    [
      "of the App to a lane's branch",
      { ref: 'refs/heads/promote/staging/web+2', sender: { login: 'p[bot]', type: 'Bot' } },
    ],
    ['of a tag', { ref: 'refs/tags/v1' }],
    ['of a tag that is called like a branch', { ref: 'refs/tags/env/staging' }],
    ['that deletes', { deleted: true }],
  ])('%s means nothing and is not kept', (_, change) => {
    expect(projectOwnEvent('push', { ...push, ...change })).toBeUndefined();
  });
});

describe('a pull request', () => {
  const event = {
    ...base,
    action: 'closed',
    pull_request: { number: 5, head: { ref: 'promote/staging/web' }, user: { login: 'pawl[bot]' }, body: 'x' },
  };

  test.each(['closed', 'reopened', 'synchronize', 'ready_for_review'])(
    'that a person %s may change a lane',
    (action) => {
      expect(read('pull_request', { ...event, action })).toMatchObject({
        kind: 'pull-request',
        event: { branch: 'promote/staging/web', cause: `erin: pull request #5 ${action}` },
      });
    },
  );

  test.each([
    [
      'a push of our own to a branch on which a person opened it',
      {
        action: 'synchronize',
        sender: { login: 'pawl[bot]', type: 'Bot' },
        pull_request: { ...event.pull_request, user: { login: 'erin' } },
      },
    ],
    ['an echo of what the App did', { sender: { login: 'pawl[bot]', type: 'Bot' } }],
    ['a new label', { action: 'labeled' }],
    ['a new text', { action: 'edited' }],
  ])('%s means nothing', (_, change) => {
    expect(projectOwnEvent('pull_request', { ...event, ...change })).toBeUndefined();
  });
});

describe('an installation', () => {
  const repositories = [{ id: 7, name: 'config', full_name: 'acme/config' }];
  const installation = { id: 3, account: { login: 'acme' } };

  test('brings repos', () => {
    expect(read('installation', { action: 'created', installation, repositories })).toEqual({
      kind: 'repos',
      added: [{ installationId: 3, id: 7, owner: 'acme', name: 'config' }],
      removed: [],
    });
  });

  test('that ends takes them away', () => {
    expect(read('installation', { action: 'deleted', installation, repositories })).toMatchObject({
      added: [],
      removed: [7],
    });
  });

  test('can change', () => {
    const change = { action: 'added', installation, repositories_added: [], repositories_removed: repositories };
    expect(read('installation_repositories', change)).toMatchObject({ added: [], removed: [7] });
  });
});

test('a repo that is renamed is known by its new name', () => {
  expect(read('repository', { ...base, action: 'renamed' })).toMatchObject({
    kind: 'repos',
    added: [{ name: 'config' }],
  });
});

test.each([
  ['push', {}],
  ['push', { ...push, repository: { id: 'seven' } }],
  ['pull_request', { action: 'closed' }],
  ['__proto__', push],
  ['constructor', push],
  ['issues', push],
])('%s with %j is nothing we know', (event, payload) => {
  expect(projectOwnEvent(event, payload)).toBeUndefined();
});

test('what is kept is small, whatever was sent', () => {
  const kept = JSON.stringify(
    projectOwnEvent('push', { ...push, commits: [{ ...commit({ modified: ['x'] }), message: 'm'.repeat(100_000) }] }),
  );
  expect(kept.length).toBeLessThan(600);
});

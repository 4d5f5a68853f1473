import { describe, expect, test } from 'vitest';
import type { GraphqlRequest } from '../../src/github/client.ts';
import type { Fault } from '../../src/github/errors.ts';
import { lookBack } from '../../src/github/look-back.ts';
import type { GitHubContext } from '../../src/github/memory.ts';
import { observe } from '../../src/github/observe.ts';
import { readRepository } from '../../src/github/repository.ts';
import { readConfig, sweep } from '../../src/github/sweep.ts';
import { variableList } from '../../src/github/variables.ts';
import type { ObserveQuery } from '../../src/ports/git-host.ts';
import { answering, bareRepo, hostErrorOf, repo, schemaFaults } from './stage.ts';

const oid = 'a'.repeat(40);
const bare = bareRepo();

const lane = { application: 'web', environment: 'staging' };
const nothing: ObserveQuery = { revisions: [], paths: [], folders: [], lanes: [] };
const laneQuery = { lane, paths: ['a.yaml', 'b".yaml'], statePath: 'staging/web.json' };

const queries: Readonly<Record<string, ObserveQuery>> = {
  nothing,
  'files and folders': { ...nothing, paths: ['a.yaml'], folders: ['apps'] },
  'folders only': { ...nothing, folders: ['apps'] },
  'a revision': { ...nothing, revisions: [{ revision: oid, paths: ['a.yaml'], folders: ['apps'] }] },
  'a revision without files': { ...nothing, revisions: [{ revision: oid, paths: [], folders: [] }] },
  'a lane': { ...nothing, lanes: [laneQuery] },
  'a lane without files': { ...nothing, lanes: [{ ...laneQuery, paths: [] }] },
  everything: {
    revisions: [{ revision: oid, paths: ['a.yaml'], folders: ['apps'] }],
    paths: ['a.yaml'],
    folders: ['apps'],
    lanes: [laneQuery, { ...laneQuery, lane: { ...lane, environment: 'prod' } }],
  },
};

/** The same of another branch than the default one. */
const branchQueries: readonly (readonly [string, ObserveQuery])[] = Object.entries(queries).map(([name, query]) => [
  `${name} of a branch`,
  { ...query, branch: 'env/staging' },
]);

/** The documents a call sends, whatever becomes of their answers. */
async function documentsOf(call: (context: GitHubContext) => Promise<unknown>): Promise<readonly GraphqlRequest[]> {
  const { client, context } = answering(bare);
  await call(context).catch(() => undefined);
  return client.sent;
}

const write = {
  branch: 'promote/staging/web',
  base: { branch: 'main', head: oid },
  expected: undefined,
  files: { 'a.yaml': 'tag: v2\n' },
  commit: { headline: 'h', body: 'b' },
  pullRequest: { existing: undefined, title: 't', body: 'b', draft: false },
};

describe("every read is what GitHub's published schema allows", () => {
  test.each<[string, (context: GitHubContext) => Promise<unknown>]>([
    ...[...Object.entries(queries), ...branchQueries]
      .map(([name, query]) => [`observe ${name}`, (context: GitHubContext) => observe(context, repo, query)] as const)
      .map(([name, call]): [string, (context: GitHubContext) => Promise<unknown>] => [name, call]),
    ['sweep', (context) => sweep(context, repo)],
    ['sweep with branches', (context) => sweep(context, repo, ['env/dev', 'env/staging'])],
    ['read the configuration', (context) => readConfig(context, repo)],
    ['look back', (context) => lookBack(context, repo, write)],
  ])('%s', async (_, call) => {
    const sent = await documentsOf(call);
    expect(sent.length).toBeGreaterThan(0);
    for (const request of sent) expect(schemaFaults(request)).toEqual([]);
  });
});

test('names, branches and paths are not in the document', async () => {
  const query = { ...nothing, ...queries['everything'], branch: 'env/staging' };
  const [sent] = await documentsOf((context) => observe(context, repo, query));
  for (const text of ['acme', 'config,', 'promote/', 'a.yaml', 'b"', 'staging', 'env/'])
    expect(sent?.document).not.toContain(text);
});

const selections = { repository: '', branch: '', head: '', defaultHead: '', fragments: [] };

function read(data: Readonly<Record<string, unknown>>, faults: readonly Fault[] = []) {
  return readRepository(answering(data, faults).context, repo, { variables: variableList(), selections });
}

describe('faults of single fields', () => {
  const missing = { type: 'NOT_FOUND', message: 'Could not resolve to a Ref' };

  test.each<[string, Fault]>([
    ['something is not there', { ...missing, path: ['repository', 'object'] }],
    [
      'a comparison failed',
      { type: 'INTERNAL', message: 'timeout', path: ['repository', 'defaultBranchRef', 'maybeC0'] },
    ],
  ])('%s: read as null', async (_, fault) => {
    expect(await read(bare, [fault])).toMatchObject({ app: 'pawl', head: oid, defaultBranch: 'main' });
  });

  test.each<[string, Fault, string]>([
    [
      'a file could not be read in time',
      { type: 'INTERNAL', message: 'timeout', path: ['repository', 'f0'] },
      'unreachable',
    ],
    [
      'a permission is missing',
      { type: 'FORBIDDEN', message: 'Resource not accessible by integration', path: ['repository', 'open'] },
      'forbidden',
    ],
    ['it is not said what failed', { type: undefined, message: 'Something went wrong', path: [] }, 'unreachable'],
    ['the repo itself', { ...missing, path: ['repository'] }, 'moved'],
  ])('%s: nothing is read', async (_, fault, kind) => {
    expect((await hostErrorOf(read(bare, [fault]))).kind).toBe(kind);
  });
});

test.each([
  ['without a repo', { ...bare, repository: null }, 'unreachable'],
  ['without an id', { ...bare, repository: { ...bare.repository, id: undefined } }, 'unreachable'],
  [
    'without a head',
    { ...bare, repository: { ...bare.repository, defaultBranchRef: { name: 'main', target: {} } } },
    'unreachable',
  ],
  ['of a repo without commits', { ...bare, repository: { ...bare.repository, defaultBranchRef: null } }, 'gone'],
  ['of another repo', { ...bare, repository: { ...bare.repository, databaseId: 43 } }, 'gone'],
])('an answer %s', async (_, data, kind) => {
  expect((await hostErrorOf(read(data))).kind).toBe(kind);
});

test('a renamed repo is written to under its new name', async () => {
  const { context } = answering({ ...bare, repository: { ...bare.repository, nameWithOwner: 'acme/renamed' } });
  await readRepository(context, repo, { variables: variableList(), selections });
  expect(context.memory.ids.get('42')).toEqual({ nodeId: 'R_1', fullName: 'acme/renamed' });
  expect(context.memory.rootTrees.get(`42 ${oid}`)).toBe(oid);
});

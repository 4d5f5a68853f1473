import nock from 'nock';
import { afterEach, expect, test } from 'vitest';
import { newCommit } from '../../src/github/new-commit.ts';
import { apiUrl, hostErrorOf, playToken, repo, setStage } from './stage.ts';

const parent = 'a'.repeat(40);
const wanted = { parent, files: { 'a.yaml': 'tag: v2\n' }, message: 'Promote' };
const git = '/repos/acme/config/git';

afterEach(() => {
  const unused = nock.pendingMocks();
  nock.cleanAll();
  expect(unused).toEqual([]);
});

const entry = { path: 'a.yaml', content: 'tag: v2\n', mode: '100644', type: 'blob' };

test('stands on the tree of its parent and names no author, so that GitHub signs it', async () => {
  const stage = setStage();
  playToken();
  nock(apiUrl)
    .get(`${git}/commits/${parent}`)
    .reply(200, { sha: parent, tree: { sha: 'base-tree' } });
  nock(apiUrl)
    .post(`${git}/trees`, { tree: [entry], base_tree: 'base-tree' })
    .reply(201, { sha: 'tree' });
  nock(apiUrl)
    .post(`${git}/commits`, { message: 'Promote', tree: 'tree', parents: [parent] })
    .reply(201, { sha: 'commit' });
  expect(await newCommit(stage.context, repo, wanted)).toBe('commit');
});

test('the tree of a head that was read need not be asked for', async () => {
  const stage = setStage();
  stage.context.memory.rootTrees.set(`42 ${parent}`, 'known-tree', 1);
  playToken();
  nock(apiUrl)
    .post(`${git}/trees`, { tree: [entry], base_tree: 'known-tree' })
    .reply(201, { sha: 'tree' });
  nock(apiUrl).post(`${git}/commits`).reply(201, { sha: 'commit' });
  expect(await newCommit(stage.context, repo, wanted)).toBe('commit');
});

test('without a parent it starts a history of its own', async () => {
  const stage = setStage();
  playToken();
  nock(apiUrl)
    .post(`${git}/trees`, { tree: [entry] })
    .reply(201, { sha: 'tree' });
  nock(apiUrl).post(`${git}/commits`, { message: 'Promote', tree: 'tree', parents: [] }).reply(201, { sha: 'commit' });
  expect(await newCommit(stage.context, repo, { ...wanted, parent: undefined })).toBe('commit');
});

test('what fails on the way is not sent again', async () => {
  const stage = setStage();
  playToken();
  nock(apiUrl).post(`${git}/trees`).reply(502, 'oops');
  expect((await hostErrorOf(newCommit(stage.context, repo, { ...wanted, parent: undefined }))).kind).toBe(
    'unreachable',
  );
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { account } from './accounts.ts';
import { type Fields, inner, isFields } from './fields.ts';
import { LocalGitHub } from './local-github.ts';
import { makeWorld } from './make-world.ts';
import { describedOperations } from './openapi.ts';
import type { AppHandle } from './people.ts';
import { type Route, Router } from './rest.ts';
import { appRoutes } from './rest-apps.ts';
import { checkRoutes } from './rest-checks.ts';
import { gitRoutes } from './rest-git.ts';
import { pullRoutes } from './rest-pulls.ts';
import { openScope } from './scope.ts';
import { type Stage, stage } from './stage.ts';

const permissions = {
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'write',
  deployments: 'write',
} as const;

test('each operation described has a route', () => {
  const routes = [...appRoutes, ...checkRoutes, ...gitRoutes, ...pullRoutes].map(
    (route) => `${route.method} ${route.path}`,
  );
  expect(routes.sort()).toEqual([...describedOperations()].sort());
});

test('an answer that is not as described is this server’s mistake, said and remembered', () => {
  const world = makeWorld({}, 'nowhere');
  const scope = openScope(world, { kind: 'person', account: account(world, 'alex', 'User') });
  const wrong: Route = {
    method: 'GET',
    path: '/app',
    query: [],
    body: [],
    run: () => ({ status: 200, body: { id: 'seven' } }),
  };
  expect(new Router([wrong]).answer(scope, { method: 'GET', url: '/app', body: undefined }).status).toBe(500);
  expect(world.violations).toEqual([expect.stringContaining('GET /app 200: ')]);
  expect(world.violations[0]).toContain('/id must be integer');
});

describe('the REST API, its answers checked against GitHub’s description', () => {
  let github: LocalGitHub;
  let app: AppHandle;
  let on: Stage;

  beforeAll(async () => {
    github = await LocalGitHub.start();
    app = github.createApp({ slug: 'pawl', permissions, events: [], webhookSecret: 'a secret' });
  });
  afterAll(async () => {
    expect(github.violations).toEqual([]);
    await github.stop();
  });
  beforeEach(async () => {
    on = await stage(github, app);
  });

  /** Sends a request to the repo and answers the body; any other status is a failure. */
  const ask = async (status: number, method: string, path: string, body?: unknown): Promise<Fields> => {
    const answer = await on.bot.rest(method, `/repos/${on.repo}${path}`, body);
    expect({ status: answer.status, body: answer.body }).toEqual({ status, body: answer.body });
    return isFields(answer.body) ? answer.body : { list: answer.body };
  };

  test('a commit is made of blobs and trees, with modes, links and deletions', async () => {
    const head = github.head(on.repo, 'main') ?? '';
    const blob = await ask(201, 'POST', '/git/blobs', {
      content: Buffer.from('a\n').toString('base64'),
      encoding: 'base64',
    });
    const tree = await ask(201, 'POST', '/git/trees', {
      base_tree: head,
      tree: [
        { path: 'new/a.txt', mode: '100644', type: 'blob', sha: blob['sha'] },
        { path: 'run.sh', mode: '100755', type: 'blob', content: '#!/bin/sh\n' },
        { path: 'link', mode: '120000', type: 'blob', content: 'dev' },
        { path: 'prod/web.yaml', mode: '100644', type: 'blob', sha: null },
      ],
    });
    const commit = await ask(201, 'POST', '/git/commits', { message: 'By hand', tree: tree['sha'], parents: [head] });
    expect(commit).toMatchObject({ author: { name: 'pawl[bot]' }, verification: { verified: true } });
    await ask(201, 'POST', '/git/refs', { ref: 'refs/heads/by-hand', sha: commit['sha'] });
    expect(github.files(on.repo, 'by-hand')).toEqual(['dev/web.yaml', 'link', 'new/a.txt', 'run.sh']);
    const all = await ask(200, 'GET', `/git/trees/by-hand?recursive=1`);
    expect(all).toMatchObject({ truncated: false });
    expect(JSON.stringify(all['tree'])).toContain('"path":"link","mode":"120000","type":"blob"');
    expect(JSON.stringify(all['tree'])).toContain('"path":"new","mode":"040000","type":"tree"');
    expect(await ask(200, 'GET', `/git/commits/${commit['sha']}`)).toMatchObject({ message: 'By hand' });
    expect(await ask(200, 'GET', `/git/blobs/${blob['sha']}`)).toMatchObject({
      content: 'YQo=',
      encoding: 'base64',
      size: 2,
    });
  });

  test('a tree with too many entries is cut and says so', async () => {
    github.settings.treeEntriesMax = 3;
    const cut = await ask(200, 'GET', '/git/trees/main?recursive=1');
    expect(cut).toMatchObject({ truncated: true });
    expect(cut['tree']).toHaveLength(3);
    github.settings.treeEntriesMax = 4;
    expect(await ask(200, 'GET', '/git/trees/main?recursive=1')).toMatchObject({ truncated: false });
    github.settings.treeEntriesMax = 100_000;
  });

  test('refs are made once, moved forward, moved by force and deleted', async () => {
    const head = github.head(on.repo, 'main') ?? '';
    const next = github.commit(on.repo, { files: { 'a.txt': 'a\n' } });
    await ask(201, 'POST', '/git/refs', { ref: 'refs/heads/pawl/state', sha: next });
    expect(await ask(422, 'POST', '/git/refs', { ref: 'refs/heads/pawl/state', sha: next })).toMatchObject({
      message: 'Reference already exists',
    });
    expect(await ask(422, 'POST', '/git/refs', { ref: 'refs/heads/x', sha: 'f'.repeat(40) })).toMatchObject({
      message: 'Object does not exist',
    });
    expect(await ask(200, 'GET', '/git/ref/heads/pawl/state')).toMatchObject({ object: { sha: next } });
    expect(await ask(422, 'PATCH', '/git/refs/heads/pawl/state', { sha: head })).toMatchObject({
      message: 'Update is not a fast forward',
    });
    await ask(200, 'PATCH', '/git/refs/heads/pawl/state', { sha: head, force: true });
    expect(github.head(on.repo, 'pawl/state')).toBe(head);
    await ask(204, 'DELETE', '/git/refs/heads/pawl/state');
    await ask(404, 'GET', '/git/ref/heads/pawl/state');
    expect(await ask(422, 'DELETE', '/git/refs/heads/pawl/state')).toMatchObject({
      message: 'Reference does not exist',
    });
  });

  test('files, folders and links are read by path', async () => {
    github.commit(on.repo, { files: { link: { text: 'dev', mode: '120000' } } });
    expect(await ask(200, 'GET', '/contents/dev/web.yaml')).toMatchObject({
      type: 'file',
      content: 'dGFnOiB2Mgo=',
      encoding: 'base64',
    });
    expect(await ask(200, 'GET', '/contents/link?ref=main')).toMatchObject({ type: 'symlink', target: 'dev' });
    expect(await ask(200, 'GET', '/contents/dev')).toMatchObject({ list: [{ type: 'file', path: 'dev/web.yaml' }] });
    await ask(404, 'GET', '/contents/nowhere');
  });

  test('a pull request is opened, edited, found, closed and merged', async () => {
    github.createBranch(on.repo, 'x');
    github.commit(on.repo, { branch: 'x', files: { 'prod/web.yaml': 'tag: v2\n' } });
    const open = { title: 'Promote web', head: 'x', base: 'main', body: 'Why', draft: false };
    expect(await ask(201, 'POST', '/pulls', open)).toMatchObject({
      number: 1,
      user: { login: 'pawl[bot]', type: 'Bot' },
    });
    expect(await ask(422, 'POST', '/pulls', open)).toMatchObject({
      errors: [{ message: 'A pull request already exists for acme:x.' }],
    });
    expect(await ask(422, 'POST', '/pulls', { title: 'No base' })).toMatchObject({
      message: expect.stringContaining("required property 'base'"),
    });
    expect(await ask(200, 'GET', '/pulls?head=acme:x&base=main')).toMatchObject({
      list: [{ number: 1, head: { ref: 'x' } }],
    });
    expect(await ask(200, 'GET', '/pulls?head=acme:y')).toEqual({ list: [] });
    expect(await ask(200, 'PATCH', '/pulls/1', { title: 'Better', state: 'closed' })).toMatchObject({
      title: 'Better',
      state: 'closed',
    });
    expect(await ask(200, 'GET', '/pulls?state=closed')).toMatchObject({ list: [{ number: 1 }] });
    expect(await ask(200, 'PATCH', '/pulls/1', { state: 'open' })).toMatchObject({
      state: 'open',
      changed_files: 1,
      commits: 1,
    });
    expect(await ask(409, 'PUT', '/pulls/1/merge', { sha: github.head(on.repo, 'main') })).toMatchObject({
      message: expect.stringContaining('modified'),
    });
    const merged = await ask(200, 'PUT', '/pulls/1/merge', { sha: github.head(on.repo, 'x'), merge_method: 'squash' });
    expect(merged).toMatchObject({ merged: true, sha: github.head(on.repo, 'main') });
    await ask(405, 'PUT', '/pulls/1/merge', {});
    await ask(404, 'GET', '/pulls/2');
  });

  test('comments, reactions, labels and reviews', async () => {
    await on.promote('x');
    const comment = await ask(201, 'POST', '/issues/1/comments', { body: 'On hold.' });
    expect(comment).toMatchObject({ user: { login: 'pawl[bot]' }, performed_via_github_app: { slug: 'pawl' } });
    expect(await ask(200, 'PATCH', `/issues/comments/${comment['id']}`, { body: 'Moving on.' })).toMatchObject({
      body: 'Moving on.',
    });
    await ask(201, 'POST', `/issues/comments/${comment['id']}/reactions`, { content: 'eyes' });
    await ask(200, 'POST', `/issues/comments/${comment['id']}/reactions`, { content: 'eyes' });
    expect(await ask(200, 'GET', `/issues/comments/${comment['id']}`)).toMatchObject({
      reactions: { eyes: 1, total_count: 1 },
    });
    expect(await ask(200, 'GET', '/issues/1/comments')).toMatchObject({ list: [{ body: 'Moving on.' }] });
    const others = github.comment(on.repo, 1, { body: 'A person wrote this' });
    await ask(403, 'PATCH', `/issues/comments/${others}`, { body: 'not any more' });
    expect(await ask(200, 'POST', '/issues/1/labels', { labels: ['promotion', 'web'] })).toMatchObject({
      list: [{ name: 'promotion' }, { name: 'web' }],
    });
    expect(await ask(200, 'DELETE', '/issues/1/labels/web')).toMatchObject({ list: [{ name: 'promotion' }] });
    await ask(404, 'DELETE', '/issues/1/labels/web');
    expect(await ask(200, 'GET', '/issues/1/labels')).toMatchObject({ list: [{ name: 'promotion' }] });
    expect(await ask(422, 'POST', '/pulls/1/reviews', { event: 'APPROVE' })).toMatchObject({
      message: 'Unprocessable Entity',
    });
    expect(await ask(200, 'POST', '/pulls/1/reviews', { event: 'COMMENT', body: 'Fine' })).toMatchObject({
      state: 'COMMENTED',
    });
    expect(await ask(200, 'GET', '/pulls/1/reviews')).toMatchObject({ list: [{ body: 'Fine' }] });
  });

  test('checks, statuses, deployments and dispatches', async () => {
    const sha = github.head(on.repo, 'main');
    const output = { title: 'Waiting', summary: 'For the soak.' };
    const run = await ask(201, 'POST', '/check-runs', {
      name: 'promotion/gate',
      head_sha: sha,
      status: 'in_progress',
      output,
    });
    expect(run).toMatchObject({ app: { slug: 'pawl' }, conclusion: null });
    expect(await ask(200, 'PATCH', `/check-runs/${run['id']}`, { conclusion: 'success' })).toMatchObject({
      status: 'completed',
      conclusion: 'success',
    });
    await ask(201, 'POST', '/check-runs', { name: 'promotion/gate', head_sha: sha, conclusion: 'failure' });
    const listed = await ask(200, 'GET', `/commits/main/check-runs?check_name=${encodeURIComponent('promotion/gate')}`);
    expect(listed).toMatchObject({ total_count: 1, check_runs: [{ conclusion: 'failure' }] });
    expect(github.checkRuns(on.repo, 'main')).toMatchObject([
      { name: 'promotion/gate', conclusion: 'failure', app: 'pawl' },
    ]);
    const actions = Array.from({ length: 4 }, () => ({ label: 'Go', description: 'Go on', identifier: 'go' }));
    await ask(422, 'POST', '/check-runs', { name: 'x', head_sha: sha, actions });
    expect(await ask(201, 'POST', `/statuses/${sha}`, { state: 'success', context: 'argocd/web' })).toMatchObject({
      context: 'argocd/web',
    });
    expect(github.statuses(on.repo, 'main')).toMatchObject([{ state: 'success', context: 'argocd/web' }]);
    const deployment = await ask(201, 'POST', '/deployments', {
      ref: 'main',
      environment: 'dev',
      auto_merge: false,
      required_contexts: [],
    });
    const status = await ask(201, 'POST', `/deployments/${deployment['id']}/statuses`, {
      state: 'success',
      environment_url: 'https://web.example.com',
    });
    expect(status).toMatchObject({ state: 'success', environment: 'dev' });
    await ask(204, 'POST', '/dispatches', { event_type: 'synced', client_payload: { application: 'web' } });
    await ask(422, 'POST', '/dispatches', { event_type: 'x'.repeat(101) });
  });

  test('long lists come in pages, and what is not honoured is refused', async () => {
    await on.promote('x');
    for (const body of ['one', 'two', 'three']) github.comment(on.repo, 1, { body });
    const first = await on.bot.rest('GET', `/repos/${on.repo}/issues/1/comments?per_page=2`);
    expect(first.body).toMatchObject([{ body: 'one' }, { body: 'two' }]);
    expect(first.headers.get('link')).toMatch(/[?&]page=2>; rel="next", <.*[?&]page=2>; rel="last"/);
    expect(await ask(200, 'GET', '/issues/1/comments?per_page=2&page=2')).toMatchObject({ list: [{ body: 'three' }] });
    await ask(422, 'GET', '/issues/1/comments?per_page=many');
    await ask(501, 'GET', '/issues/1/comments?since=2026-01-01T00:00:00Z');
    await ask(501, 'PATCH', '/pulls/1', { maintainer_can_modify: true });
    const raw = await on.bot.rest('GET', `/repos/${on.repo}/contents/dev/web.yaml`, undefined, {
      accept: 'application/vnd.github.raw+json',
    });
    expect(raw.status).toBe(501);
    expect(github.violations).toHaveLength(3);
    github.forgetViolations();
    expect(inner(await ask(200, 'GET', ''), 'owner')).toMatchObject({ login: 'acme' });
    await ask(404, 'GET', '/actions/runs');
  });
});

import nock from 'nock';
import { Probot } from 'probot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTokenOctokit, PawlOctokit } from '../../src/github/octokit.ts';
import { apiUrl } from './stage.ts';

beforeEach(() => nock.disableNetConnect());

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const octokit = createTokenOctokit({ apiUrl, timeoutMs: 1000 }, 'ghs_token');

test('many reads go out at once: nothing holds them back', async () => {
  nock(apiUrl)
    .post('/graphql')
    .times(20)
    .reply(200, { data: { viewer: { login: 'pawl[bot]' } } });
  const startMs = performance.now();
  await Promise.all(Array.from({ length: 20 }, () => octokit.graphql('query { viewer { login } }')));
  // Probot's own would take a second for each.
  expect(performance.now() - startMs).toBeLessThan(5000);
});

test.each([409, 500, 502])('a write answered %i is not sent again', async (status) => {
  const scope = nock(apiUrl).post('/repos/acme/config/issues/1/comments').reply(status, { message: 'no' });
  nock(apiUrl).post('/repos/acme/config/issues/1/comments').reply(201, { id: 1 });
  const write = octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    owner: 'acme',
    repo: 'config',
    issue_number: 1,
    body: 'once',
  });
  await expect(write).rejects.toMatchObject({ status });
  expect(scope.isDone()).toBe(true);
  expect(nock.pendingMocks()).toHaveLength(1);
});

test('Probot takes it, and what it makes of it keeps these ways', async () => {
  nock(apiUrl, { reqheaders: { 'user-agent': /^pawl\//, 'x-github-api-version': '2022-11-28' } })
    .get('/repos/acme/config')
    .reply(502, 'oops');
  nock(apiUrl).get('/repos/acme/config').reply(200, { id: 42 });
  const probot = new Probot({
    githubToken: 'ghs_token',
    secret: 's'.repeat(32),
    Octokit: PawlOctokit,
    baseUrl: apiUrl,
  });
  const asked = await probot.auth();
  const read = asked.request('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'config' });
  await expect(read).rejects.toMatchObject({ status: 502 });
  expect(nock.pendingMocks()).toHaveLength(1);
});

import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRepo, listRepos } from '../../src/github/repos.ts';
import { aConfigRepo, type ConfigRepo } from './config-repo.ts';
import { apiUrl, hostErrorOf, playToken, setStage } from './stage.ts';

describe('on the local GitHub', () => {
  let at: ConfigRepo;

  beforeEach(async () => {
    at = await aConfigRepo();
  });

  afterEach(async () => {
    expect(at.github.violations).toEqual([]);
    await at.github.stop();
  });

  test('a repo is found by its name, however it is spelled, and then known', async () => {
    const mark = at.github.mark();
    expect(await at.host.findRepo('Acme/Config')).toEqual(at.repo);
    expect(at.github.countSince(mark)).toBe(2);
    expect(await at.host.findRepo('acme/config')).toEqual(at.repo);
    expect(at.github.countSince(mark)).toBe(2);
  });

  test('a repo without the App is not found, and not asked for again at once', async () => {
    at.github.createRepo({ owner: 'acme', name: 'other', files: { a: 'a' } });
    const mark = at.github.mark();
    for (const name of ['acme/other', 'acme/other', 'nobody/nothing'])
      expect(await at.host.findRepo(name)).toBeUndefined();
    expect(at.github.countSince(mark)).toBe(2);
  });

  test('every repo of every installation', async () => {
    at.github.createRepo({ owner: 'acme', name: 'more', files: { a: 'a' } });
    at.github.createRepo({ owner: 'umbrella', name: 'config', files: { a: 'a' } });
    at.github.install(at.app, 'acme', ['more']);
    at.github.install(at.app, 'umbrella', ['config']);
    const repos = await at.restarted().listRepos();
    expect(repos.map(({ owner, name }) => `${owner}/${name}`)).toEqual(['acme/config', 'acme/more', 'umbrella/config']);
    expect(repos[0]).toEqual(at.repo);
  });

  test('a repo that was listed need not be looked for', async () => {
    await at.host.listRepos();
    expect(await at.cost(() => at.host.findRepo('acme/config'))).toBe(0);
  });
});

describe('odd answers', () => {
  beforeEach(() => nock.disableNetConnect());

  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });

  const config = { id: 42, name: 'config', owner: { login: 'acme' } };

  test.each(['', 'acme', 'acme/config/x', '../config', 'acme/con fig', 'acme/config?x=1'])(
    'the name %j is not even asked for',
    async (name) => {
      expect(await findRepo(setStage().context, name)).toBeUndefined();
    },
  );

  test('a name that was not found is asked for again after a minute', async () => {
    const stage = setStage();
    nock(apiUrl).get('/repos/acme/config/installation').reply(404, { message: 'Not Found' });
    expect(await findRepo(stage.context, 'acme/config')).toBeUndefined();
    stage.clock.advance(60_000);
    nock(apiUrl).get('/repos/acme/config/installation').reply(200, { id: 7 });
    playToken();
    nock(apiUrl).get('/repos/acme/config').reply(200, config);
    expect(await findRepo(stage.context, 'acme/config')).toEqual({
      installationId: 7,
      id: 42,
      owner: 'acme',
      name: 'config',
    });
  });

  test('a failure is not taken for "not found"', async () => {
    const stage = setStage();
    nock(apiUrl).get('/repos/acme/config/installation').twice().reply(500, 'oops');
    expect((await hostErrorOf(findRepo(stage.context, 'acme/config'))).kind).toBe('unreachable');
    nock(apiUrl).get('/repos/acme/config/installation').reply(200, { id: 7, suspended_at: '2026-01-01T00:00:00Z' });
    expect(await findRepo(stage.context, 'acme/config')).toBeUndefined();
  });

  test('pages are read to the last; what is suspended or was just taken away is left out', async () => {
    const stage = setStage();
    const page = (from: number, count: number, more: object = {}) =>
      Array.from({ length: count }, (_, index) => ({ ...config, id: from + index, ...more }));
    const suspended = { suspended_at: '2026-01-01T00:00:00Z' };
    nock(apiUrl)
      .get('/app/installations?per_page=100&page=1')
      .reply(200, page(100, 100, suspended));
    nock(apiUrl)
      .get('/app/installations?per_page=100&page=2')
      .reply(200, [{ id: 7 }, { id: 8 }]);
    playToken();
    nock(apiUrl)
      .get('/installation/repositories?per_page=100&page=1')
      .reply(200, { repositories: page(1, 100) });
    nock(apiUrl)
      .get('/installation/repositories?per_page=100&page=2')
      .reply(200, { repositories: page(101, 3) });
    nock(apiUrl).post('/app/installations/8/access_tokens').reply(404, { message: 'Not Found' });
    const repos = await listRepos(stage.context);
    expect(repos).toHaveLength(103);
    expect(new Set(repos.map(({ installationId }) => installationId))).toEqual(new Set([7]));
    expect(stage.logged.join()).toContain('cannot be listed');
  });

  test('a failure of GitHub is no shorter list', async () => {
    const stage = setStage();
    nock(apiUrl)
      .get('/app/installations?per_page=100&page=1')
      .reply(200, [{ id: 7 }]);
    playToken();
    nock(apiUrl).get('/installation/repositories?per_page=100&page=1').reply(200, { total_count: 1 });
    expect((await hostErrorOf(listRepos(stage.context))).kind).toBe('unreachable');
  });
});

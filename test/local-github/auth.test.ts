import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appToken, client, installationToken, type JwtOptions } from './client.ts';
import { LocalGitHub } from './local-github.ts';
import type { AppHandle } from './people.ts';

const hourMs = 3_600_000;

describe('who may do what', () => {
  let github: LocalGitHub;
  let pawl: AppHandle;
  let other: AppHandle;
  let installation: number;
  let nowMs = Date.parse('2026-03-01T12:00:00Z');

  beforeAll(async () => {
    github = await LocalGitHub.start({ now: () => nowMs });
    const permissions = { contents: 'write', pull_requests: 'write', checks: 'read' } as const;
    pawl = github.createApp({ slug: 'pawl', permissions, events: [], webhookSecret: 'a secret' });
    other = github.createApp({
      slug: 'other',
      permissions: { contents: 'read' },
      events: [],
      webhookSecret: 'a secret',
    });
    for (const name of ['config', 'second', 'elsewhere'])
      github.createRepo({ owner: 'acme', name, files: { 'a.txt': 'a\n' } });
    installation = github.install(pawl, 'acme', ['config', 'second']);
    github.install(other, 'acme', ['config']);
  });
  afterAll(async () => {
    expect(github.violations).toEqual([]);
    await github.stop();
  });

  const asApp = (options: JwtOptions = {}) => client(github, appToken(pawl, { issuedAtMs: nowMs, ...options }));
  const asBot = async (narrowing: object = {}) =>
    client(github, await installationToken(github, pawl, { installation, issuedAtMs: nowMs, ...narrowing }));

  test('an App signs for itself', async () => {
    expect(await asApp().rest('GET', '/app')).toMatchObject({ status: 200, body: { slug: 'pawl', id: pawl.id } });
    expect(await asApp({ issuer: `${pawl.id}` }).rest('GET', '/app')).toMatchObject({ status: 200 });
    const found = await asApp().rest('GET', '/repos/acme/config/installation');
    expect(found).toMatchObject({
      status: 200,
      body: { id: installation, app_slug: 'pawl', permissions: { contents: 'write' } },
    });
    expect(await asApp().rest('GET', '/repos/acme/elsewhere/installation')).toMatchObject({ status: 404 });
    expect(await asApp().rest('GET', '/app/installations')).toMatchObject({
      status: 200,
      body: [{ id: installation }],
    });
    expect(await asApp().rest('GET', `/app/installations/${installation}`)).toMatchObject({
      body: { account: { login: 'acme' } },
    });
  });

  test.each<[string, () => JwtOptions, number, string]>([
    ['the key of another App', () => ({ key: other.privateKeyPem }), 401, 'A JSON web token could not be decoded'],
    ['an unknown App', () => ({ issuer: 1 }), 404, 'Integration not found'],
    [
      'the past',
      () => ({ issuedAtMs: nowMs - hourMs }),
      401,
      "'Expiration time' claim ('exp') must be a numeric value",
    ],
    ['the future', () => ({ issuedAtMs: nowMs + hourMs }), 401, "'Issued at' claim ('iat') must be an Integer"],
    [
      'too long a life',
      () => ({ lifetimeSeconds: 3_600 }),
      401,
      "'Expiration time' claim ('exp') is too far in the future",
    ],
  ])('a token with %s is refused', async (_title, options, status, message) => {
    const answer = await asApp(options()).rest('GET', '/app');
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
  });

  test('unknown tokens are nobody, and an App’s own token is not for repos', async () => {
    expect(await client(github, 'ghs_unknown').rest('GET', '/repos/acme/config')).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    });
    expect(await client(github, undefined).rest('GET', '/repos/acme/config')).toMatchObject({
      status: 401,
      body: { message: 'Requires authentication' },
    });
    expect(await asApp().rest('GET', '/repos/acme/config')).toMatchObject({ status: 404 });
    await expect(asApp().graphql('{ viewer { login } }')).rejects.toThrow('401');
  });

  test('a token lives an hour by the server’s clock and ends with its installation', async () => {
    const bot = await asBot();
    nowMs += hourMs - 1;
    expect(await bot.rest('GET', '/repos/acme/config')).toMatchObject({
      status: 200,
      body: { full_name: 'acme/config' },
    });
    nowMs += 1;
    expect(await bot.rest('GET', '/repos/acme/config')).toMatchObject({ status: 401 });
    github.createRepo({ owner: 'umbrella', name: 'config', files: { a: 'a' } });
    const short = github.install(pawl, 'umbrella', ['config']);
    const guest = client(github, await installationToken(github, pawl, { installation: short, issuedAtMs: nowMs }));
    expect(await guest.rest('GET', '/repos/umbrella/config')).toMatchObject({ status: 200 });
    github.uninstall(pawl, 'umbrella');
    expect(await guest.rest('GET', '/repos/umbrella/config')).toMatchObject({ status: 401 });
  });

  test('what an installation may not see does not exist', async () => {
    const bot = await asBot();
    expect(await bot.rest('GET', '/repos/acme/elsewhere')).toMatchObject({ status: 404 });
    const { data, errors } = await bot.graphql('{ repository(owner: "acme", name: "elsewhere") { id } }');
    expect(data).toEqual({ repository: null });
    expect(errors).toEqual(["repository: NOT_FOUND Could not resolve to a Repository with the name 'acme/elsewhere'."]);
    expect(await bot.rest('GET', '/installation/repositories')).toMatchObject({ body: { total_count: 2 } });
  });

  test('a token can be made for less: fewer permissions, fewer repos', async () => {
    const reader = await asBot({ permissions: { contents: 'read' } });
    expect(await reader.rest('GET', '/repos/acme/config/git/ref/heads/main')).toMatchObject({ status: 200 });
    const refused = { status: 403, body: { message: 'Resource not accessible by integration' } };
    const oid = github.head('acme/config', 'main');
    expect(await reader.rest('POST', '/repos/acme/config/git/refs', { ref: 'refs/heads/x', sha: oid })).toMatchObject(
      refused,
    );
    expect(await reader.rest('GET', '/repos/acme/config/pulls')).toMatchObject(refused);
    const { data, errors } = await reader.graphql(
      '{ repository(owner: "acme", name: "config") { id pullRequests(first: 1) { totalCount } } }',
    );
    expect(errors).toEqual(['repository.pullRequests: FORBIDDEN Resource not accessible by integration']);
    expect(data).toEqual({ repository: null });
    const second = github.createRepo({ owner: 'acme', name: 'third', files: { a: 'a' } }).id;
    await expect(asBot({ repository_ids: [second] })).rejects.toThrow('422');
    await expect(asBot({ permissions: { checks: 'write' } })).rejects.toThrow('422');
    const one = await asBot({ repositories: ['second'] });
    expect(await one.rest('GET', '/repos/acme/second')).toMatchObject({ status: 200 });
    expect(await one.rest('GET', '/repos/acme/config')).toMatchObject({ status: 404 });
  });

  test('a permission the App does not have is refused', async () => {
    const bot = await asBot();
    const run = { name: 'gate', head_sha: github.head('acme/config', 'main') };
    expect(await bot.rest('POST', '/repos/acme/config/check-runs', run)).toMatchObject({ status: 403 });
    expect(await bot.rest('POST', '/repos/acme/config/dispatches', { event_type: 'x' })).toMatchObject({ status: 204 });
    expect(() => github.dispatch('acme/config', 'x', { by: other })).toThrow('Resource not accessible by integration');
    expect(() => github.commit('acme/elsewhere', { files: { b: 'b' }, by: other })).toThrow('not installed');
  });

  test('people act within their role, and a role can be asked for', async () => {
    const [reader, stranger] = [
      github.person('rita', { role: 'read', repos: ['acme/config'] }),
      github.person('sam', { role: 'none' }),
    ];
    github.person('mark', { role: 'maintain', repos: ['acme/config'] });
    const oid = github.head('acme/config', 'main');
    const refs = ['POST', '/repos/acme/config/git/refs', { ref: 'refs/heads/y', sha: oid }] as const;
    expect(await client(github, reader.token).rest(...refs)).toMatchObject({ status: 403 });
    expect(await client(github, stranger.token).rest(...refs)).toMatchObject({ status: 404 });
    expect(() => github.commit('acme/config', { files: { b: 'b' }, by: reader })).toThrow(
      'rita does not have the right',
    );
    const role = async (login: string) =>
      (await (await asBot()).rest('GET', `/repos/acme/config/collaborators/${login}/permission`)).body;
    expect(await role('rita')).toMatchObject({ permission: 'read', role_name: 'read' });
    expect(await role('mark')).toMatchObject({ permission: 'write', role_name: 'maintain' });
    expect(await role('sam')).toMatchObject({ permission: 'none' });
    expect(await (await asBot()).rest('GET', '/repos/acme/config/collaborators/nobody/permission')).toMatchObject({
      status: 404,
    });
  });

  test('everybody may read a public repo, nobody may write to an archived one', async () => {
    github.createRepo({ owner: 'acme', name: 'open', files: { a: 'a' }, private: false });
    const sam = client(github, github.person('sam', { role: 'none' }).token);
    expect(await sam.rest('GET', '/repos/acme/open')).toMatchObject({ status: 200, body: { private: false } });
    github.archive('acme/open');
    expect(() => github.commit('acme/open', { files: { a: 'b' } })).toThrow('Repository was archived so is read-only.');
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiUrl, hostErrorOf, playToken, repo, type Stage, setStage } from './stage.ts';

beforeEach(() => nock.disableNetConnect());

afterEach(() => {
  const unused = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(unused).toEqual([]);
});

const query = 'query { viewer { login } }';
const viewer = { data: { viewer: { login: 'pawl[bot]' } } };

function ask({ client }: Stage) {
  return client.graphql(repo.installationId, 'read', { document: query, variables: {} });
}

function change({ client }: Stage) {
  return client.graphql(repo.installationId, 'write', { document: 'mutation { x }', variables: {} });
}

function readRepo({ client }: Stage) {
  return client.rest(repo.installationId, 'read', (octokit) =>
    octokit.request('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'config' }),
  );
}

describe('tokens', () => {
  test('one token serves every request of an installation for 59 minutes', async () => {
    const stage = setStage();
    playToken('ghs_first');
    nock(apiUrl, { reqheaders: { authorization: 'token ghs_first' } })
      .post('/graphql')
      .twice()
      .reply(200, viewer);
    await ask(stage);
    stage.clock.advance(58 * 60_000);
    await ask(stage);
    stage.clock.advance(60_000);
    playToken('ghs_second');
    nock(apiUrl, { reqheaders: { authorization: 'token ghs_second' } })
      .post('/graphql')
      .reply(200, viewer);
    expect((await ask(stage)).data).toEqual(viewer.data);
  });

  test('requests at the same time wait for one token', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).post('/graphql').times(3).reply(200, viewer);
    await Promise.all([ask(stage), ask(stage), ask(stage)]);
  });

  test('a token asks for no more than is needed, and says which version of the interface it speaks', async () => {
    const stage = setStage();
    nock(apiUrl, {
      reqheaders: {
        authorization: /^bearer ey/i,
        'x-github-api-version': '2022-11-28',
        'user-agent': /^pawl\/\d/,
      },
    })
      .post('/app/installations/7/access_tokens', {
        permissions: { contents: 'write', pull_requests: 'write', checks: 'write', metadata: 'read' },
      })
      .reply(201, { token: 'ghs_first' });
    nock(apiUrl).post('/graphql').reply(200, viewer);
    await ask(stage);
  });

  test('an installation without one of the permissions gets a token for what it has', async () => {
    const stage = setStage();
    const refusal = { message: 'The permissions requested are not granted to this installation.' };
    nock(apiUrl)
      .post('/app/installations/7/access_tokens', /permissions/)
      .reply(422, refusal);
    playToken();
    nock(apiUrl).post('/graphql').reply(200, viewer);
    await ask(stage);
    expect(stage.logged.join()).toContain('has not been granted every permission');
  });

  test('a token that is no longer accepted is replaced once', async () => {
    const stage = setStage();
    playToken('ghs_first');
    nock(apiUrl).post('/graphql').reply(200, viewer);
    await ask(stage);
    stage.clock.advance(60_000);
    nock(apiUrl).post('/graphql').reply(401, { message: 'Bad credentials' });
    playToken('ghs_second');
    nock(apiUrl, { reqheaders: { authorization: 'token ghs_second' } })
      .post('/graphql')
      .reply(200, viewer);
    expect((await ask(stage)).data).toEqual(viewer.data);
  });

  test('a key that GitHub does not accept is said to be refused, without a second try', async () => {
    const stage = setStage();
    nock(apiUrl)
      .post('/app/installations/7/access_tokens')
      .reply(401, { message: 'A JSON web token could not be decoded' });
    const error = await hostErrorOf(ask(stage));
    expect(error.kind).toBe('forbidden');
    expect(error.message).toContain('JSON web token');
  });

  test('an installation that was taken away or suspended is gone', async () => {
    for (const [status, message] of [
      [404, 'Not Found'],
      [403, 'This installation has been suspended'],
    ] as const) {
      const stage = setStage();
      nock(apiUrl).post('/app/installations/7/access_tokens').reply(status, { message });
      expect((await hostErrorOf(ask(stage))).kind).toBe('gone');
    }
  });

  test('a request for a token is tried again after a failure', async () => {
    const stage = setStage();
    nock(apiUrl).post('/app/installations/7/access_tokens').reply(500, 'oops');
    playToken();
    nock(apiUrl).post('/graphql').reply(200, viewer);
    expect((await ask(stage)).data).toEqual(viewer.data);
  });
});

describe("GitHub's servers learn of a new token one after the other", () => {
  test('404 is asked again for some seconds, then believed', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).get('/repos/acme/config').times(2).reply(404, { message: 'Not Found' });
    nock(apiUrl).get('/repos/acme/config').reply(200, { id: 42 });
    expect((await readRepo(stage)).data.id).toBe(42);
    expect(stage.waits).toEqual([500, 1000]);
    stage.clock.advance(30_000);
    nock(apiUrl).get('/repos/acme/config').reply(404, { message: 'Not Found' });
    expect((await hostErrorOf(readRepo(stage))).kind).toBe('gone');
    expect(stage.waits).toEqual([500, 1000]);
  });

  test('the waits end before the token is half a minute old', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).get('/repos/acme/config').times(7).reply(404, { message: 'Not Found' });
    expect((await hostErrorOf(readRepo(stage))).kind).toBe('gone');
    expect(stage.waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(30_000);
  });

  test('so is 401', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).post('/graphql').reply(401, { message: 'Bad credentials' });
    nock(apiUrl).post('/graphql').reply(200, viewer);
    await change(stage);
    expect(stage.waits).toEqual([500]);
  });

  test('and a repo that GraphQL does not find', async () => {
    const stage = setStage();
    playToken();
    const message = "Could not resolve to a Repository with the name 'acme/config'.";
    nock(apiUrl)
      .post('/graphql')
      .reply(200, { data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'], message }] });
    nock(apiUrl).post('/graphql').reply(200, viewer);
    expect((await ask(stage)).data).toEqual(viewer.data);
  });
});

describe('limits', () => {
  test.each([
    {
      name: 'primary, REST',
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.parse('2026-03-01T12:20:00Z') / 1000) },
      message: 'API rate limit exceeded for installation ID 7.',
      until: '2026-03-01T12:20:00Z',
    },
    {
      name: 'secondary, with a wait',
      status: 403,
      headers: { 'retry-after': '120' },
      message: 'You have exceeded a secondary rate limit.',
      until: '2026-03-01T12:02:00Z',
    },
    {
      name: 'secondary, without a wait',
      status: 403,
      headers: { 'x-ratelimit-remaining': '4000' },
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      until: '2026-03-01T12:01:00Z',
    },
    { name: '429', status: 429, headers: {}, message: 'Too many requests', until: '2026-03-01T12:01:00Z' },
    {
      name: 'a reset years away',
      status: 429,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' },
      message: 'API rate limit exceeded',
      until: '2026-03-01T13:05:00Z',
    },
  ])('$name: says until when, and asks nothing until then', async ({ status, headers, message, until }) => {
    const stage = setStage();
    playToken();
    nock(apiUrl).get('/repos/acme/config').reply(status, { message }, headers);
    const error = await hostErrorOf(readRepo(stage));
    expect(error.kind).toBe('limited');
    expect(new Date(error.untilMs ?? 0).toISOString()).toBe(new Date(until).toISOString());
    expect((await hostErrorOf(readRepo(stage))).untilMs).toBe(error.untilMs);
    stage.clock.advance((error.untilMs ?? 0) - stage.clock.now());
    playToken();
    nock(apiUrl).get('/repos/acme/config').optionally().reply(200, { id: 42 });
    await readRepo(stage);
    nock.cleanAll();
  });

  test('GraphQL says it with status 200', async () => {
    const stage = setStage();
    playToken();
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2026-03-01T12:30:00Z') / 1000),
    };
    const errors = [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for installation ID 7.' }];
    nock(apiUrl).post('/graphql').reply(200, { errors }, headers);
    const error = await hostErrorOf(ask(stage));
    expect(error.kind).toBe('limited');
    expect(error.untilMs).toBe(Date.parse('2026-03-01T12:30:00Z'));
  });

  test('the primary limit of GraphQL leaves REST alone', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl)
      .post('/graphql')
      .reply(200, { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] });
    await hostErrorOf(ask(stage));
    nock(apiUrl).get('/repos/acme/config').reply(200, { id: 42 });
    expect((await readRepo(stage)).data.id).toBe(42);
  });

  test('the secondary limit counts both', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl)
      .post('/graphql')
      .reply(403, { message: 'You have exceeded a secondary rate limit.' }, { 'retry-after': '60' });
    expect((await hostErrorOf(ask(stage))).kind).toBe('limited');
    expect((await hostErrorOf(readRepo(stage))).kind).toBe('limited');
  });
});

describe('faults on the way', () => {
  test('a read is asked once more', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).post('/graphql').reply(502, '<html><body>Unicorn!</body></html>', { 'content-type': 'text/html' });
    nock(apiUrl).post('/graphql').reply(200, viewer);
    expect((await ask(stage)).data).toEqual(viewer.data);
    expect(stage.waits).toEqual([500]);
  });

  test('and not twice', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).get('/repos/acme/config').times(2).reply(503, 'busy');
    expect((await hostErrorOf(readRepo(stage))).kind).toBe('unreachable');
  });

  test('a write is sent once, since it may have had its effect', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).post('/graphql').reply(502, '<html></html>', { 'content-type': 'text/html' });
    const error = await hostErrorOf(change(stage));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toBe('GitHub answered 502');
  });

  test('a connection that breaks', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).post('/graphql').replyWithError('socket hang up');
    const error = await hostErrorOf(change(stage));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('socket hang up');
  });

  test('no answer in time', async () => {
    nock.enableNetConnect('127.0.0.1');
    const server = createServer((request, response) => {
      if (request.url?.endsWith('/access_tokens'))
        response.writeHead(201, { 'content-type': 'application/json' }).end('{"token":"ghs_first"}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const stage = setStage({ timeoutMs: 50, apiUrl: `http://127.0.0.1:${port}` });
    expect((await hostErrorOf(change(stage))).kind).toBe('unreachable');
    server.closeAllConnections();
    server.close();
  });

  test('an answer that stops half-way', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl).post('/graphql').reply(200, '{"data":{"viewer":{"log', { 'content-type': 'application/json' });
    expect((await hostErrorOf(change(stage))).kind).toBe('unreachable');
  });

  test.each([
    ['a page of HTML with status 200', '<html>Sign in to the network</html>', 'text/html'],
    ['nothing', '', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a list', '[]', 'application/json'],
    ['errors of another shape', '{"errors":"no"}', 'application/json'],
    ['neither data nor errors', '{}', 'application/json'],
  ])('%s is no answer', async (_, body, type) => {
    const stage = setStage();
    playToken();
    nock(apiUrl).post('/graphql').reply(200, body, { 'content-type': type });
    expect((await hostErrorOf(change(stage))).kind).toBe('unreachable');
  });

  test('an answer without bounds is cut off', async () => {
    const stage = setStage();
    playToken();
    const megabyte = Buffer.alloc(1024 * 1024, 0x20);
    nock(apiUrl)
      .post('/graphql')
      .reply(200, () => Buffer.concat(Array.from({ length: 66 }, () => megabyte)), {
        'content-type': 'application/json',
      });
    expect((await hostErrorOf(change(stage))).kind).toBe('unreachable');
  });
});

describe('GraphQL', () => {
  test('a document that did half of its work gives back what it did and what failed', async () => {
    const stage = setStage();
    playToken();
    const errors = [
      { type: 'STALE_DATA', path: ['commit'], message: 'Expected branch to point to "a" but it did not.' },
    ];
    nock(apiUrl)
      .post('/graphql')
      .reply(200, { data: { branch: { ok: true }, commit: null }, errors });
    const answer = await change(stage);
    expect(answer.data).toEqual({ branch: { ok: true }, commit: null });
    expect(answer.faults).toEqual(errors);
  });

  test('a document that did nothing throws what GitHub says', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl)
      .post('/graphql')
      .reply(200, { errors: [{ message: "Field 'x' doesn't exist on type 'Mutation'" }] });
    const error = await hostErrorOf(change(stage));
    expect(error.kind).toBe('refused');
    expect(error.message).toContain("Field 'x' doesn't exist");
  });

  test('texts from outside travel as variables', async () => {
    const stage = setStage();
    playToken();
    nock(apiUrl)
      .post('/graphql', { query, variables: { v0: 'a"b}' } })
      .reply(200, viewer);
    await stage.client.graphql(repo.installationId, 'read', { document: query, variables: { v0: 'a"b}' } });
  });

  test('GitHub Enterprise Server has it beside REST', async () => {
    const enterprise = 'https://github.corp.test';
    const stage = setStage({ apiUrl: `${enterprise}/api/v3` });
    nock(enterprise).post('/api/v3/app/installations/7/access_tokens').reply(201, { token: 'ghs_first' });
    nock(enterprise).post('/api/graphql').reply(200, viewer);
    expect((await ask(stage)).data).toEqual(viewer.data);
  });
});

test('neither tokens nor bodies are logged', async () => {
  const stage = setStage();
  playToken('ghs_secret');
  nock(apiUrl).post('/graphql').reply(502, 'a body', { 'content-type': 'text/plain' });
  nock(apiUrl).post('/graphql').reply(403, { message: 'Resource not accessible by integration' });
  const error = await hostErrorOf(
    stage.client.graphql(repo.installationId, 'read', { document: query, variables: { v0: 'private text' } }),
  );
  expect(error.kind).toBe('forbidden');
  expect([...stage.logged, error.message].join()).not.toMatch(/ghs_secret|a body|private text/);
});

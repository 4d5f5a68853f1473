import { rmSync } from 'node:fs';
import { request as startRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { frontLimits } from '../../src/http/front.ts';
import { openStore } from '../../src/store/index.ts';
import { scratchFolder } from '../store/scratch-folder.ts';
import { ask, type FrontUnderTest, post, postGithub, secrets, sendRaw, sign, startFront } from './front-under-test.ts';

let running: FrontUnderTest | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(...options: Parameters<typeof startFront>): Promise<FrontUnderTest> {
  running = await startFront(...options);
  return running;
}

const push = '{"ref":"refs/heads/main","after":"c0ffee"}';

describe('a webhook of GitHub', () => {
  test('is in the inbox when it is answered, and the loop is woken', async () => {
    const { port, store, wakes } = await start();
    const answer = await postGithub(port, push);
    expect(answer).toMatchObject({ status: 202, body: { status: 'recorded' } });
    expect(wakes()).toBe(1);
    expect((await store.inbox.take(1_000, 1))[0]).toStrictEqual({
      key: 1,
      attempts: 0,
      delivery: {
        id: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        origin: 'github',
        event: 'push',
        line: 'github',
        bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        receivedAtMs: 1_000,
        instance: undefined,
        payload: { ref: 'refs/heads/main', after: 'c0ffee' },
      },
    });
  });

  test('may be signed with the secret before the present one', async () => {
    const { port } = await start();
    expect(await postGithub(port, push, { 'x-hub-signature-256': sign(push, secrets.github[1]) })).toMatchObject({
      status: 202,
    });
  });

  const good = sign(push, secrets.github[0]);
  test.each([
    ['none', undefined],
    ['empty', ''],
    ['short', good.slice(0, -2)],
    ['of odd length', good.slice(0, -1)],
    ['long', `${good}00`],
    ['not hexadecimal', `${good.slice(0, -1)}g`],
    ['in capitals', `sha256=${good.slice(7).toUpperCase()}`],
    ['of another algorithm', good.replace('sha256', 'sha1')],
    ['without its algorithm', good.slice(7)],
    ['of another body', sign('{}', secrets.github[0])],
    ['with another secret', sign(push, 'development')],
    ['with no secret', sign(push, '')],
  ])('with a signature that is %s is refused with 401, and nothing of it is kept or said', async (_what, signature) => {
    const { port, store, logged } = await start();
    const answer = await postGithub(port, push, { 'x-hub-signature-256': signature });
    expect(answer).toMatchObject({ status: 401, body: { error: 'The signature does not fit.' } });
    expect(await store.inbox.waiting()).toBe(0);
    expect(`${JSON.stringify(answer)} ${logged.join()}`).not.toMatch(/c0ffee|refs\/heads|[0-9a-f]{64}/);
  });

  test('with two signatures is refused with 401, even if both fit', async () => {
    const { port } = await start();
    const head = `POST /api/github/webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: 1\r\nContent-Length: ${push.length}\r\nConnection: close\r\n`;
    const signature = `X-Hub-Signature-256: ${good}\r\n`;
    expect(await sendRaw(port, `${head}${signature}\r\n${push}`)).toMatch(/^HTTP\/1\.1 202 /);
    expect(await sendRaw(port, `${head}${signature}${signature}\r\n${push}`)).toMatch(/^HTTP\/1\.1 401 /);
  });

  test.each([
    ['none', undefined],
    ['a form', 'application/x-www-form-urlencoded'],
    ['text', 'text/plain; application/json'],
    ['JSON in another character set', 'application/json; charset=utf-16'],
  ])('with the content type %s is refused with 415', async (_what, type) => {
    const { port } = await start();
    expect(await postGithub(port, push, { 'content-type': type })).toMatchObject({ status: 415 });
  });

  test.each(['application/json', 'Application/JSON;charset=UTF-8', 'application/json; charset="utf-8"'])(
    'with the content type %s is taken',
    async (type) => {
      const { port } = await start();
      expect(await postGithub(port, push, { 'content-type': type })).toMatchObject({ status: 202 });
    },
  );

  test.each(['gzip', 'br', 'identity'])('with the content encoding %s is refused with 415', async (encoding) => {
    const { port } = await start();
    expect(await postGithub(port, push, { 'content-encoding': encoding })).toMatchObject({ status: 415 });
  });

  test.each([
    ['no event', { 'x-github-event': undefined }],
    ['an event named __proto__', { 'x-github-event': '__proto__' }],
    ['an event in capitals', { 'x-github-event': 'PUSH' }],
    ['two events', { 'x-github-event': 'push, status' }],
    ['an event with a very long name', { 'x-github-event': 'a'.repeat(65) }],
    ['no delivery id', { 'x-github-delivery': undefined }],
    ['an odd delivery id', { 'x-github-delivery': 'x/../y' }],
    ['two delivery ids', { 'x-github-delivery': 'a, b' }],
  ] as const)('with %s is refused with 400', async (_what, headers) => {
    const { port, store } = await start();
    const answer = await postGithub(port, push, headers);
    expect(answer.status).toBe(400);
    expect(await store.inbox.waiting()).toBe(0);
  });

  test.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"x"'],
    ['a list', '[]'],
    ['what is not JSON', '{"a":"b"c"}'],
    ['half of it', '{"a":'],
    ['5,000 levels', `${'[{"a":'.repeat(2_500)}1${'}]'.repeat(2_500)}`],
    ['a million keys', `{${Array.from({ length: 1_000_000 }, (_, index) => `"${index}":1`).join()}}`],
  ])('whose body is %s is refused with 400, without its text', async (_what, body) => {
    const { port, store, logged } = await start();
    const answer = await postGithub(port, body);
    expect(answer.status).toBe(400);
    expect(await store.inbox.waiting()).toBe(0);
    expect(`${JSON.stringify(answer.body)} ${logged.join()}`).not.toContain('"b"c');
  });

  test('with the same key twice is taken with the last one', async () => {
    const { port, store } = await start();
    await postGithub(port, '{"after":"one","after":"two"}');
    expect((await store.inbox.take(1_000, 1))[0]?.delivery.payload).toEqual({ after: 'two' });
  });

  test('with what cannot be stored everywhere is taken, that replaced', async () => {
    const { port, store } = await start();
    const body = Buffer.concat([
      Buffer.from('{"a":"x\\u0000y","b":"\\ud800!","c":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    expect(await postGithub(port, body)).toMatchObject({ status: 202 });
    expect((await store.inbox.take(1_000, 1))[0]?.delivery.payload).toEqual({
      a: 'x\ufffdy',
      b: '\ufffd!',
      c: '\ufffd',
    });
  });

  test('of an event that nothing acts on is taken without a trace', async () => {
    const { port, store, wakes } = await start();
    expect(await postGithub(port, push, { 'x-github-event': 'ping' })).toMatchObject({
      status: 202,
      body: { status: 'ignored', reason: 'Nothing here acts on this event.' },
    });
    expect(await store.inbox.waiting()).toBe(0);
    expect(wakes()).toBe(0);
  });

  test('sent again is known; with its id on another body it is new, and that is logged', async () => {
    const { port, store, logged, wakes } = await start();
    await postGithub(port, push);
    expect(await postGithub(port, push)).toMatchObject({ status: 202, body: { status: 'known' } });
    expect(await store.inbox.waiting()).toBe(1);
    expect(wakes()).toBe(1);
    expect(await postGithub(port, '{"after":"other"}')).toMatchObject({ status: 202, body: { status: 'recorded' } });
    expect(await store.inbox.waiting()).toBe(2);
    expect(logged.join('\n')).toContain('has the id of an earlier one but another body');
  });

  test('with a query string is refused with 400, and the query is not logged', async () => {
    const { port, logged } = await start();
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': good };
    const answer = await post(port, '/api/github/webhooks?token=s3cr3t', push, headers);
    expect(answer).toMatchObject({ status: 400, body: { error: 'Nothing is read from the query string.' } });
    expect(`${JSON.stringify(answer)} ${logged.join()}`).not.toContain('s3cr3t');
  });
});

describe('a report of Argo CD', () => {
  const report = '{"application":"web","noise":"x"}';
  const send = (port: number, body: string, authorization: string | undefined) =>
    post(port, '/ingest/argocd', body, { 'content-type': 'application/json', authorization });

  test.each([
    ['Bearer argocd-token-eu', 'eu-west-1'],
    ['bearer argocd-token-us-old', 'us-east-1'],
    ['Bearer argocd-token-us-new', 'us-east-1'],
  ])('with %s is recorded as from %s', async (authorization, instance) => {
    const { port, store } = await start();
    expect(await send(port, report, authorization)).toMatchObject({ status: 202, body: { status: 'recorded' } });
    expect((await store.inbox.take(1_000, 1))[0]?.delivery).toMatchObject({
      id: 'report-1',
      origin: 'argocd',
      event: 'argocd',
      instance,
      payload: { application: 'web' },
    });
  });

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer argocd-token',
    'Bearer argocd-token-eu2',
    'Bearer flux-secret-staging',
    'Basic argocd-token-eu',
    'argocd-token-eu',
  ])('with the authorization %s is refused with 401', async (authorization) => {
    const { port, store, logged } = await start();
    const answer = await send(port, report, authorization);
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(await store.inbox.waiting()).toBe(0);
    expect(`${JSON.stringify(answer)} ${logged.join()}`).not.toContain('argocd-token');
  });

  test('with the token in the query string is refused with 400', async () => {
    const { port } = await start();
    const headers = { 'content-type': 'application/json', authorization: 'Bearer argocd-token-eu' };
    expect(await post(port, '/ingest/argocd?token=argocd-token-eu', report, headers)).toMatchObject({ status: 400 });
  });

  test('broken by a quote in a message is refused with 400 and told how to mend the template', async () => {
    const { port } = await start();
    expect(await send(port, '{"message":"say "hello""}', 'Bearer argocd-token-eu')).toMatchObject({
      status: 400,
      body: {
        error: 'The body is not valid JSON (line 1 column 18).',
        mend: 'Print every value of the notification template with toJson, so that quotes in it are escaped.',
      },
    });
  });

  test.each([
    [
      'that cannot be understood',
      '{}',
      400,
      { error: 'It names no application.', mend: 'Compare the notification with the one in the documentation.' },
    ],
    [
      'for another instance',
      '{"application":"web","instance":"us-east-1"}',
      403,
      { error: 'It speaks for another instance.', mend: expect.stringContaining('its own secret') },
    ],
    ['that is of no use', '{"ignore":true}', 202, { status: 'ignored', reason: 'It is a preview.' }],
  ])('%s is answered at once and not recorded', async (_what, body, status, said) => {
    const { port, store } = await start();
    expect(await send(port, body, 'Bearer argocd-token-eu')).toMatchObject({ status, body: said });
    expect(await store.inbox.waiting()).toBe(0);
  });

  test('said twice word for word is recorded twice', async () => {
    const { port, store } = await start();
    await send(port, report, 'Bearer argocd-token-eu');
    expect(await send(port, report, 'Bearer argocd-token-eu')).toMatchObject({ body: { status: 'recorded' } });
    expect(await store.inbox.waiting()).toBe(2);
  });

  test('has a smaller limit than a webhook', async () => {
    const { port } = await start({ limits: { reportBytesMax: 50 } });
    const large = JSON.stringify({ application: 'x'.repeat(50) });
    expect(await send(port, large, 'Bearer argocd-token-eu')).toMatchObject({ status: 413 });
    expect(await postGithub(port, large)).toMatchObject({ status: 202 });
  });
});

describe('a report of Flux', () => {
  const report = '{"application":"w\\u003ceb"}';
  const send = (port: number, body: string, signature: string | undefined) =>
    post(port, '/ingest/flux', body, { 'content-type': 'application/json', 'x-signature': signature });

  test.each(secrets.flux)('signed with the secret of $name is recorded as from there', async ({ name, secret }) => {
    const { port, store } = await start();
    expect(await send(port, report, sign(report, secret))).toMatchObject({ status: 202 });
    expect((await store.inbox.take(1_000, 1))[0]?.delivery).toMatchObject({
      origin: 'flux',
      event: 'flux',
      instance: name,
    });
  });

  test.each([
    ['no signature', undefined],
    ['a signature with the webhook secret', sign(report, secrets.github[0])],
    ['a signature of the text written differently', sign('{"application":"w<eb"}', secrets.flux[0].secret)],
    ['a longer signature of another kind', sign(report, secrets.flux[0].secret).replace('sha256', 'sha512')],
  ])('with %s is refused with 401', async (_what, signature) => {
    const { port, store } = await start();
    expect(await send(port, report, signature)).toMatchObject({ status: 401 });
    expect(await store.inbox.waiting()).toBe(0);
  });

  test('for another cluster is refused with 403', async () => {
    const { port } = await start();
    const body = '{"application":"web","instance":"production"}';
    expect(await send(port, body, sign(body, 'flux-secret-staging'))).toMatchObject({ status: 403 });
  });
});

describe('addresses and methods', () => {
  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'])(
    '%s at a webhook is refused with 405',
    async (method) => {
      const { port } = await start();
      for (const path of ['/api/github/webhooks', '/ingest/argocd', '/ingest/flux']) {
        expect(await ask(port, path, { method })).toMatchObject({ status: 405, headers: { allow: 'POST' } });
      }
    },
  );

  test('POST to a probe is refused with 405', async () => {
    const { port } = await start();
    expect(await ask(port, '/healthz', { method: 'POST' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  test.each([
    '/',
    '/ping',
    '/api/github/webhooks/',
    '//healthz',
    '/healthz/../readyz2',
    '/__proto__',
    '/probot',
    '/%68ealthz',
  ])('there is nothing at %s', async (path) => {
    const { port, logged } = await start();
    const answer = await sendRaw(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(logged.join()).toContain('"path":"unknown"');
  });

  test.each([
    ['rubbish', 'hello\r\n\r\n', 400],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST /ingest/flux HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'a length and chunks',
      'POST /ingest/flux HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['huge headers', `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('a request with %s is refused and the connection closed', async (_what, bytes, status) => {
    const { port } = await start();
    expect(await sendRaw(port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(await ask(port, '/healthz')).toMatchObject({ status: 200 });
  });
});

describe('bodies that are too much', () => {
  const head = (length: string) =>
    `POST /api/github/webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: 1\r\nX-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\n${length}\r\n\r\n`;

  test('one announced as too large is refused with 413 before any of it is sent', async () => {
    const { port } = await start();
    const answer = await sendRaw(port, head(`Content-Length: ${25 * 1024 * 1024 + 1}`));
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
  });

  test('a sender that asks first is not told to go on', async () => {
    const { port } = await start();
    const refused = await sendRaw(port, head('Expect: 100-continue\r\nContent-Length: 99999999'));
    expect(refused).toMatch(/^HTTP\/1\.1 413 /);
    const wanted = await sendRaw(
      port,
      head(`Expect: 100-continue\r\nContent-Length: ${push.length}\r\nConnection: close`),
      push,
    );
    expect(wanted).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
  });

  test('an endless one without a length is cut at the limit, and memory stays bounded', async () => {
    const { port } = await start();
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const megabyte = Buffer.alloc(1024 * 1024, 0x20);
    const bytesTotal = 40 * megabyte.length;
    const outcome = await new Promise<{ status: number | undefined; sent: number }>((resolve) => {
      let sent = 0;
      const request = startRequest(`http://127.0.0.1:${port}/api/github/webhooks`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'push',
          'x-github-delivery': '1',
          'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
        },
      });
      request.on('response', (response) => {
        response.resume();
        response.on('end', () => request.destroy());
        resolve({ status: response.statusCode, sent });
      });
      request.on('error', () => undefined);
      const write = () => {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
        if (sent >= bytesTotal || request.destroyed) return;
        sent += megabyte.length;
        request.write(megabyte, write);
      };
      write();
    });
    expect(outcome.status).toBe(413);
    expect(outcome.sent).toBeLessThan(bytesTotal);
    expect(peak).toBeLessThan(40 * 1024 * 1024);
    expect(await ask(port, '/healthz')).toMatchObject({ status: 200 });
  });

  test('exactly at the limit is taken, one byte more is not', async () => {
    const { port } = await start({ limits: { bodyBytesMax: push.length } });
    expect(await postGithub(port, push)).toMatchObject({ status: 202 });
    expect(await postGithub(port, `${push} `)).toMatchObject({ status: 413 });
  });

  test('many at once share the memory set aside, and it is free again afterwards', async () => {
    const { port } = await start({ limits: { bodyBytesInHandMax: push.length + 10, receiveDeadlineMs: 5_000 } });
    const slow = connect(port, '127.0.0.1');
    slow.write(`${head('Content-Length: 100')}${'x'.repeat(20)}`);
    await untilStatus(() => postGithub(port, push), 503);
    slow.destroy();
    await untilStatus(() => postGithub(port, push), 202);
  });

  test('a slow one is refused with 408 when its time is over', async () => {
    const { port } = await start({ limits: { receiveDeadlineMs: 150 } });
    const answer = await sendRaw(port, `${head('Content-Length: 100')}{"a":`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*did not arrive in time/is);
  });

  test.each([
    ['the headers', 'POST /api/github/webhooks HTTP/1.1\r\nHost: x\r\n'],
    ['even the first byte', ''],
  ])('a connection that is slow with %s is closed when its time is over', async (_what, bytes) => {
    const { port } = await start({ limits: { receiveDeadlineMs: 150 } });
    const answer = await sendRaw(port, bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*did not arrive in time/is);
  });

  test('a sender that leaves in the middle leaves nothing behind', async () => {
    const { port, store, logged } = await start();
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.write(`${head('Content-Length: 100')}{"a":`, () => resolve()));
    socket.destroy();
    expect(await postGithub(port, push)).toMatchObject({ status: 202 });
    expect(await store.inbox.waiting()).toBe(1);
    expect(logged.join()).not.toContain('fault');
  });

  test('the limits are what GitHub allows and waits for', () => {
    expect(frontLimits).toMatchObject({ bodyBytesMax: 26_214_400, receiveDeadlineMs: 10_000 });
  });
});

/** Asks again until the answer has a status; the test's own time limit ends it otherwise. */
async function untilStatus(asking: () => Promise<{ readonly status: number }>, status: number): Promise<void> {
  let answer = await asking();
  while (answer.status !== status) answer = await asking();
}

describe('under load', () => {
  test('500 deliveries at once are all on the disk', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'pawl.sqlite');
    const store = openStore({ file });
    const { port } = await start({ store });
    const ids = Array.from({ length: 500 }, (_, index) => `delivery-${index}`);
    const answers = await Promise.all(ids.map((id) => postGithub(port, push, { 'x-github-delivery': id })));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    await store.close();
    const reopened = openStore({ file });
    const taken = await reopened.inbox.take(1_000, ids.length);
    expect(new Set(taken.map((one) => one.delivery.id))).toEqual(new Set(ids));
    await reopened.close();
    rmSync(folder, { recursive: true });
  });

  test('when too many wait, new ones are sent away with 503 and told when to come again', async () => {
    const { port, store } = await start({ limits: { deliveriesWaitingMax: 2 } });
    for (const id of ['1', '2']) await postGithub(port, push, { 'x-github-delivery': id });
    expect(await postGithub(port, push, { 'x-github-delivery': '3' })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '30' },
      body: { error: 'Too much is waiting to be worked on.' },
    });
    await store.inbox.done((await store.inbox.take(1_000, 1))[0]?.key ?? 0, 1_000);
    expect(await postGithub(port, push, { 'x-github-delivery': '3' })).toMatchObject({ status: 202 });
  });

  test('more connections than allowed are closed, and that is logged a bounded number of times', async () => {
    const { port, logged } = await start({ limits: { connectionsMax: 1 } });
    const first = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => first.once('connect', () => resolve()));
    expect(await sendRaw(port, '')).toBe('');
    expect(logged.join()).toContain('dropped');
    first.destroy();
  });

  test('refused requests do not fill the log', async () => {
    const { port, logged } = await start();
    await Promise.all(Array.from({ length: 100 }, () => ask(port, '/nothing')));
    expect(logged.length).toBeLessThanOrEqual(30);
  });
});

describe('when something goes wrong here', () => {
  test('a store that cannot be written is told as 503, never as taken', async () => {
    const store = openStore({ file: ':memory:' });
    const { port, logged } = await start({ store });
    await store.close();
    expect(await postGithub(port, push)).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect(logged.join()).toContain('could not be written to the store');
  });

  test('a fault in a handler is told as 500 without its message, and the process goes on', async () => {
    const { port, logged } = await start({
      project: (_event, payload) => {
        throw new Error(`cannot read ${JSON.stringify(payload)}`);
      },
    });
    const answer = await postGithub(port, push);
    expect(answer).toMatchObject({ status: 500, body: { error: 'Something went wrong here.' } });
    expect(logged.join()).toContain('front.test.ts');
    expect(`${JSON.stringify(answer)} ${logged.join()}`).not.toContain('c0ffee');
    expect(await ask(port, '/healthz')).toMatchObject({ status: 200 });
  });

  test('an address that is taken is an error to whoever starts', async () => {
    const { port } = await start();
    await expect(startFront({ port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('stopping', () => {
  test('waits for the request in hand, refuses connections and closes idle ones', async () => {
    const held = Promise.withResolvers<void>();
    const store = openStore({ file: ':memory:', commitDelayMs: 0 });
    const begun = Promise.withResolvers<void>();
    const inbox = {
      ...store.inbox,
      add: async (delivery: Parameters<typeof store.inbox.add>[0]) => {
        begun.resolve();
        await held.promise;
        return store.inbox.add(delivery);
      },
    };
    const { port, front } = await start({ store: { inbox, ready: store.ready } });
    const answer = postGithub(port, push);
    await begun.promise;
    const stopped = front.stop(5_000);
    await expect(ask(port, '/healthz')).rejects.toThrow('fetch failed');
    held.resolve();
    expect(await answer).toMatchObject({ status: 202, headers: { connection: 'close' } });
    await stopped;
    expect(await store.inbox.waiting()).toBe(1);
    await store.close();
  });

  test('cuts what does not end in time', async () => {
    const { port, front } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await new Promise<void>((resolve) => socket.write('POST /ingest/flux HTTP/1.1\r\nHost: x\r\n', () => resolve()));
    await front.stop(50);
    await closed;
  });

  test('what still comes on an open connection is sent away, and the probe says why', async () => {
    const { port, front } = await start();
    const socket = connect(port, '127.0.0.1');
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await new Promise<void>((resolve) => socket.write('GET /readyz HTTP/1.1\r\nHost: x\r\n', () => resolve()));
    await ask(port, '/healthz');
    const stopped = front.stop(2_000);
    socket.write('\r\n');
    await Promise.all([closed, stopped]);
    const text = Buffer.concat(received).toString();
    expect(text).toMatch(/^HTTP\/1\.1 503 .*connection: close.*"The process is stopping\."/is);
  });
});

import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { createFront, type Front, type FrontOptions } from '../../src/http/front.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/index.ts';

export const secrets = {
  github: ['github-secret-of-at-least-32-characters', 'the-one-before-it-while-it-is-exchanged'],
  argocd: [
    { name: 'eu-west-1', secret: 'argocd-token-eu' },
    { name: 'us-east-1', secret: 'argocd-token-us-old' },
    { name: 'us-east-1', secret: 'argocd-token-us-new' },
  ],
  flux: [
    { name: 'staging', secret: 'flux-secret-staging' },
    { name: 'production', secret: 'flux-secret-production' },
  ],
} as const;

export interface FrontUnderTest {
  readonly front: Front;
  readonly port: number;
  readonly store: Store;
  /** Every line that was logged, as JSON. */
  readonly logged: readonly string[];
  readonly wakes: () => number;
  stop(): Promise<void>;
}

/** A front on a free port, with a store in memory, that wants pushes and takes any report that names an application. */
export async function startFront(change: Partial<FrontOptions> = {}): Promise<FrontUnderTest> {
  const store = openStore({ file: ':memory:', commitDelayMs: 1 });
  const logged: string[] = [];
  const write = (facts: object, sentence: string) => {
    logged.push(JSON.stringify({ ...facts, sentence }));
  };
  const log: Log = { info: write, warn: write, error: write };
  let wakes = 0;
  let ids = 0;
  const front = createFront({
    host: '127.0.0.1',
    port: 0,
    store,
    secrets,
    project: (event, payload) => (event === 'push' ? { ...payload } : undefined),
    check,
    busy: async () => false,
    newId: () => {
      ids += 1;
      return `report-${ids}`;
    },
    clock: { now: () => 1_000 },
    log,
    wake: () => {
      wakes += 1;
    },
    ...change,
    limits: { lingerMs: 200, ...change.limits },
  });
  const { port } = await front.start();
  return {
    front,
    port,
    store,
    logged,
    wakes: () => wakes,
    async stop() {
      await front.stop(500);
      await store.close();
    },
  };
}

const check: FrontOptions['check'] = (_origin, payload, instance) => {
  if ('ignore' in payload) return { status: 202, ignored: 'It is a preview.' };
  if (!('application' in payload)) return { status: 400, message: 'It names no application.' };
  if ('instance' in payload && payload.instance !== instance) {
    return { status: 403, message: 'It speaks for another instance.' };
  }
  return { status: 202, kept: { application: payload.application } };
};

export function sign(body: string | Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Posts as GitHub does; headers given replace or, where undefined, remove the ones it sends. */
export function postGithub(
  port: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Answered> {
  return post(port, '/api/github/webhooks', body, {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': sign(body, secrets.github[0]),
    ...headers,
  });
}

export async function post(
  port: number,
  path: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<Answered> {
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return ask(port, path, {
    method: 'POST',
    headers: Object.fromEntries(sent),
    body: new Uint8Array(Buffer.from(body)),
  });
}

export async function ask(port: number, path: string, request: RequestInit = {}): Promise<Answered> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, request);
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** Sends bytes as they are and gives back everything that comes until the server closes. */
export function sendRaw(port: number, ...parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(received).toString('latin1')));
    socket.on('error', reject);
    for (const part of parts) socket.write(part);
  });
}

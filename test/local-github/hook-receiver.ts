import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type Fields, isFields } from './fields.ts';

export interface Hook {
  readonly event: string;
  readonly guid: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly payload: Fields;
}

/** The receiving end of webhooks: remembers what came and answers as it is told. */
export interface HookReceiver {
  readonly url: string;
  readonly hooks: readonly Hook[];
  /** `push`, `pull_request opened` …, in the order they came. */
  names(): readonly string[];
  /** What to answer from now on; 202 at first. */
  answerWith(status: number): void;
  stop(): Promise<void>;
}

export async function receiveHooks(): Promise<HookReceiver> {
  const hooks: Hook[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const payload: unknown = JSON.parse(body);
      const { headers } = request;
      const [event, guid] = [String(headers['x-github-event']), String(headers['x-github-delivery'])];
      hooks.push({ event, guid, headers, body, payload: isFields(payload) ? payload : {} });
      response.writeHead(status).end('received');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    hooks,
    names: () => hooks.map(({ event, payload }) => [event, payload['action']].filter(Boolean).join(' ')),
    answerWith: (next) => {
      status = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

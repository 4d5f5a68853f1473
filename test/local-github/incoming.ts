import type { IncomingMessage } from 'node:http';
import type { SeenRequest } from './faults.ts';
import { parseGraphqlRequest, prepare } from './graphql.ts';
import type { Cost } from './rate-limits.ts';

/** GitHub refuses larger requests; its own bound for GraphQL is not published, others measured about this much. */
const bodyBytesMax = 52_428_800;

/** A request, read whole. */
export interface Incoming {
  readonly method: string;
  /** Path with its query. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly accept: string;
  readonly bytes: number;
  readonly body: unknown;
  /** False when the body was not JSON. */
  readonly parsed: boolean;
  readonly seen: SeenRequest;
  readonly cost: Cost;
}

export async function receive(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error('the request is too large');
    chunks.push(chunk);
  }
  const { body, parsed } = parseBody(Buffer.concat(chunks).toString('utf8'));
  const method = request.method ?? 'GET';
  const url = request.url ?? '/';
  return {
    method,
    url,
    authorization: request.headers.authorization,
    ifNoneMatch: request.headers['if-none-match'],
    accept: request.headers.accept ?? '',
    bytes,
    body,
    parsed,
    ...understand(method, url.split('?')[0] ?? '/', body),
  };
}

function understand(method: string, path: string, body: unknown): Pick<Incoming, 'seen' | 'cost'> {
  if (path !== '/graphql') {
    const seen = { method, path, operation: undefined, fields: [] };
    return { seen, cost: { resource: 'core', writes: method !== 'GET' } };
  }
  const request = parseGraphqlRequest(body);
  const document = request && prepare(request);
  const known = document && !('errors' in document) ? document : undefined;
  const seen = { method, path, operation: known?.name, fields: known?.fields ?? [] };
  return { seen, cost: { resource: 'graphql', writes: known?.writes ?? false } };
}

function parseBody(text: string): { readonly body: unknown; readonly parsed: boolean } {
  if (text === '') return { body: undefined, parsed: true };
  try {
    return { body: JSON.parse(text), parsed: true };
  } catch {
    return { body: undefined, parsed: false };
  }
}

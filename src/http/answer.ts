import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refused } from './endpoint.ts';

/** An answer to one request: a small JSON object. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refusalAnswer({ status, error, mend, headers }: Refused): Answer {
  return { status, body: { error, mend }, ...(headers === undefined ? {} : { headers }) };
}

export interface SendOptions {
  /** How long the rest of a body nobody reads is let in and thrown away after the answer. */
  readonly lingerMs: number;
  /** Whether the connection ends with this answer anyhow. */
  readonly last: boolean;
}

/**
 * Sends an answer. When the body was not read to its end, the connection ends with it: but only after what is still coming
 * was let in for a moment, since closing at once makes the sender's system throw the answer away.
 */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer & SendOptions): void {
  if (response.destroyed || response.headersSent) return;
  const unread = hasBody(request) && !request.complete;
  const text = `${JSON.stringify(answer.body)}\n`;
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...answer.headers,
    ...(unread || answer.last ? { connection: 'close' } : {}),
  });
  if (!unread) {
    response.end(text);
    return;
  }
  response.write(text);
  linger(request, answer.lingerMs, () => response.end());
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}

function linger(request: IncomingMessage, lingerMs: number, close: () => void): void {
  const timer = setTimeout(close, lingerMs);
  const done = () => {
    clearTimeout(timer);
    close();
  };
  request.once('end', done).once('close', done).resume();
}

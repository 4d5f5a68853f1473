import type { Socket } from 'node:net';

/** A connection on which something came that Node could not read as a request, or not in time. */
export interface Unparsed {
  /** Node's error code. */
  readonly code: string | undefined;
  readonly socket: Socket;
  /** How long the answer has to reach the sender before the connection is cut. */
  readonly lingerMs: number;
}

/** Answers what is not even a request, and ends the connection. */
export function refuseUnparsed({ code, socket, lingerMs }: Unparsed): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, error] = answers[code ?? ''] ?? ['400 Bad Request', 'This is not a valid HTTP request.'];
  const body = `${JSON.stringify({ error, mend: 'Send a complete HTTP/1.1 request.' })}\n`;
  const lines = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

const answers: Readonly<Record<string, readonly [string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'The chunk extensions are too large.'],
};

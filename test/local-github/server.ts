import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Actor } from './accounts.ts';
import { actorName, authenticate } from './auth.ts';
import { type Fault, Faults } from './faults.ts';
import { parseGraphqlRequest, runGraphql } from './graphql.ts';
import { type Incoming, receive } from './incoming.ts';
import { type Exceeded, RateCounters } from './rate-limits.ts';
import { RequestLog } from './request-log.ts';
import { type RestAnswer, Router } from './rest.ts';
import { appRoutes } from './rest-apps.ts';
import { checkRoutes } from './rest-checks.ts';
import { gitRoutes } from './rest-git.ts';
import { pullRoutes } from './rest-pulls.ts';
import { notHonoured, RuleError } from './rule-error.ts';
import { finishScope, openScope, type Scope } from './scope.ts';
import type { World } from './world.ts';

const documentationUrl = 'https://docs.github.com/rest';

/** Longer than any test: a client must never find its connection closed just when it uses it again. */
const keepAliveMs = 600_000;

/** Forms of an answer that GitHub has besides JSON; asking for one here is an error, never silently ignored. */
const otherMediaTypes = /vnd\.github\.(?:[\w.]*\.)?(?:raw|html|text|full|diff|patch|object|sha)\b/;

export class LocalServer {
  readonly log = new RequestLog();
  readonly faults = new Faults();
  readonly #world: World;
  readonly #router = new Router([...appRoutes, ...gitRoutes, ...pullRoutes, ...checkRoutes]);
  readonly #rates: RateCounters;
  readonly #server: Server;

  constructor(world: World) {
    this.#world = world;
    this.#rates = new RateCounters(world);
    this.#server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** Takes a port (0: any) on this machine only. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    this.#world.links.url = `http://127.0.0.1:${address.port}`;
  }

  /** Stops at once, requests under way are cut. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = performance.now();
    const atMs = this.#world.now();
    const incoming = await receive(request);
    const caller = this.#recognise(incoming);
    const name = actorName(caller.actor);
    const exceeded = this.#rates.enter(name, incoming.cost);
    if (this.#world.settings.latencyMs > 0) await wait(this.#world.settings.latencyMs);
    const { sent, contentCreated } = this.#answerOrFail(incoming, response, { ...caller, exceeded });
    this.#rates.leave(name, contentCreated);
    const { method, url: path, bytes: requestBytes } = incoming;
    const { operation, fields } = incoming.seen;
    const durationMs = performance.now() - startedMs;
    const entry = { atMs, method, path, operation, fields, actor: name, durationMs, requestBytes };
    this.log.add({ ...entry, status: sent.status, responseBytes: sent.bytes });
  }

  #recognise(incoming: Incoming): Pick<Caller, 'actor' | 'refused'> {
    try {
      return { actor: authenticate(this.#world, incoming.authorization), refused: undefined };
    } catch (error) {
      return { actor: undefined, refused: this.#refusal(error) };
    }
  }

  #answerOrFail(incoming: Incoming, response: ServerResponse, caller: Caller): Outcome {
    const before = this.faults.take('before', incoming.seen);
    before?.run?.();
    if (before && isFatal(before)) return { sent: fail(response, before), contentCreated: 0 };
    const { answer, contentCreated } = this.#answer(incoming, caller);
    const after = this.faults.take('after', incoming.seen);
    after?.run?.();
    if (after && isFatal(after)) return { sent: fail(response, after), contentCreated };
    return { sent: send(response, answer, this.#headers(incoming, caller.actor)), contentCreated };
  }

  #headers(incoming: Incoming, actor: Actor | undefined): Record<string, string> {
    return {
      'content-type': 'application/json; charset=utf-8',
      date: new Date(this.#world.now()).toUTCString(),
      server: 'github.com',
      'x-github-media-type': 'github.v3; format=json',
      'x-github-request-id': requestId(),
      ...this.#rates.headers(actorName(actor), incoming.cost.resource),
    };
  }

  #answer(incoming: Incoming, caller: Caller): { readonly answer: RestAnswer; readonly contentCreated: number } {
    const { actor, refused, exceeded } = caller;
    const name = actorName(actor);
    if (!incoming.parsed) return { answer: plainRefusal(400, 'Problems parsing JSON'), contentCreated: 0 };
    if (!actor) return { answer: refused ?? plainRefusal(401, 'Bad credentials'), contentCreated: 0 };
    if (exceeded) return { answer: tooMany(exceeded, incoming, name), contentCreated: 0 };
    const scope = openScope(this.#world, actor, this.#rates.used(name, 'graphql'));
    const answer = withEtag(incoming, this.#run(scope, incoming));
    if (answer.status === 304) this.#rates.giveBack(name, incoming.cost);
    finishScope(scope);
    return { answer, contentCreated: scope.contentCreated };
  }

  #run(scope: Scope, incoming: Incoming): RestAnswer {
    try {
      if (incoming.seen.path === '/graphql') return runGraphqlRequest(scope, incoming);
      if (otherMediaTypes.test(incoming.accept)) throw notHonoured(incoming.url, `Accept: ${incoming.accept}`);
      return this.#router.answer(scope, incoming);
    } catch (error) {
      return this.#refusal(error);
    }
  }

  /** GitHub's refusals, and this server's own mistakes, which are remembered. */
  #refusal(error: unknown): RestAnswer {
    if (error instanceof RuleError) {
      if (error.status === 501) this.#world.violations.push(error.message);
      return refusal(error);
    }
    const message = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    this.#world.violations.push(message);
    return plainRefusal(500, `local GitHub failed: ${message}`);
  }
}

interface Caller {
  readonly actor: Actor | undefined;
  /** Why there is no actor. */
  readonly refused: RestAnswer | undefined;
  readonly exceeded: Exceeded | undefined;
}

interface Outcome {
  readonly sent: Sent;
  readonly contentCreated: number;
}

function runGraphqlRequest(scope: Scope, incoming: Incoming): RestAnswer {
  if (scope.actor.kind === 'app') return plainRefusal(401, 'Bad credentials');
  const request = parseGraphqlRequest(incoming.body);
  const message = 'A query attribute must be specified and must be a string.';
  return { status: 200, body: request ? runGraphql(scope, request) : { errors: [{ message }] } };
}

function wait(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

function requestId(): string {
  const hex = randomBytes(14).toString('hex').toUpperCase();
  return [hex.slice(0, 4), hex.slice(4, 10), hex.slice(10, 16), hex.slice(16, 22), hex.slice(22)].join(':');
}

function plainRefusal(status: number, message: string): RestAnswer {
  return { status, body: { message, documentation_url: documentationUrl, status: `${status}` } };
}

function refusal(error: RuleError): RestAnswer {
  const errors = error.errors ? { errors: error.errors } : {};
  const body = {
    message: error.restMessage,
    ...errors,
    documentation_url: documentationUrl,
    status: `${error.status}`,
  };
  return { status: error.status, body };
}

/** GraphQL says that the primary limit is used up in an answer of status 200. */
function tooMany(exceeded: Exceeded, incoming: Incoming, actor: string): RestAnswer {
  if (exceeded === 'secondary') {
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    return { ...plainRefusal(403, message), headers: { 'retry-after': '60' } };
  }
  const message = `API rate limit exceeded for ${actor}.`;
  if (incoming.cost.resource === 'core') return plainRefusal(403, message);
  return { status: 200, body: { errors: [{ type: 'RATE_LIMITED', message }] } };
}

/** An answer to a read carries a mark of its content; who has the same already gets status 304 and no body. */
function withEtag(incoming: Incoming, answer: RestAnswer): RestAnswer {
  if (incoming.method !== 'GET' || answer.status !== 200) return answer;
  const text = JSON.stringify(answer.body);
  const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
  const headers = { ...answer.headers, etag };
  return incoming.ifNoneMatch === etag ? { status: 304, headers } : { ...answer, headers, text };
}

interface Sent {
  readonly status: number;
  readonly bytes: number;
}

function send(response: ServerResponse, answer: RestAnswer, headers: Readonly<Record<string, string>>): Sent {
  const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
  const bytes = Buffer.byteLength(text);
  const length = answer.status === 204 || answer.status === 304 ? {} : { 'content-length': `${bytes}` };
  response.writeHead(answer.status, { ...headers, ...answer.headers, ...length });
  response.end(text);
  return { status: answer.status, bytes };
}

function isFatal(fault: Fault): boolean {
  return fault.hang === true || fault.close === true || fault.status !== undefined || fault.body !== undefined;
}

function fail(response: ServerResponse, fault: Fault): Sent {
  if (fault.close) response.destroy();
  if (fault.close || fault.hang) return { status: 0, bytes: 0 };
  const body = fault.body ?? { message: 'Server Error' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(fault.status ?? 200, { 'content-type': 'application/json; charset=utf-8', ...fault.headers });
  response.end(text);
  return { status: fault.status ?? 200, bytes: Buffer.byteLength(text) };
}

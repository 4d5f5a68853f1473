import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { type Answer, refusalAnswer, send } from './answer.ts';
import { byteBudget } from './body.ts';
import { type Endpoint, type NamedSecret, type Refused, refuse } from './endpoint.ts';
import { type GithubEndpointOptions, githubEndpoint } from './github.ts';
import { alive, readiness } from './health.ts';
import { argocdEndpoint, fluxEndpoint, type IngestOptions } from './ingest.ts';
import { type Receiver, receive } from './receive.ts';
import { type RefusalLog, refusalLog } from './refusal-log.ts';
import { findRoute, pathOf, paths, type Route } from './routes.ts';
import { refuseUnparsed } from './unparsed.ts';

export interface FrontOptions {
  readonly host: string;
  /** 0 takes any port that is free. */
  readonly port: number;
  readonly store: Pick<Store, 'inbox' | 'ready'>;
  readonly secrets: {
    /** The webhook secret of the App, and the one before it while it is exchanged. */
    readonly github: readonly string[];
    readonly argocd: readonly NamedSecret[];
    readonly flux: readonly NamedSecret[];
  };
  readonly project: GithubEndpointOptions['project'];
  readonly check: IngestOptions['check'];
  readonly newId: IngestOptions['newId'];
  /** Whether work is in hand or due. */
  busy(): Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called whenever something new is in the inbox. */
  wake(): void;
  readonly limits?: Partial<FrontLimits>;
}

export interface FrontLimits {
  readonly bodyBytesMax: number;
  readonly reportBytesMax: number;
  readonly bodyBytesInHandMax: number;
  readonly receiveDeadlineMs: number;
  readonly lingerMs: number;
  readonly keepAliveMs: number;
  readonly connectionsMax: number;
  readonly deliveriesWaitingMax: number;
}

export const frontLimits: FrontLimits = {
  /** GitHub sends nothing larger. */
  bodyBytesMax: 25 * 1024 * 1024,
  /** A Kubernetes object holds at most 1.5 MiB, so no report about one needs more. */
  reportBytesMax: 2 * 1024 * 1024,
  /** Of all requests together, so that large bodies cannot fill the memory: two of the largest and many ordinary ones. */
  bodyBytesInHandMax: 64 * 1024 * 1024,
  /** GitHub gives up after as long. Headers and body together. */
  receiveDeadlineMs: 10_000,
  lingerMs: 1_000,
  /** Longer than the 60 seconds proxies usually keep an idle connection, so that it is they who close it. */
  keepAliveMs: 65_000,
  /** A connection costs some 50 KiB. */
  connectionsMax: 1_000,
  /** Minutes of work. GitHub shows what is sent away as failed, and it is fetched later. */
  deliveriesWaitingMax: 20_000,
};

/** The door to the outside: an HTTP server that takes deliveries in and says how it is. */
export interface Front {
  /** Resolves when requests are answered, with the port. Rejects when the address cannot be had. */
  start(): Promise<{ readonly port: number }>;
  /** Takes no more requests, waits for those in hand, and cuts them off after `deadlineMs`. */
  stop(deadlineMs: number): Promise<void>;
}

interface State {
  stopping: boolean;
  readonly inHand: Set<Promise<void>>;
  /** Connections on which an answer is on its way: nothing else may be written between its bytes. */
  readonly answered: WeakSet<Socket>;
}

export function createFront(options: FrontOptions): Front {
  const limits = { ...frontLimits, ...options.limits };
  const state: State = { stopping: false, inHand: new Set(), answered: new WeakSet() };
  const refusals = refusalLog(options.clock, options.log);
  const routes = buildRoutes(options, limits, state);
  const server = buildServer(limits);

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const handling = answerRequest({ request, response }, { routes, refusals, options, limits, state });
    state.inHand.add(handling);
    void handling.finally(() => state.inHand.delete(handling));
  };
  // A sender that asks before it sends its body is answered like any other: it is told to go on when the body is wanted.
  server.on('request', handle).on('checkContinue', handle);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (state.answered.has(socket)) socket.destroy();
    else refuseUnparsed({ code: error.code, socket, lingerMs: limits.lingerMs });
    state.answered.add(socket);
  });
  server.on('drop', () => refusals({ status: 'dropped', path: 'any' }));

  return { start: () => listen(server, options), stop: (deadlineMs) => stop(server, state, deadlineMs) };
}

function buildServer(limits: FrontLimits): Server {
  const server = createServer({
    headersTimeout: limits.receiveDeadlineMs,
    requestTimeout: limits.receiveDeadlineMs,
    connectionsCheckingInterval: Math.ceil(limits.receiveDeadlineMs / checksPerDeadline),
    keepAliveTimeout: limits.keepAliveMs,
  });
  server.maxConnections = limits.connectionsMax;
  return server;
}

/** How often within the deadline Node looks for connections that are past it. */
const checksPerDeadline = 10;

function buildRoutes(options: FrontOptions, limits: FrontLimits, state: State): readonly Route[] {
  const { clock, log, store, secrets, project, check, newId } = options;
  const receiver: Receiver = {
    inbox: store.inbox,
    clock,
    log,
    budget: byteBudget(limits.bodyBytesInHandMax),
    deadlineMs: limits.receiveDeadlineMs,
    deliveriesWaitingMax: limits.deliveriesWaitingMax,
    wake: () => options.wake(),
  };
  const taking = (path: string, endpoint: Endpoint): Route => ({
    path,
    methods: ['POST'],
    answer: (exchange) => receive(exchange, endpoint, receiver),
  });
  const telling = (path: string, answer: () => Promise<Answer>): Route => ({ path, methods: ['GET', 'HEAD'], answer });
  const reports = { bodyBytesMax: limits.reportBytesMax, check, newId };
  return [
    taking(paths.github, githubEndpoint({ secrets: secrets.github, bodyBytesMax: limits.bodyBytesMax, project })),
    taking(paths.argocd, argocdEndpoint({ ...reports, secrets: secrets.argocd })),
    taking(paths.flux, fluxEndpoint({ ...reports, secrets: secrets.flux })),
    telling(paths.alive, async () => alive()),
    telling(paths.ready, readiness({ store, clock, stopping: () => state.stopping, busy: () => options.busy() })),
  ];
}

interface Handling {
  readonly routes: readonly Route[];
  readonly refusals: RefusalLog;
  readonly options: FrontOptions;
  readonly limits: FrontLimits;
  readonly state: State;
}

/** Never rejects: whatever happens to one request, the process and the others go on. */
async function answerRequest(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  handling: Handling,
): Promise<void> {
  const { request, response } = exchange;
  const { state, limits, refusals, options } = handling;
  // Without a listener a connection that breaks would be an uncaught error.
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  response.on('close', () => state.answered.delete(request.socket));
  try {
    const outcome = await decide(exchange, handling);
    if (outcome === undefined) {
      request.destroy();
      return;
    }
    if ('kind' in outcome) refusals({ status: outcome.status, path: knownPath(request, handling.routes) });
    const answer = 'kind' in outcome ? refusalAnswer(outcome) : outcome;
    state.answered.add(request.socket);
    send(request, response, { ...answer, lingerMs: limits.lingerMs, last: state.stopping });
  } catch (error) {
    options.log.error(describeFault(error), 'A request could not be answered: a fault in the program.');
    const fault = refuse(500, 'Something went wrong here.', 'Send it again later; the log says more.');
    state.answered.add(request.socket);
    send(request, response, { ...refusalAnswer(fault), lingerMs: limits.lingerMs, last: true });
  }
}

async function decide(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { routes, state }: Handling,
): Promise<Answer | Refused | undefined> {
  const route = findRoute(routes, exchange.request);
  if ('kind' in route) return route;
  if (state.stopping && route.methods.includes('POST')) {
    return { ...refuse(503, 'The process is stopping.', 'Send it again later.'), headers: { 'retry-after': '5' } };
  }
  return route.answer(exchange);
}

/** Only addresses that exist are logged: others are whatever somebody typed. */
function knownPath(request: IncomingMessage, routes: readonly Route[]): string {
  const path = pathOf(request.url);
  return routes.some((route) => route.path === path) ? path : 'unknown';
}

/** The kind of error and where it came from. Its message stays out, since it may quote what was sent. */
function describeFault(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const stack = error.stack ?? '';
  const frames = stack.slice(stack.indexOf(error.message) + error.message.length);
  return { error: error.name, at: frames.trim().split('\n').slice(0, framesLogged).join(' ') };
}

/** Enough of a stack to find the place. */
const framesLogged = 5;

function listen(server: Server, { host, port, log }: FrontOptions): Promise<{ readonly port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: connectionsQueuedMax }, () => {
      server.off('error', reject);
      server.on('error', (error) => log.error({ error: error.message }, 'The HTTP server has a fault.'));
      resolve({ port: portOf(server.address()) });
    });
  });
}

/** Connections the system holds for us while we are busy: a burst of deliveries opens hundreds at once. */
const connectionsQueuedMax = 1_024;

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no port.');
  return address.port;
}

async function stop(server: Server, state: State, deadlineMs: number): Promise<void> {
  state.stopping = true;
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(cut);
  await Promise.all(state.inHand);
}

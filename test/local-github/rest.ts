import type { AccessLevel } from './accounts.ts';
import { type Fields, isFields } from './fields.ts';
import { type Operation, operation } from './openapi.ts';
import { demand, type Repo, visibleRepo } from './repos.ts';
import { notHonoured, RuleError, unprocessable } from './rule-error.ts';
import type { Scope } from './scope.ts';

export interface RestAnswer {
  readonly status: number;
  readonly body?: unknown;
  /** The body as JSON, where it was made already. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RestRequest {
  readonly scope: Scope;
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Query parameters in the types GitHub's description gives them. */
  readonly query: Fields;
  readonly body: Fields;
  /** Path with its query, for links to further pages. */
  readonly url: string;
}

/** One operation of the REST API. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** Query parameters it honours. One GitHub knows and this server does not is refused, never silently ignored. */
  readonly query: readonly string[];
  /** Fields of the body it honours, likewise. */
  readonly body: readonly string[];
  readonly run: (request: RestRequest) => RestAnswer;
}

export interface RepoRoute {
  readonly query?: readonly string[];
  readonly body?: readonly string[];
  /** What an App needs to be allowed to read here; writing rules ask for themselves. */
  readonly reads?: readonly string[];
  readonly level?: AccessLevel;
  readonly run: (scope: Scope, repo: Repo, request: RestRequest) => RestAnswer;
}

/** A route below `/repos/{owner}/{repo}`. */
export function onRepo(method: string, path: string, options: RepoRoute): Route {
  return {
    method,
    path: `/repos/{owner}/{repo}${path}`,
    query: options.query ?? [],
    body: options.body ?? [],
    run: (request) => {
      const { scope, params } = request;
      const repo = visibleRepo(scope.world, scope.actor, `${params['owner']}/${params['repo']}`);
      demand(scope.actor, repo, { any: options.reads ?? ['metadata'], level: options.level ?? 'read' });
      return options.run(scope, repo, request);
    },
  };
}

interface CompiledRoute {
  readonly route: Route;
  readonly operation: Operation;
  readonly pattern: RegExp;
}

/** Parameters whose value may hold slashes. */
const longParameters = new Set(['ref', 'path']);

function compile(route: Route): CompiledRoute {
  const pattern = route.path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => `(?<${name}>${longParameters.has(name) ? '.+' : '[^/]+'})`,
  );
  return { route, operation: operation(route.method, route.path), pattern: new RegExp(`^${pattern}$`) };
}

export class Router {
  readonly #routes: readonly CompiledRoute[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map(compile);
  }

  /** Answers a request, checking it and the answer against GitHub's description. Undefined when there is no such route. */
  answer(scope: Scope, seen: { readonly method: string; readonly url: string; readonly body: unknown }): RestAnswer {
    const { pathname, searchParams } = new URL(seen.url, 'http://localhost');
    for (const { route, operation, pattern } of this.#routes) {
      const found = route.method === seen.method ? pattern.exec(pathname) : null;
      if (!found) continue;
      const params = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      );
      const query = checkedQuery(route, operation, Object.fromEntries(searchParams));
      const body = checkedBody(route, operation, seen.body);
      const answer = route.run({ scope, params, query, body, url: seen.url });
      return checkedAnswer(scope, operation, answer);
    }
    throw new RuleError({ status: 404, type: 'NOT_FOUND', message: 'Not Found' });
  }
}

function checkedQuery(route: Route, described: Operation, given: Readonly<Record<string, string>>): Fields {
  const unknown = Object.keys(given).find((name) => described.queryNames.includes(name) && !route.query.includes(name));
  if (unknown !== undefined) throw notHonoured(`${route.method} ${route.path}`, `the query parameter ${unknown}`);
  const { query, complaints } = described.checkQuery(given);
  if (complaints.length > 0) throw unprocessable(`Invalid request.\n\n${complaints.join('\n')}`);
  return query;
}

function checkedBody(route: Route, described: Operation, given: unknown): Fields {
  const complaints = described.checkBody(given);
  if (complaints.length > 0) throw unprocessable(`Invalid request.\n\n${complaints.join('\n')}`);
  const body = isFields(given) ? given : {};
  const unknown = Object.keys(body).find((name) => !route.body.includes(name));
  if (unknown !== undefined) throw notHonoured(`${route.method} ${route.path}`, `the field ${unknown} of the body`);
  return body;
}

/** An answer GitHub's description does not allow is this server's mistake: it says so and remembers. */
function checkedAnswer(scope: Scope, described: Operation, answer: RestAnswer): RestAnswer {
  const complaints = described.checkAnswer(answer.status, answer.body);
  if (complaints.length === 0) return answer;
  scope.world.violations.push(`${described.method} ${described.path} ${answer.status}: ${complaints.join('; ')}`);
  return {
    status: 500,
    body: { message: 'local GitHub: the answer breaks the published description', errors: complaints },
  };
}

const perPageDefault = 30;
const perPageMax = 100;

/** One page of a list, with the `Link` header to the next one. */
export function page<Item>(
  request: RestRequest,
  items: readonly Item[],
): { readonly items: readonly Item[]; readonly headers: Readonly<Record<string, string>> } {
  const number = (name: string, otherwise: number): number => {
    const value = request.query[name];
    return typeof value === 'number' && value > 0 ? value : otherwise;
  };
  const perPage = Math.min(number('per_page', perPageDefault), perPageMax);
  const current = number('page', 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string): string => {
    const url = new URL(request.url, request.scope.world.links.url);
    url.searchParams.set('page', `${to}`);
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = current < last ? [link(current + 1, 'next'), link(last, 'last')] : [];
  const headers = links.length > 0 ? { link: links.join(', ') } : {};
  return { items: items.slice((current - 1) * perPage, current * perPage), headers };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { type Refused, refuse } from './endpoint.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What answers at one address. Undefined when there is nobody left to answer. */
export interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  answer(exchange: Exchange): Promise<Answer | Refused | undefined>;
}

/** Addresses the outside is told, in one place. */
export const paths = {
  github: '/api/github/webhooks',
  argocd: '/ingest/argocd',
  flux: '/ingest/flux',
  alive: '/healthz',
  ready: '/readyz',
} as const;

/** The route a request asks for. Paths are compared as they are: nothing is decoded, joined or completed. */
export function findRoute(routes: readonly Route[], request: Pick<IncomingMessage, 'url' | 'method'>): Route | Refused {
  const path = pathOf(request.url);
  const route = routes.find((one) => one.path === path);
  if (route === undefined) {
    return refuse(404, 'There is nothing at this address.', `The addresses are ${Object.values(paths).join(', ')}.`);
  }
  if (route.methods.includes(request.method ?? '')) return route;
  const allow = route.methods.join(', ');
  return { ...refuse(405, 'This address does not take that method.', `Use ${allow}.`), headers: { allow } };
}

export function pathOf(url: string | undefined): string {
  return url?.split('?', 1)[0] ?? '';
}

import { type Admitted, type Endpoint, findSigner, isSignature, onlyValue, type Refused, refuse } from './endpoint.ts';

export interface GithubEndpointOptions {
  /** The webhook secret, and the one before it while it is exchanged. */
  readonly secrets: readonly string[];
  readonly bodyBytesMax: number;
  /** What handlers need of an event, or undefined when none wants it. The event's name is not signed: it checks the shape. */
  project(event: string, payload: object): object | undefined;
}

/** GitHub's event names are words of lower-case letters, the longest of half as many; `__proto__` is none. */
const eventPattern = /^[a-z][a-z_]{0,63}$/;

/** GitHub's delivery ids are UUIDs; others that sign with the secret may use what they like, within reason. */
const idPattern = /^[A-Za-z0-9-]{1,64}$/;

/** Where GitHub sends the App's webhooks. */
export function githubEndpoint(options: GithubEndpointOptions): Endpoint {
  const secrets = options.secrets.map((secret) => ({ name: 'github', secret }));

  return {
    origin: 'github',
    bodyBytesMax: options.bodyBytesMax,
    jsonMend: 'Set the content type of the webhook to application/json.',
    admit(headers) {
      const signature = onlyValue(headers, 'x-hub-signature-256');
      if (!isSignature(signature)) return unsigned();
      const named = readNames(headers);
      if (named.kind === 'refused') return named;
      const admitted: Admitted = {
        kind: 'admitted',
        id: named.id,
        event: named.event,
        authenticate(body) {
          if (findSigner(secrets, body, signature) === undefined) return unsigned();
          return { kind: 'authenticated', instance: undefined };
        },
        judge(payload) {
          const kept = options.project(named.event, payload);
          return kept === undefined
            ? { kind: 'ignored', reason: 'Nothing here acts on this event.' }
            : { kind: 'wanted', payload: kept };
        },
      };
      return admitted;
    },
  };
}

function readNames(headers: Parameters<Endpoint['admit']>[0]) {
  const event = onlyValue(headers, 'x-github-event');
  const id = onlyValue(headers, 'x-github-delivery');
  if (event === undefined || !eventPattern.test(event)) {
    return refuse(400, 'The header X-GitHub-Event is missing or names no event.', 'Send the name of one event in it.');
  }
  if (id === undefined || !idPattern.test(id)) {
    return refuse(400, 'The header X-GitHub-Delivery is missing or is no id.', 'Send one id of the delivery in it.');
  }
  return { kind: 'named', event, id } as const;
}

function unsigned(): Refused {
  return refuse(
    401,
    'The signature does not fit.',
    'Sign the raw body with the webhook secret and send X-Hub-Signature-256: sha256=<64 lower-case hex digits> once.',
  );
}

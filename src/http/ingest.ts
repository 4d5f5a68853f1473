import {
  type Admitted,
  type Endpoint,
  findSender,
  findSigner,
  isSignature,
  type Judged,
  type NamedSecret,
  onlyValue,
  type Refused,
  refuse,
} from './endpoint.ts';

/**
 * What a report turned out to be: good, and what is kept of it for whoever works on it; of no use, and why; or the sender's
 * mistake.
 */
export type Checked =
  | { readonly status: 202; readonly kept: object }
  | { readonly status: 202; readonly ignored: string }
  | { readonly status: 400 | 403; readonly message: string };

export interface IngestOptions {
  readonly secrets: readonly NamedSecret[];
  readonly bodyBytesMax: number;
  /** Says at once whether a report can be understood, so that its sender learns it from the answer. Never throws. */
  check(origin: 'argocd' | 'flux', payload: object, instance: string): Checked;
  /**
   * A fresh id for every report. Controllers repeat a report word for word to say that it still holds, so two equal ones are
   * two deliveries.
   */
  newId(): string;
}

/** Where Argo CD's notifications come in. It cannot sign, so each instance has a token of its own. */
export function argocdEndpoint(options: IngestOptions): Endpoint {
  return {
    origin: 'argocd',
    bodyBytesMax: options.bodyBytesMax,
    jsonMend: 'Print every value of the notification template with toJson, so that quotes in it are escaped.',
    admit(headers) {
      const token = /^Bearer ([\x21-\x7e]+)$/i.exec(onlyValue(headers, 'authorization') ?? '')?.[1];
      const instance = token === undefined ? undefined : findSender(options.secrets, token);
      if (instance === undefined) return unknownToken();
      return admitted('argocd', options, () => ({ kind: 'authenticated', instance }));
    },
  };
}

/** Where Flux's notification controller sends to, with a provider of type `generic-hmac`. */
export function fluxEndpoint(options: IngestOptions): Endpoint {
  return {
    origin: 'flux',
    bodyBytesMax: options.bodyBytesMax,
    jsonMend: 'Use a Provider of type generic-hmac, which sends events as JSON.',
    admit(headers) {
      const signature = onlyValue(headers, 'x-signature');
      if (!isSignature(signature)) return unsigned();
      return admitted('flux', options, (body) => {
        const instance = findSigner(options.secrets, body, signature);
        return instance === undefined ? unsigned() : { kind: 'authenticated', instance };
      });
    },
  };
}

function admitted(origin: 'argocd' | 'flux', options: IngestOptions, authenticate: Admitted['authenticate']): Admitted {
  return {
    kind: 'admitted',
    id: options.newId(),
    event: origin,
    authenticate,
    judge: (payload, instance) => judge(options.check(origin, payload, instance ?? '')),
  };
}

function judge(checked: Checked): Judged | Refused {
  if ('kept' in checked) return { kind: 'wanted', payload: checked.kept };
  if ('ignored' in checked) return { kind: 'ignored', reason: checked.ignored };
  const mend =
    checked.status === 403
      ? 'Give each instance its own secret, and send its reports with that one.'
      : 'Compare the notification with the one in the documentation.';
  return refuse(checked.status, checked.message, mend);
}

function unknownToken(): Refused {
  const refused = refuse(
    401,
    'The token is missing or not one of those known here.',
    'Send Authorization: Bearer <token> once, with a token that PAWL_ARGOCD_TOKENS names.',
  );
  return { ...refused, headers: { 'www-authenticate': 'Bearer' } };
}

function unsigned(): Refused {
  return refuse(
    401,
    'The signature does not fit.',
    'Use a Provider of type generic-hmac whose token, without a line break at its end, is one that PAWL_FLUX_SECRETS names.',
  );
}

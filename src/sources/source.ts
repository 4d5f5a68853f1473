import type { Ignored, Report, SourceName } from '../domain/report.ts';

/** What a source may need besides the payload. All of it is authenticated before a source sees it. */
export interface Received {
  readonly payload: unknown;
  /** `owner/name` of the repo a GitHub webhook is about; undefined for the direct endpoints. */
  readonly repository: string | undefined;
  /** Name of the Argo CD instance or Flux cluster whose secret the request carried; undefined for GitHub webhooks. */
  readonly instance: string | undefined;
  /** Arrival, epoch milliseconds; used only where a payload carries no time of its own. */
  readonly receivedAtMs: number;
}

/** The payload is not what the source speaks: malformed, or for another instance than the secret's. */
export interface Malformed {
  /** `shape` is the sender's mistake (400), `instance` a claim to be somebody else (403). */
  readonly malformed: 'shape' | 'instance';
  readonly reason: string;
}

export type Understood = { readonly reports: readonly Report[] } | Ignored | Malformed;

/**
 * One way a controller tells what it did. `fields` are the names a recogniser in the configuration may match on, each with
 * one line of explanation; `parse` never throws, whatever the payload is.
 */
export interface SyncSource {
  readonly name: SourceName;
  readonly summary: string;
  readonly fields: Readonly<Record<string, string>>;
  /** GitHub event that carries it, or undefined for a direct endpoint. */
  readonly event: string | undefined;
  /** True when it can report success but no failure. */
  readonly successOnly: boolean;
  parse(received: Received): Understood;
}

import type { Ignored, Report, SourceName } from '../domain/report.ts';
import type { JsonObject } from './json.ts';

/** What a source may need besides the payload. All of it is authenticated before a source sees it. */
export interface Received {
  /** The payload, or what `project` keeps of it: `parse` answers the same. */
  readonly payload: unknown;
  /** `owner/name` of the repo a GitHub webhook is about; undefined for the direct endpoints. */
  readonly repository: string | undefined;
  /** Name of the Argo CD instance or Flux cluster whose secret the request carried; undefined for GitHub webhooks. */
  readonly instance: string | undefined;
  /** Arrival, epoch milliseconds. Used where a payload carries no time of its own, or one that is yet to come. */
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
 * one line of explanation; `parse` and `project` never throw, whatever the payload is.
 */
export interface SyncSource {
  readonly name: SourceName;
  readonly summary: string;
  readonly fields: Readonly<Record<string, string>>;
  /** GitHub event that carries it, or undefined for a direct endpoint. */
  readonly event: string | undefined;
  /** True when nothing it reports can be relied on to be taken back: a later failure may never arrive. */
  readonly successOnly: boolean;
  /**
   * The small part of a payload that is worth keeping: all that `parse` reads, and for a GitHub event the repo, the
   * installation and the sender. JSON, about a kilobyte, the same again when projected twice.
   */
  project(payload: unknown): JsonObject;
  parse(received: Received): Understood;
}

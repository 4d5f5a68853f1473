import type { z } from 'zod';
import type { SourceName } from '../domain/report.ts';

/** What the configuration needs to know of an editor. The registry's key is the key in `promote`. */
export interface EditorEntry {
  readonly summary: string;
  /** Schema of the object that holds the editor's key alone, such as `{ images: [...] }`. */
  readonly options: z.ZodType;
  readonly defaultFile: string;
}

/** What the configuration needs to know of a sync source. */
export interface SourceEntry {
  readonly summary: string;
  /** Names a recogniser may match on, each with one line of explanation. */
  readonly fields: Readonly<Record<string, string>>;
  /** GitHub event that carries it, or undefined for a direct endpoint. */
  readonly event: string | undefined;
  readonly successOnly: boolean;
}

/** The plug-ins that keys of the configuration are derived from. */
export interface Registries {
  readonly editors: Readonly<Record<string, EditorEntry>>;
  readonly sources: Readonly<Record<SourceName, SourceEntry>>;
}

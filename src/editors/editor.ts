import type { z } from 'zod';
import type { ArtifactVersion, Version } from '../domain/version.ts';

/** Why an editor will not read or write something: a sentence a reviewer understands, and the line where that is known. */
export interface Refusal {
  readonly line: number | undefined;
  readonly reason: string;
  /** The artifact it is about; undefined when it is about everything in the file. */
  readonly artifact?: string | undefined;
  /** Artifacts of one unit move together or not at all: a refusal of one is a refusal of all. */
  readonly unit?: string | undefined;
  /** What stands there all the same: it is not promoted, but another version may take its place. */
  readonly present?: ArtifactVersion;
}

/** "At this artifact of this file put this version." */
export interface Edit {
  readonly artifact: string;
  readonly version: Version;
}

/** What `where` selects in a text. An artifact that cannot be read for certain is a refusal, never a guess. */
export interface Found {
  readonly artifacts: readonly ArtifactVersion[];
  readonly refusals: readonly Refusal[];
}

/** The text with every edit made, or the reasons why none was made. Never half of them. */
export type Written =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** One place where two texts differ outside what the editor moves: left alone, and shown to the reviewer. */
export interface Difference {
  /** Dotted path of the value, such as `replicas[0].count`. */
  readonly path: string;
  readonly source: string | undefined;
  readonly target: string | undefined;
}

/**
 * A file beside the edited one that says the same thing again, such as a lock file: it is written with the edited one or
 * neither is.
 */
export interface Companion {
  /** Its name in the folder of the edited file. A folder that has none needs none. */
  readonly file: string;
  /** Its text as it must be beside the edited text `main`; the same text where they agree already. Never throws. */
  write(text: string, main: string): Written;
}

/**
 * One dialect. `where` is what the configuration allows to move in one file; its schema is `options`.
 * - `find` reads the artifacts `where` selects.
 * - `write` makes the edits: only the scalars' bytes change, a second run changes nothing, what cannot be proved is refused.
 * - `leftAlone` lists the leaves in which two texts differ and which `where` does not select, at most `differencesMax` of them.
 * None of them throws on any text.
 */
export interface Editor<Where> {
  readonly name: string;
  readonly summary: string;
  readonly options: z.ZodType<Where>;
  /** File looked at when the configuration names none. */
  readonly defaultFile: string;
  find(text: string, where: Where): Found;
  write(text: string, where: Where, edits: readonly Edit[]): Written;
  leftAlone(source: string, target: string, where: Where): readonly Difference[];
  readonly companion?: Companion | undefined;
}

/** Differences listed for one file: more would fill the pull request with what does not move. */
export const differencesMax = 50;

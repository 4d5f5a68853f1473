import { readFileSync } from 'node:fs';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { someRegistries } from './some-registries.ts';

/** A configuration that uses every key. */
export const everything = readFileSync(new URL('../fixtures/config/everything.yaml', import.meta.url), 'utf8');

/** That configuration with one piece of it changed; the piece must be there. */
export function edited(piece: string, other: string): string {
  if (!everything.includes(piece)) throw new Error(`The configuration does not hold: ${piece}`);
  return everything.replace(piece, () => other);
}

/** What is wrong with a text, as `line:column message hint`. */
export function problemsIn(text: string | Uint8Array): readonly string[] {
  const parsed = parseConfig(text, someRegistries);
  return (parsed.ok ? [] : parsed.problems).map((problem) =>
    describeProblem(problem).replace('.github/pawl.yaml:', ''),
  );
}

/** The warnings about a text that is right, in the same form. */
export function warningsIn(text: string): readonly string[] {
  const parsed = parseConfig(text, someRegistries);
  if (!parsed.ok) throw new Error(problemsIn(text).join('\n'));
  return parsed.warnings.map((warning) => describeProblem(warning).replace('.github/pawl.yaml:', ''));
}

/** The configuration of a text that is right. */
export function configIn(text: string): Config {
  const parsed = parseConfig(text, someRegistries);
  if (!parsed.ok) throw new Error(problemsIn(text).join('\n'));
  return parsed.config;
}

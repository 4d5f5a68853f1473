import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../src/config/parse.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { editors } from '../../src/editors/index.ts';
import { syncSources } from '../../src/sources/index.ts';

const docs = new URL('../../docs/', import.meta.url);
const [, whole = ''] =
  /^```yaml pawl\n([\s\S]*?)^```$/m.exec(readFileSync(new URL('configuration.md', docs), 'utf8')) ?? [];
const pages = readdirSync(new URL('promote/', docs)).filter((name) => name.endsWith('.md'));

/** The pieces of a configuration that a page shows; other YAML there is not looked at. */
function pieces(page: string): readonly { readonly at: string; readonly text: string }[] {
  const text = readFileSync(new URL(`promote/${page}`, docs), 'utf8');
  return [...text.matchAll(/^```yaml\n(applications:[\s\S]*?)^```$/gm)].map(({ 1: piece = '', index }) => ({
    at: `${page}:${text.slice(0, index).split('\n').length}`,
    text: piece,
  }));
}

describe('the examples of the pages on what is promoted', () => {
  test.each(pages.flatMap(pieces))('at $at are right in place of that section', ({ text }) => {
    const config = stringify({ ...parse(whole), ...parse(text) });
    const parsed = parseConfig(config, { editors, sources: syncSources });
    expect((parsed.ok ? parsed.warnings : parsed.problems).map(describeProblem)).toEqual([]);
  });

  test('are found', () => {
    expect(pieces('kustomize.md').length).toBeGreaterThan(3);
  });
});

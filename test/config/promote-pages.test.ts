import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../src/config/parse.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { editors } from '../../src/editors/index.ts';
import { syncSources } from '../../src/sources/index.ts';

/** The pages about what moves show entries of `promote` in place of those in the example of the configuration. */
const docs = new URL('../../docs/', import.meta.url);
const folder = new URL('promote/', docs);
const pages = existsSync(folder) ? readdirSync(folder) : [];
const whole = /^```yaml pawl\n([\s\S]*?)^```$/mu.exec(readFileSync(new URL('configuration.md', docs), 'utf8'))?.[1];

const blocks = pages.flatMap((page) =>
  [...readFileSync(new URL(page, folder), 'utf8').matchAll(/^```yaml\n(applications:[\s\S]*?)^```$/gmu)].map(
    ([, text = '']) => ({ page, text }),
  ),
);

describe('the examples of what moves', () => {
  test('are on every page', () => {
    expect([...new Set(blocks.map(({ page }) => page))].sort()).toEqual(pages.sort());
  });

  test.each(blocks)('on $page are right', ({ text }) => {
    const sections: unknown = parse(text);
    const example: unknown = parse(whole ?? '');
    const parsed = parseConfig(stringify(Object.assign({}, example, sections)), { editors, sources: syncSources });
    expect((parsed.ok ? parsed.warnings : parsed.problems).map(describeProblem)).toEqual([]);
  });
});

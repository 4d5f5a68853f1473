import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../src/config/parse.ts';
import { describeProblem } from '../../src/domain/problem.ts';
import { editors } from '../../src/editors/index.ts';
import { syncSources } from '../../src/sources/index.ts';
import { edited, problemsIn } from './some-config.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml( pawl)?\n([\s\S]*?)^```$/gm)].map(([, whole, text = '']) => ({
  line: page.slice(0, page.indexOf(text)).split('\n').length,
  whole: whole !== undefined,
  text,
}));
const [first] = blocks.filter(({ whole }) => whole);

function problemsOf(text: string): readonly string[] {
  const parsed = parseConfig(text, { editors, sources: syncSources });
  return (parsed.ok ? parsed.warnings : parsed.problems).map(describeProblem);
}

describe('the examples', () => {
  test('begin with a whole configuration', () => {
    expect(problemsOf(first?.text ?? '')).toEqual([]);
  });

  test.each(blocks.filter(({ whole }) => !whole))('in line $line is right in place of that section', ({ text }) => {
    const sections: unknown = parse(text);
    const whole: unknown = parse(first?.text ?? '');
    expect(problemsOf(stringify(Object.assign({}, whole, sections)))).toEqual([]);
    expect(Object.keys(Object.assign({}, sections))).not.toEqual([]);
  });

  test('of messages are what is said', () => {
    const said = problemsIn(edited('after: dev', 'after: dve').replace('[eu, us]', '[]'));
    expect(page).toContain(said.map((problem) => `.github/pawl.yaml:${problem}\n`).join(''));
  });
});

describe('the tables', () => {
  // A source of reports and an editor may have one name, each in the table of its section.
  const [promoted = '', reported = ''] = page.split('\n## Syncs\n');
  const row = (section: string, name: string): readonly string[] => {
    const line = section.split('\n').find((text) => text.startsWith(`| \`${name}\` `)) ?? '';
    return line.split('|').map((cell) => cell.trim());
  };
  const words = (cell: string | undefined): readonly string[] =>
    [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

  test.each(Object.values(syncSources))(
    'name the fields of $name, and whether it needs senders',
    ({ name, fields, event }) => {
      const [, , , listed, senders] = row(reported, name);
      expect(words(listed)).toEqual(Object.keys(fields));
      expect(senders === 'none').toBe(event === undefined);
    },
  );

  test.each(Object.entries(editors))('name the editor %s and its file', (key, { defaultFile }) => {
    expect(words(row(promoted, key)[3])).toEqual([defaultFile]);
  });
});

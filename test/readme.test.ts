import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../src/config/parse.ts';
import { editors } from '../src/editors/index.ts';
import { settingRows } from '../src/setting-rows.ts';
import { syncSources } from '../src/sources/index.ts';

/** What the first two pages quote from elsewhere must be what stands there. */
const root = new URL('..', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const [readme, start] = [read('README.md'), read('docs/getting-started.md')];
const manifest = z
  .object({ default_permissions: z.record(z.string(), z.string()), default_events: z.array(z.string()) })
  .parse(parse(read('app.yml')));

function blocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

describe('README.md', () => {
  test('shows the configuration of the example repo', () => {
    expect(blocks(readme, 'yaml')).toEqual([read('environments/.github/pawl.yaml')]);
  });

  test('lists the permissions that the App asks for', () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| (read|write) +\|/gm)].map(([, name, level]) => [name, level]);
    expect(Object.fromEntries(rows)).toEqual(manifest.default_permissions);
  });

  test.each(['light', 'dark'])('shows a small picture in %s', (look) => {
    const picture = `docs/images/pull-request-${look}.png`;
    expect(readme).toContain(picture);
    expect(statSync(new URL(picture, root)).size).toBeLessThan(200_000);
  });
});

describe('docs/getting-started.md', () => {
  test('registers the App with the permissions and events it asks for', () => {
    const [address = ''] = /https:\/\/github\.com\/organizations\/\S+/.exec(start) ?? [];
    const { searchParams } = new URL(address);
    const {
      name,
      url,
      public: isPublic,
      webhook_active,
      webhook_url,
      ...permissions
    } = Object.fromEntries([...searchParams].filter(([key]) => key !== 'events[]'));
    expect(permissions).toEqual(manifest.default_permissions);
    expect(searchParams.getAll('events[]')).toEqual(manifest.default_events);
    expect({ name, isPublic, webhook_active }).toEqual({ name: 'Pawl', isPublic: 'false', webhook_active: 'true' });
    expect(`${url} ${webhook_url}`).toMatch(/^https:\S+ https:\/\/pawl\.example\.com\/api\/github\/webhooks$/);
  });

  test('has a configuration that is valid', () => {
    const [whole = ''] = blocks(start, 'yaml');
    expect(parseConfig(whole, { editors, sources: syncSources })).toMatchObject({ ok: true, warnings: [] });
  });

  test('sets what is a setting', () => {
    const set = [...start.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(set.length).toBeGreaterThan(3);
    expect(settingRows.map(({ name }) => name)).toEqual(expect.arrayContaining(set));
  });

  test('explains sentences that Pawl says', () => {
    const said = sourceTexts([
      'promotion/candidates',
      'promotion/proposal',
      'promotion/declines',
      'promotion/transitions',
      'reconcile/intake',
      'reconcile/deliveries',
      'reconcile/observe',
      'reconcile/evidence',
      'reconcile/homes',
      'reconcile/feeds',
      'editors/moving-tag',
      'http/refusal-log',
      'cli/explain',
    ]);
    const quoted = [...start.matchAll(/^\| (`+)(.+?)\1(?: +\|| with)/gm)].map(([, , text = '']) => text);
    expect(quoted.length).toBeGreaterThan(15);
    const pieces = quoted.flatMap((text) =>
      text
        .split('…')
        .map((piece) => piece.trim())
        .filter((piece) => piece.length > 2),
    );
    expect(pieces.filter((piece) => !said.includes(piece))).toEqual([]);
  });
});

function sourceTexts(files: readonly string[]): string {
  return files.map((file) => read(`src/${file}.ts`).replaceAll('\\`', '`')).join('\n');
}

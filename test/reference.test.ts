import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { understoodEvents } from '../src/reconcile/deliveries.ts';
import { generated } from './generate/generate.ts';

/** What people read must be right: the examples parse, the links lead somewhere, the manifest asks for what is used. */
const root = new URL('..', import.meta.url).pathname;

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  'environments/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].sort();

describe('blocks of code', () => {
  const blocks = pages.flatMap((page) => blocksIn(page, read(page)));

  test.each(blocks.filter((block) => block.language === 'yaml'))('the YAML at $at parses', ({ text }) => {
    const problems = parseAllDocuments(text).flatMap((document) => [...document.errors, ...document.warnings]);
    expect(problems.map((problem) => problem.message)).toEqual([]);
  });

  test.each(blocks.filter((block) => block.language === 'json'))('the JSON at $at parses', ({ text }) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  test('every block says what language it is in by a name that is looked at here, or none', () => {
    const known = [
      'yaml',
      'json',
      'sh',
      'ts',
      'js',
      'diff',
      'text',
      'markdown',
      'mermaid',
      'graphql',
      'sql',
      'http',
      '',
    ];
    expect(blocks.filter((block) => !known.includes(block.language))).toEqual([]);
  });

  test('a block is found wherever it is, with its line', () => {
    const page = 'Text\n\n```yaml\na: 1\n```\n\n- item\n\n  ~~~json\n  {"a": 1}\n  ~~~\n\n````text\n```yaml\n````\n';
    expect(blocksIn('a.md', page)).toEqual([
      { at: 'a.md:3', language: 'yaml', text: 'a: 1' },
      { at: 'a.md:9', language: 'json', text: '{"a": 1}' },
      { at: 'a.md:13', language: 'text', text: '```yaml' },
    ]);
  });
});

test.each(Object.entries(generated()))('%s is what `npm run generate` writes', (path, text) => {
  expect(read(path)).toBe(text);
});

describe('links', () => {
  test.each(pages)('those in %s lead somewhere', (page) => {
    expect(deadLinksIn(page, read(page))).toEqual([]);
  });

  test.each([
    ['[a](missing.md)', ['docs/x.md: missing.md']],
    ['[a](../README.md#no-such-heading)', ['docs/x.md: ../README.md#no-such-heading']],
    ['![a](missing.png "title")', ['docs/x.md: missing.png']],
    ['[a]: missing.md', ['docs/x.md: missing.md']],
    ['[a](#here-and-there)', []],
    ['[a](#nowhere)', ['docs/x.md: #nowhere']],
    ['[a](https://example.com/missing.md)', []],
    ['`[a](missing.md)`', []],
  ])('%s', (text, expected) => {
    expect(deadLinksIn('docs/x.md', `# Here, and \`there\`\n\n${text}\n`)).toEqual(expected);
  });
});

describe('app.yml', () => {
  const text = read('app.yml');
  const manifest = z
    .object({
      name: z.string(),
      description: z.string(),
      url: z.url({ protocol: /^https$/ }),
      public: z.boolean(),
      default_permissions: z.record(z.string(), z.enum(['read', 'write'])),
      default_events: z.array(z.string()),
    })
    .strict()
    .parse(parse(text));

  /** Without the permission GitHub does not send the event. */
  const permissionOfEvent: Readonly<Record<string, string>> = {
    push: 'contents',
    repository_dispatch: 'contents',
    repository: 'metadata',
    pull_request: 'pull_requests',
    check_run: 'checks',
    status: 'statuses',
    deployment_status: 'deployments',
  };

  test('subscribes to the events the code handles and to no other', () => {
    expect([...manifest.default_events].sort()).toEqual(
      understoodEvents.filter((event) => !alwaysSent.includes(event)).sort(),
    );
  });

  test('asks for the permissions that the events and the writes need and for no other', () => {
    const read = manifest.default_events.map((event) => [
      permissionOfEvent[event] ?? `permission of ${event}?`,
      'read',
    ]);
    const written = ['contents', 'pull_requests', 'checks'].map((permission) => [permission, 'write']);
    expect(manifest.default_permissions).toEqual(Object.fromEntries([['metadata', 'read'], ...read, ...written]));
  });

  test('gives the reason of each on its line', () => {
    const asked = [...Object.keys(manifest.default_permissions), ...manifest.default_events];
    const withReason = [...text.matchAll(/^ {2}(?:- )?(\w+)(?:: \w+)? # \S.{10,}$/gm)].map(([, name]) => name);
    expect(withReason).toEqual(asked);
  });

  test('holds no apostrophe, which would cut the form of the setup page short', () => {
    expect(JSON.stringify(manifest)).not.toContain("'");
  });
});

/** GitHub sends these to every App, asked for or not. */
const alwaysSent = ['installation', 'installation_repositories'];

interface Block {
  readonly at: string;
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a Markdown page, without the indentation of the list they may be in. `yml` counts as `yaml`. */
function blocksIn(page: string, text: string): readonly Block[] {
  const fences = text.matchAll(/^( *)(`{3,}|~{3,})([\w-]*)[^\n]*\n(?:([\s\S]*?)\n)?\1\2 *$/gm);
  return [...fences].map(({ index, 1: indent = '', 3: language = '', 4: body = '' }) => ({
    at: `${page}:${text.slice(0, index).split('\n').length}`,
    language: language === 'yml' ? 'yaml' : language,
    text: body
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n'),
  }));
}

/** Relative links and pictures of a page whose file or heading is not there. */
function deadLinksIn(page: string, text: string): readonly string[] {
  const prose = withoutCode(text);
  const links = [
    ...prose.matchAll(/\]\(<?([^()\s<>]+)>?(?: "[^"]*")?\)/g),
    ...prose.matchAll(/^\[[^\]]+\]: +<?([^\s<>]+)>?/gm),
    ...prose.matchAll(/\b(?:src|href)="([^"]+)"/g),
  ].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(page, text, link))
    .map((link) => `${page}: ${link}`);
}

function leadsSomewhere(page: string, text: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : posix.join(dirname(page), decodeURI(path));
  if (path !== '' && !existsSync(join(root, file))) return false;
  if (anchor === undefined || !file.endsWith('.md')) return true;
  return anchorsIn(path === '' ? text : read(file)).includes(anchor);
}

/** The anchors GitHub gives to the headings of a page. */
function anchorsIn(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...text.replaceAll(/^( *)(`{3,}|~{3,})[\s\S]*?\n\1\2 *$/gm, '').matchAll(/^#{1,6} +(.+)$/gm)].map(
    ([, title = '']) => {
      const slug = title
        .trim()
        .toLowerCase()
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
        .replaceAll(' ', '-');
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    },
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^( *)(`{3,}|~{3,})[\s\S]*?\n\1\2 *$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

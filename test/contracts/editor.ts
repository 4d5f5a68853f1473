import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import jsonPatch from 'fast-json-patch';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Edit, Editor, Found, Refusal } from '../../src/editors/editor.ts';

/** A generated file, one edit of it, and what the edit may touch. */
export interface EditorSample<Where> {
  readonly text: string;
  readonly where: Where;
  readonly edit: Edit;
  /** Characters of `text` that may change: everything before and behind them stays. */
  readonly span: readonly [start: number, end: number];
  /** Number of the document the paths are in; the first one unless it is given. */
  readonly document?: number;
  /** Paths from the root of that document, and the text each must read as; undefined for one that must be gone. */
  readonly wanted: readonly (readonly [path: readonly (string | number)[], text: string | undefined])[];
}

export interface EditorContract<Where> {
  readonly editor: Editor<Where>;
  /**
   * Folder of cases below `test/fixtures/editors/`: `before.yaml`, `edit.json`, and `after.yaml` or `refusal.json` for what
   * is written, or `found.json` for what is read.
   */
  readonly folder: string;
  /** Edits that must succeed. */
  readonly samples: fc.Arbitrary<EditorSample<Where>>;
}

/** Generated files of one run. More find nothing new within the time a test may take. */
const runs = { numRuns: 250 };

/** What every editor must keep to. Called at the top of an editor's test file. */
export function describeEditorContract<Where>(contract: EditorContract<Where>): void {
  describe(`${contract.editor.name}: cases`, () => describeCases(contract));
  describe(`${contract.editor.name}: any file, any version`, () => describeProperties(contract));
}

function describeCases<Where>({ editor, folder }: EditorContract<Where>): void {
  const root = new URL(`../fixtures/editors/${folder}/`, import.meta.url);
  const cases = readdirSync(root).map((name) => readCase(new URL(`${name}/`, root), editor, name));

  test.each(cases.filter(({ after }) => after !== undefined))('$name', ({ before, where, edits, after }) => {
    expect(editor.write(before, where, edits)).toEqual({ ok: true, text: after });
  });
  test.each(cases.filter(({ after }) => after !== undefined))(
    '$name, a second time',
    ({ where, edits, after = '' }) => {
      expect(editor.write(after, where, edits)).toEqual({ ok: true, text: after });
    },
  );
  test.each(cases.filter(({ found }) => found !== undefined))('$name', ({ before, where, found }) => {
    expect(editor.find(before, where)).toEqual(found);
  });
  test.each(cases.filter(({ refusals }) => refusals !== undefined))('$name', ({ before, where, edits, refusals }) => {
    expect(editor.write(before, where, edits)).toEqual({ ok: false, refusals });
  });
}

interface EditorCase<Where> {
  readonly name: string;
  readonly before: string;
  readonly where: Where;
  readonly edits: readonly Edit[];
  readonly after: string | undefined;
  readonly refusals: readonly Refusal[] | undefined;
  readonly found: Found | undefined;
}

function readCase<Where>(folder: URL, editor: Editor<Where>, name: string): EditorCase<Where> {
  const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
  const { where, edits }: { where: unknown; edits: readonly Edit[] } = JSON.parse(read('edit.json'));
  const has = (file: string): boolean => existsSync(new URL(file, folder));
  const refuses = has('refusal.json');
  const refusals: readonly Partial<Refusal>[] | undefined = refuses ? JSON.parse(read('refusal.json')) : undefined;
  return {
    name,
    before: read('before.yaml'),
    where: editor.options.parse(where),
    edits,
    after: has('after.yaml') ? read('after.yaml') : undefined,
    refusals: refusals?.map(({ line, reason = '', ...rest }) => ({ line, reason, ...rest })),
    found: has('found.json') ? JSON.parse(read('found.json')) : undefined,
  };
}

function describeProperties<Where>({ editor, samples }: EditorContract<Where>): void {
  const check = (property: (sample: EditorSample<Where>, written: string) => void): void => {
    fc.assert(
      fc.property(samples, (sample) => {
        const written = editor.write(sample.text, sample.where, [sample.edit]);
        expect(written).toMatchObject({ ok: true });
        if (written.ok) property(sample, written.text);
      }),
      runs,
    );
  };

  test('nothing outside the version changes by a single character', () => {
    check(({ text, span: [start, end] }, written) => {
      expect(written.slice(0, start)).toBe(text.slice(0, start));
      expect(written.slice(written.length - (text.length - end))).toBe(text.slice(end));
    });
  });

  test.each(['1.1', '1.2'] as const)('YAML %s reads exactly the version that was asked for', (version) => {
    check(({ wanted, document: index = 0 }, written) => {
      const document = parseAllDocuments(marked(written), { version, logLevel: 'silent' })[index]?.toJS();
      for (const [path, text] of wanted) expect(valueAt(document, path)).toBe(text);
    });
  });

  test('every other path reads as before', () => {
    check(({ text, wanted, document = 0 }, written) => {
      const allowed = wanted.map(([path]) => ['', document, ...path].join('/'));
      const changed = jsonPatch.compare(asTexts(text), asTexts(written)).map(({ path }) => path);
      expect(changed.filter((path) => !allowed.some((one) => path === one || one.startsWith(`${path}/`)))).toEqual([]);
    });
  });

  test('a second run changes nothing', () => {
    check(({ where, edit }, written) => {
      expect(editor.write(written, where, [edit])).toEqual({ ok: true, text: written });
    });
  });

  test('what was written is what is found, unless it is several lines', () => {
    check(({ where, edit: { artifact, version } }, written) => {
      if (Object.values(version).some((text) => /[\n\r\u0085\u2028\u2029]/u.test(text))) return;
      const found = editor.find(written, where);
      expect(found.artifacts).toContainEqual(expect.objectContaining({ artifact, version, line: expect.any(Number) }));
    });
  });

  test('no text makes it throw, and what it writes into a damaged file is still YAML with as many documents', () => {
    fc.assert(
      fc.property(samples, damages, ({ text, where, edit }, damage) => {
        const damaged = damage.reduce((result, { at, drop, add }) => {
          const start = Math.floor(at * result.length);
          return result.slice(0, start) + add + result.slice(start + drop);
        }, text);
        editor.find(damaged, where);
        editor.leftAlone(text, damaged, where);
        const written = editor.write(damaged, where, [edit]);
        if (written.ok) expect(shape(written.text)).toEqual(shape(damaged));
        else expect(written.refusals.length).toBeGreaterThan(0);
      }),
      runs,
    );
  });
}

/** Small wounds: characters dropped, and pieces put in that mean something to YAML. */
const damages = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat(3),
    add: fc.oneof(
      fc.constantFrom(
        '\n',
        ' ',
        '\t',
        ':',
        ': ',
        '- ',
        '#',
        ' #',
        '*a',
        '&a ',
        '!t ',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ',',
      ),
      fc.constantFrom('|\n', '>', '<<: ', '---\n', '...\n', '%', '\r', '\0', '{{', '\uD800', '\uFEFF', ''),
      fc.string({ maxLength: 4 }),
    ),
  }),
  { maxLength: 3 },
);

/** The parser takes no list right behind a byte order mark; an empty line in its place reads the same. */
function marked(text: string): string {
  return text.replace(/^\uFEFF/u, '\n');
}

function shape(text: string): readonly unknown[] {
  return parseAllDocuments(marked(text), { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' }).map(
    ({ errors }) => errors,
  );
}

/** All documents with every scalar as the text it is written as, aliases resolved. */
function asTexts(text: string): readonly unknown[] {
  return parseAllDocuments(marked(text), { schema: 'failsafe', logLevel: 'silent' }).map((document) => document.toJS());
}

function valueAt(document: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, segment) => {
    if (Array.isArray(value)) return typeof segment === 'number' ? value[segment] : undefined;
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, segment);
    return known ? Object.entries(value).find(([key]) => key === String(segment))?.[1] : undefined;
  }, document);
}

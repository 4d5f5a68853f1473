import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Written } from '../../src/editors/editor.ts';
import { variablesEditor as editor, type VariablesWhere } from '../../src/editors/variables.ts';

const all: VariablesWhere = { variables: ['*'] };
const set = (text: string, value: string, where = all): Written =>
  editor.write(text, where, [{ artifact: 'TAG', version: { value } }]);

describe('write', () => {
  test.each([
    ['a value', 'TAG=v1\n', 'v2', 'TAG=v2\n'],
    ['no final line break', 'A=1\nTAG=v1', 'v2', 'A=1\nTAG=v2'],
    ['CRLF', 'TAG=v1\r\nA=1\r\n', 'v2', 'TAG=v2\r\nA=1\r\n'],
    ['mixed line breaks', 'A=1\nTAG=v1\r\nB=2\n', 'v2', 'A=1\nTAG=v2\r\nB=2\n'],
    ['a byte order mark', '\uFEFFTAG=v1\n', 'v2', '\uFEFFTAG=v2\n'],
    ['comments and empty lines', '# TAG=v1\n\n  # x\nTAG=v1\n#\n', 'v2', '# TAG=v1\n\n  # x\nTAG=v2\n#\n'],
    ['export', 'export TAG=v1\n', 'v2', 'export TAG=v2\n'],
    ['blanks before the name', ' \tTAG=v1\n', 'v2', ' \tTAG=v2\n'],
    ['an empty value', 'TAG=\nA=1\n', 'v2', 'TAG=v2\nA=1\n'],
    ['an empty value at the end', 'TAG=', 'v2', 'TAG=v2'],
    ['what looks like a comment behind it', 'TAG=v1 # c\n', 'v2', 'TAG=v2\n'],
    ['quotes, which are a part of the value', 'TAG="v1"\n', 'v2', 'TAG=v2\n'],
    ['equals signs in the value', 'TAG=a=b\n', 'c=d=', 'TAG=c=d=\n'],
    ['the same text elsewhere', 'A=v1\nTAG=v1\nTAGS=v1\n', 'v2', 'A=v1\nTAG=v2\nTAGS=v1\n'],
    ['a name with dots and dashes beside it', 'a.b-c=1\nTAG=v1\n', 'v2', 'a.b-c=1\nTAG=v2\n'],
    ['what is no variable', 'some words here\nTAG=v1\n=x\n', 'v2', 'some words here\nTAG=v2\n=x\n'],
    ['a value that is right already', 'TAG=v2\n', 'v2', 'TAG=v2\n'],
    ['what is not ASCII', 'Ä=😀\nTAG=v1\n', 'ф😀', 'Ä=😀\nTAG=ф😀\n'],
    ['a variable of another that cannot be told', 'B="a\nTAG=v1\n', 'v2', 'B="a\nTAG=v2\n'],
  ])('%s', (_, before, value, after) => {
    expect(set(before, value)).toEqual({ ok: true, text: after });
    expect(set(after, value)).toEqual({ ok: true, text: after });
  });

  test('several at once, or none of them', () => {
    const edits = ['A', 'TAG'].map((artifact) => ({ artifact, version: { value: 'v2' } }));
    expect(editor.write('TAG=v1\nA=1\n', all, edits)).toEqual({ ok: true, text: 'TAG=v2\nA=v2\n' });
    expect(editor.write('TAG=v1\nA\n', all, edits)).toMatchObject({
      ok: false,
      refusals: [{ artifact: 'A', line: 2 }],
    });
  });

  test.each([
    ['a variable that is missing', 'A=1\n', undefined, 'TAG is missing. Pawl never adds a variable'],
    ['a variable written twice', 'TAG=1\nexport TAG=2\n', 1, 'TAG is written more than once, in lines 1 and 2'],
    ['no equals sign', 'A=1\nTAG\n', 2, 'TAG has no `=`'],
    ['a blank before the equals sign', 'TAG =v1\n', 1, 'TAG has a blank before its `=`'],
    ['a blank behind the equals sign', 'TAG= v1\n', 1, 'TAG has a blank at an end of its value'],
    ['a blank at the end', 'TAG=v1 \n', 1, 'TAG has a blank at an end of its value'],
    ['a value over several lines', 'TAG="v1\nv2"\n', 1, 'TAG opens a quote that does not end its line'],
    ['a quote with something behind it', "TAG='v1' # c\n", 1, 'TAG opens a quote that does not end its line'],
    ['a quote alone', 'TAG="\n', 1, 'TAG opens a quote that does not end its line'],
    ['a line that goes on', 'TAG=v1\\\nv2\n', 1, 'TAG ends with a backslash'],
    ['a substitution', `TAG=\${TAG}\n`, 1, 'TAG holds a substitution'],
    ['a template', 'TAG={{ tag }}\n', 1, 'TAG holds a template expression'],
    ['a value of SOPS', 'TAG=ENC[AES256_GCM,data:x]\n', 1, 'TAG is encrypted by SOPS'],
  ])('refuses %s', (_, text, line, reason) => {
    const refusals = [{ line, artifact: 'TAG', reason: expect.stringContaining(reason) }];
    expect(set(text, 'v2')).toEqual({ ok: false, refusals });
    if (line !== undefined) expect(editor.find(text, { variables: ['TAG'] })).toEqual({ artifacts: [], refusals });
  });

  test.each([
    ['', 'must be one text'],
    ['a\nb', 'holds several lines'],
    ['a\r', 'holds several lines'],
    ['a\u2028b', 'holds several lines'],
    [' a', 'has a blank at an end'],
    ['"a', 'opens a quote'],
    ['a\\', 'ends with a backslash'],
    [`\${A}`, 'holds a substitution'],
    ['a\u0000', 'cannot prove'],
    ['\uD800', 'cannot prove'],
  ])('refuses the version %j', (value, reason) => {
    expect(set('TAG=v1\n', value)).toMatchObject({
      ok: false,
      refusals: [{ reason: expect.stringContaining(reason) }],
    });
  });

  test.each([
    [
      'what is not selected',
      { variables: ['A'] },
      [{ artifact: 'TAG', version: { value: 'v2' } }],
      'Add it to variables',
    ],
    ['a version with other parts', all, [{ artifact: 'TAG', version: { tag: 'v2' } }], 'under `value`'],
    [
      'two versions',
      all,
      ['v2', 'v3'].map((value) => ({ artifact: 'TAG', version: { value } })),
      'two versions at once',
    ],
  ])('refuses %s', (_, where, edits, reason) => {
    const written = editor.write('TAG=v1\n', where, edits);
    expect(written).toMatchObject({ ok: false, refusals: edits.map(() => ({ artifact: 'TAG' })) });
    expect(JSON.stringify(written)).toContain(reason);
  });

  test.each([
    ['an encrypted file', 'TAG=v1\nsops_version=3.8.1\n', 2, 'is encrypted (SOPS)'],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1\n', 1, 'Git LFS pointer'],
    ['binary', 'TAG=v1\nA=\u0000\n', 2, 'U+0000'],
    ['bytes that were no UTF-8', 'TAG=v\uFFFD\n', 1, 'U+FFFD'],
    ['a carriage return alone', 'TAG=v1\rA=1\n', 1, 'U+000D'],
    ['what is too big', `TAG=${'1'.repeat(600_000)}`, undefined, 'at most'],
  ])('refuses %s', (_, text, line, reason) => {
    const refusals = [{ line, reason: expect.stringContaining(reason) }];
    expect(set(text, 'v2')).toEqual({ ok: false, refusals });
    expect(editor.find(text, all)).toEqual({ artifacts: [], refusals });
    expect(editor.leftAlone(text, 'A=2\n', all)).toEqual([]);
  });
});

describe('any file, any value', () => {
  const values = fc
    .oneof(
      fc.constantFrom('1.10', 'a b', 'a=b', '#', '"v1"', "'v1'", 'v1 # c', 'ф😀', '$A', 'a"b', '1e3', 'null'),
      fc.stringMatching(/^[A-Za-z0-9_.:/@-]{1,30}$/),
    )
    .filter((value) => !/(?:^|:)latest$/i.test(value));
  const lines = fc.array(
    fc.oneof(
      fc.constantFrom('', '# TAG=v1', 'A=1', 'export B="x"', 'C = 1', 'no variable', '=', '  D=', 'E="open', 'TAGS=v1'),
      fc.string({ maxLength: 8 }).filter((line) => !/TAG|[\r\n\uFEFF\uFFFD]|sops_/u.test(line)),
    ),
    { maxLength: 5 },
  );
  const samples = fc.record({
    value: values,
    old: values,
    before: lines,
    after: lines,
    lead: fc.constantFrom('', ' ', 'export ', '\texport  '),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\uFEFF'),
    cut: fc.boolean(),
  });

  test('only the value changes, a second run changes nothing, and what was written is found', () => {
    fc.assert(
      fc.property(samples, ({ value, old, before, after, lead, lineBreak, bom, cut }) => {
        const head = `${bom}${before.map((line) => line + lineBreak).join('')}${lead}TAG=`;
        const tail = [...(cut ? [] : ['']), ...after].map((line) => lineBreak + line).join('');
        fc.pre(editor.find(head + old + tail, { variables: ['none'] }).refusals.length === 0);
        expect(set(head + old + tail, value)).toEqual({ ok: true, text: head + value + tail });
        expect(set(head + value + tail, value)).toEqual({ ok: true, text: head + value + tail });
        expect(editor.find(head + value + tail, { variables: ['TAG'] })).toEqual({
          artifacts: [{ artifact: 'TAG', version: { value }, line: before.length + 1 }],
          refusals: [],
        });
      }),
      { numRuns: 500 },
    );
  });

  test('no text makes it throw, and what it writes has the other lines as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.nat(40), (text, value, at) => {
        const damaged = `${text.slice(0, at)}\nTAG=v1\n${text.slice(at)}`;
        editor.find(damaged, all);
        editor.leftAlone(damaged, text, all);
        const written = set(damaged, value);
        const others = (each: string): readonly string[] => each.split('\n').filter((line) => !line.includes('TAG'));
        if (written.ok) expect(others(written.text)).toEqual(others(damaged));
        else expect(written.refusals.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('find', () => {
  test('reads every value to the end of its line, as Kustomize does', () => {
    const text = `\uFEFF# versions\nTAG=v1\r\nexport API_TAG="v2"\n\nURL=https://x.example/?a=b#c\n# renovate: datasource=docker\nDB_TAG=v3\n`;
    expect(editor.find(text, all)).toEqual({
      artifacts: [
        { artifact: 'TAG', unit: 'DIGEST TAG', version: { value: 'v1' }, line: 2 },
        { artifact: 'API_TAG', unit: 'API_DIGEST API_TAG', version: { value: '"v2"' }, line: 3 },
        { artifact: 'URL', version: { value: 'https://x.example/?a=b#c' }, line: 5 },
        {
          artifact: 'DB_TAG',
          unit: 'DB_DIGEST DB_TAG',
          version: { value: 'v3' },
          line: 7,
          owner: 'Renovate (a `renovate:` comment)',
        },
      ],
      refusals: [],
    });
  });

  test.each([
    [['TAG'], ['TAG']],
    [['*_TAG'], ['API_TAG', 'DB_TAG']],
    [['*'], ['TAG', 'API_TAG', 'DB_TAG']],
    [['tag'], []],
  ])('%j selects %j', (variables, names) => {
    const found = editor.find('TAG=1\nAPI_TAG=2\nDB_TAG=3\n', { variables });
    expect(found.artifacts.map(({ artifact }) => artifact)).toEqual(names);
  });

  test.each(['TAG=latest\n', 'TAG=ghcr.io/a/b:latest\n'])('refuses %j, and tells what stands there', (text) => {
    const value = text.trim().slice('TAG='.length);
    expect(editor.find(text, all).refusals).toEqual([
      {
        line: 1,
        reason: expect.stringContaining('names whatever was pushed last'),
        artifact: 'TAG',
        unit: 'DIGEST TAG',
        present: { artifact: 'TAG', unit: 'DIGEST TAG', version: { value }, line: 1 },
      },
    ]);
  });

  test.each(['TAG=\n', 'TAG=""\n', "TAG=''"])('there is no version in %j', (text) => {
    expect(editor.find(text, all).refusals).toMatchObject([
      { line: 1, artifact: 'TAG', reason: 'TAG is empty, so there is no version to move. Write one.' },
    ]);
  });

  test('an empty file holds nothing, and nothing wrong', () => {
    expect(editor.find('', all)).toEqual({ artifacts: [], refusals: [] });
  });
});

test('leftAlone shows the variables that differ and do not move', () => {
  const where = { variables: ['*TAG'] };
  expect(editor.leftAlone('TAG=1\nURL=a\nX=1\nSAME=1\n', 'SAME=1\nURL=b\nTAG=2\n', where)).toEqual([
    { path: 'URL', source: 'a', target: 'b' },
    { path: 'X', source: '1', target: undefined },
  ]);
});

describe('options', () => {
  test.each([{ variables: [] }, { variables: ['a b'] }, { variables: 'TAG' }, {}, { variables: ['*'], more: 1 }])(
    'refuses %j',
    (value) => {
      expect(editor.options.safeParse(value).success).toBe(false);
    },
  );
});

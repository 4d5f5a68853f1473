import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literalsEditor as editor, type LiteralsWhere } from '../../src/editors/literals.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const values = fc
  .oneof(
    fc.constantFrom('1.10', '0123', '1e3', 'on', 'null', '2024-01-02', 'a=b', 'ghcr.io/a/b:v1', 'a b', 'é', '%x'),
    fc.constantFrom('a: b', 'a #b', "it's", '"x"', "'x'", '[a]', '{a}', '&a', 'a,b', '\\', 'a"b'),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
  )
  .filter((value) => !/(?:^|:)latest$/i.test(value));

const samples: fc.Arbitrary<EditorSample<LiteralsWhere>> = fc
  .record({
    value: values,
    old: fc.constantFrom('v1.0.0', '', '1.10', 'ghcr.io/a/b:latest', 'a=b'),
    item: fc.constantFrom('', '"', "'"),
    inner: fc.constantFrom('', '"', "'"),
    flow: fc.boolean(),
    pattern: fc.constantFrom('app/TAG', 'TAG', '*', 'app/*'),
    comment: fc.constantFrom('', ' # keep', '   '),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\uFEFF'),
  })
  .filter(({ item, inner }) => item === '' || item !== inner)
  .map(({ value, old, item, inner, flow, pattern, comment, lineBreak, bom }) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const start = flow ? '- name: app\n  literals: [A=1, ' : '- options: {}\n  literals:\n  - A=1\n  - ';
    const end = flow ? `, B=2]${comment}\n` : `${comment}\n  - B=2\n  name: app\n`;
    const head = bom + broken(`# имя\nconfigMapGenerator:\n${start}`);
    const token = `${item}TAG=${inner}${old}${inner}${item}`;
    const bare = /^[\w./@+%=&:~-]*$/u.test(value) && !value.endsWith(':');
    const lead = bare ? `${item}TAG=${inner}`.length : 0;
    const tail = bare ? `${inner}${item}`.length : 0;
    const written = inner === '' && /^(["']).*\1$/u.test(value) ? `"${value}"` : `${inner}${value}${inner}`;
    return {
      text: head + token + broken(end),
      where: { literals: [pattern] },
      edit: { artifact: 'app/TAG', version: { value } },
      span: [head.length + lead, head.length + token.length - tail] as const,
      wanted: [[['configMapGenerator', 0, 'literals', 1], `TAG=${written}`]] as const,
    };
  });

describeEditorContract({ editor, folder: 'literals', samples });

describe('find', () => {
  const app = (item: string): string => `configMapGenerator:\n- name: app\n  literals:\n  - ${item}\n`;

  test.each([
    ['a tag that moves', 'TAG=latest', 'names whatever was pushed last'],
    ['an image that moves', 'TAG=a/b:latest', 'names whatever was pushed last'],
    ['nothing', 'TAG=', 'app/TAG has no version to move'],
    ['quotes around nothing', `'TAG=""'`, 'app/TAG has no version to move'],
    ['a quote alone', `'TAG="'`, 'holds no version of app/TAG'],
    ['a blank before the value', '"TAG= v1"', 'holds no version of app/TAG'],
    ['several lines', '"TAG=a\\nb"', 'holds several lines'],
    ['a substitution', `TAG=\${TAG}`, 'holds a substitution'],
    ['another type', '!!binary TAG=a', 'carries the tag !!binary'],
  ])('refuses %s, and names the artifact', (_, item, reason) => {
    expect(editor.find(app(item), { literals: ['*'] })).toMatchObject({
      artifacts: [],
      refusals: [{ artifact: 'app/TAG', line: 4, reason: expect.stringContaining(reason) }],
    });
  });

  test.each(['TAG', '=v1', '"a b=c"', '{TAG: v1}', '[TAG=v1]', ''])('the item %j is no literal', (item) => {
    expect(editor.find(app(item), { literals: ['*'] })).toEqual({ artifacts: [], refusals: [] });
  });

  test.each([
    [['TAG'], ['app/TAG', 'job/TAG']],
    [['app/*'], ['app/TAG', 'app/OTHER']],
    [
      ['job/TAG', 'OTH*'],
      ['app/OTHER', 'job/TAG'],
    ],
    [['db/PASSWORD', 'job/TAG'], ['job/TAG']],
    [['tag'], []],
  ])('%j selects %j', (literals, names) => {
    const text = `configMapGenerator:\n- {name: app, literals: [TAG=1, OTHER=2]}\n- {name: job, literals: [TAG=1]}\nsecretGenerator:\n- {name: db, literals: [PASSWORD=x]}\n`;
    expect(editor.find(text, { literals }).artifacts.map(({ artifact }) => artifact)).toEqual(names);
  });

  test('a secret is refused only to who names it exactly', () => {
    const text = 'secretGenerator:\n- {name: db, literals: [PASSWORD=x]}\n';
    expect(editor.find(text, { literals: ['*', 'db/*', 'PASSWORD'] })).toEqual({ artifacts: [], refusals: [] });
    expect(editor.find(text, { literals: ['db/PASSWORD'] }).refusals).toMatchObject([
      { artifact: 'db/PASSWORD', line: 2, reason: expect.stringContaining('never moves secrets') },
    ]);
  });
});

test('leftAlone shows what does not move', () => {
  const text = (value: string): string =>
    `configMapGenerator:\n- {name: app, literals: [TAG=${value}, URL=${value}]}\n`;
  expect(editor.leftAlone(text('v1'), text('v2'), { literals: ['TAG'] })).toEqual([
    { path: 'configMapGenerator[app].literals[1]', source: 'URL=v1', target: 'URL=v2' },
  ]);
});

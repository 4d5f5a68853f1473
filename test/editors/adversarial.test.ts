import { describe, expect, test } from 'vitest';
import { type EditorKey, editors } from '../../src/editors/index.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const patch = '- op: add\n  path: /spec/web\n  value: {image: "a:v1", info: {a/b: v1, tag: v3}}\n';

function application(helm: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source:\n    repoURL: a.b/c\n    chart: web\n    targetRevision: 1.0.0\n    helm:\n${helm}`;
}

const overridden = application(
  '      parameters: [{name: image.tag, value: v9}]\n      values: |\n        image: {repository: r, tag: v1}\n        other: {image: a:v1}\n',
);

/** What would be read as one thing and run as another, by what a person is told. */
const misread: readonly (readonly [EditorKey, string, string, string])[] = [
  [
    'keys',
    'image.tag',
    'image:\n  # note\u2028  tag: v2\n  tag: v1\n',
    'U+2028 there, which some tools take for the end',
  ],
  ['keys', 'tag', '"a\u2028": x\ntag: v1 # \u0085tag: v2\n', 'U+0085 there'],
  ['keys', 'tag', 'a: |\n  x\u2029  y\ntag: v1\n', 'U+2029 there'],
  ['variables', 'TAG', `TAG=v1\nDIGEST=${digest}\n`, 'DIGEST stands beside TAG'],
  [
    'literals',
    'app/TAG',
    `configMapGenerator:\n- name: app\n  literals: [TAG=v1, "DIGEST=${digest}"]\n`,
    'app/DIGEST stands beside app/TAG',
  ],
  ['argocd', 'value/image.tag', overridden, 'the parameter image.tag of the same source overrides it'],
  ['argocd', 'value/*', overridden, 'the parameter image.tag of the same source overrides it'],
  [
    'argocd',
    'value/image.tag',
    application(
      '      fileParameters: [{name: image.tag, path: a}]\n      valuesObject: {image: {repository: r, tag: v1}}\n',
    ),
    'the parameter image.tag',
  ],
  [
    'containers',
    '*',
    'kind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: a, image: "a:v1"}]\n  containers: [{name: a, image: "a:v2"}]\n',
    'spec.containers is written more than once, in lines 4 and 5',
  ],
  ['copy', 'a.txt', 'x\ny \uFFFD\n', 'no clean UTF-8'],
  [
    'jsonPatch',
    '*/tag',
    `- {op: add, path: /a, value: {tag: v1, digest: "${digest}"}}\n`,
    '/a/digest stands beside /a/tag',
  ],
  ['jsonPatch', '/spec/web/info', patch, 'not a single value'],
];

describe('what would be read as one thing and run as another is refused', () => {
  test.each(misread)('%s %s of %j', (key, selector, text, reason) => {
    const { artifacts, refusals } = editors[key].find(text, { [key]: [selector] });
    expect(artifacts.map(({ artifact }) => artifact)).toEqual(selector === 'value/*' ? ['value/other.image'] : []);
    expect(refusals.map((refusal) => refusal.reason).join('\n')).toContain(reason);
  });
});

describe('what means one thing to every reader moves', () => {
  test.each<readonly [EditorKey, readonly string[], string, readonly string[]]>([
    ['keys', ['tag'], '"a\u2028": "b\u0085"\ntag: v1\nc: \'\u2029\'\n', ['tag']],
    ['variables', ['TAG', 'DIGEST'], `TAG=latest\nDIGEST=${digest}\n`, ['TAG', 'DIGEST']],
    ['variables', ['TAG'], 'TAG=v1\nDIGEST=\n', ['TAG']],
    ['variables', ['TAG'], `TAG=v1\nAPP_DIGEST=${digest}\n`, ['TAG']],
    [
      'literals',
      ['*'],
      `configMapGenerator: [{name: app, literals: [TAG=latest, "DIGEST=${digest}"]}]\n`,
      ['app/TAG', 'app/DIGEST'],
    ],
    ['jsonPatch', ['*'], patch, ['/spec/web/image']],
    ['jsonPatch', ['/spec/web/info/a~1b', '*/tag'], patch, ['/spec/web/info/a~1b', '/spec/web/info/tag']],
    [
      'patches',
      ['*'],
      `patches:\n- target: {kind: Deployment, name: web}\n  patch: |-\n${patch.replaceAll(/^/gmu, '    ')}`,
      ['web:/spec/web/image'],
    ],
    [
      'argocd',
      ['value/*'],
      application(
        '      parameters: [{name: image.pullPolicy, value: x}, {name: tag, value: v1}]\n      valuesObject: {image: {repository: r, tag: v1}}\n',
      ),
      ['value/image'],
    ],
  ])('%s %j of %j', (key, selectors, text, names) => {
    const { artifacts, refusals } = editors[key].find(text, { [key]: selectors });
    expect(refusals).toEqual([]);
    expect(artifacts.map(({ artifact }) => artifact)).toEqual(names);
  });

  test('the parts of a pair are one unit', () => {
    const { artifacts } = editors.variables.find(`TAG=v1\nDIGEST=${digest}\n`, { variables: ['*'] });
    expect(artifacts.map(({ unit }) => unit)).toEqual(['DIGEST TAG', 'DIGEST TAG']);
  });

  test('a value within that of an operation is written alone', () => {
    const edits = [{ artifact: '/spec/web/info/tag', version: { value: '1.10' } }];
    expect(editors.jsonPatch.write(patch, { jsonPatch: ['/spec/web/info/tag'] }, edits)).toEqual({
      ok: true,
      text: patch.replace('v3', '"1.10"'),
    });
  });
});

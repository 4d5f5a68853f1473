import { describe, expect, test } from 'vitest';
import { argocdEditor as editor } from '../../src/editors/argocd.ts';

const find = (text: string, ...argocd: readonly string[]) => editor.find(text, { argocd });

describe('ApplicationSets', () => {
  const templates = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web}
spec:
  generators:
    - list:
        elements:
          - {cluster: staging, region: eu, tag: v2, image: 'a/b:v2', values: {chart: 1.0.0}}
          - {cluster: production, region: eu, tag: v1, image: 'a/b:v1', values: {chart: 0.9.0}}
    - merge:
        generators:
          - list: {elements: [{cluster: production, region: us, only: x}]}
  template:
    metadata: {name: 'web-{{ .cluster }}'}
    spec:
      source:
        repoURL: https://h/r
        targetRevision: '{{ .tag }}'
        kustomize:
          images: ['ghcr.io/acme/web:{{ .tag }}', 'ghcr.io/acme/api:v1']
        helm:
          parameters: [{name: tag, value: '{{ tag }}'}]
          values: |
            image:
              tag: {{ .tag }}
            other: v1
`;

  test.each([['git/h/r'], ['image/ghcr.io/acme/web'], ['parameter/tag'], ['value/image.tag'], ['value/image']])(
    '%s is filled in: the version stands in an element',
    (artifact) => {
      const { artifacts, refusals } = find(templates, artifact);
      expect(artifacts).toEqual([]);
      expect(refusals).toMatchObject([
        { artifact, line: expect.any(Number), reason: expect.stringContaining('element[cluster={environment}]') },
      ]);
      const version = artifact.startsWith('image') || artifact === 'value/image' ? { tag: 'v3' } : { value: 'v3' };
      expect(editor.write(templates, { argocd: [artifact] }, [{ artifact, version }])).toEqual({ ok: false, refusals });
    },
  );

  test('what the template says itself moves', () => {
    expect(find(templates, 'image/ghcr.io/acme/api', 'value/other').artifacts).toMatchObject([
      { artifact: 'image/ghcr.io/acme/api', version: { tag: 'v1' }, line: 20 },
      { artifact: 'value/other', version: { value: 'v1' }, line: 26 },
    ]);
  });

  test.each([
    ['element[cluster=staging]/tag', { value: 'v2' }],
    ['element[cluster=production][region=eu]/image', { tag: 'v1' }],
    ['element[cluster=staging]/values.chart', { value: '1.0.0' }],
    ['element/only', { value: 'x' }],
  ])('%s', (artifact, version) => {
    expect(find(templates, artifact)).toMatchObject({ artifacts: [{ artifact, version }], refusals: [] });
  });

  test('a star in a field names each element by what it has there', () => {
    expect(find(templates, 'element[cluster=*][region=eu]/tag').artifacts).toMatchObject([
      { artifact: 'element[cluster=staging][region=eu]/tag', version: { value: 'v2' } },
      { artifact: 'element[cluster=production][region=eu]/tag', version: { value: 'v1' } },
    ]);
    expect(find(templates, '*').artifacts.map(({ artifact }) => artifact)).toEqual(['image/ghcr.io/acme/api']);
  });

  test.each([
    ['element/tag', '2 elements fit, in lines 8 and 9'],
    ['element[cluster=production]/tag', '2 elements fit, in lines 9 and 12'],
    ['element[cluster=dev]/tag', 'no element of a list generator fits'],
    ['element[region=us]/tag', 'tag is missing'],
    ['element[region=us]/values', 'values is missing'],
    ['element[cluster=staging]/values', 'no image with a tag or a digest'],
  ])('%s is refused', (artifact, reason) => {
    expect(find(templates, artifact)).toMatchObject({
      artifacts: [],
      refusals: [{ artifact, reason: expect.stringContaining(reason) }],
    });
  });

  test('an element that gets its field by a merge key is refused', () => {
    const text =
      'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nx: &x {cluster: dev}\nspec: {generators: [{list: {elements: [{<<: *x, tag: v1}]}}]}\n';
    expect(find(text, 'element[cluster=dev]/tag').refusals).toMatchObject([
      { line: 4, reason: expect.stringContaining('merge key') },
    ]);
  });
});

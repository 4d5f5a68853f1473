import { describe, expect, test } from 'vitest';
import { argocdEditor as editor } from '../../src/editors/argocd.ts';

const find = (text: string, ...argocd: readonly string[]) => editor.find(text, { argocd });

const app = (spec: string, head: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\n${head}spec:\n${spec.replaceAll(/^(?=.)/gmu, '  ')}`;

describe('images and parameters of Argo CD Image Updater', () => {
  const spec = `source:
  helm:
    parameters: [{name: image.tag, value: v1}, {name: web.tag, value: v1}, {name: other, value: v1}]
  kustomize:
    images: ['web=localhost:5000/acme/web:v1', 'ghcr.io/acme/api:v2@sha256:abc123', 'ghcr.io/acme/other:v3']
`;
  const annotated = (...lines: readonly string[]): string => {
    const prefix = 'argocd-image-updater.argoproj.io/';
    return app(spec, `  annotations:\n${lines.map((line) => `    ${prefix}${line}\n`).join('')}`);
  };
  const owned = (text: string): readonly string[] =>
    find(text, 'image/*', 'parameter/*').artifacts.flatMap(({ artifact, owner }) =>
      owner?.includes('Image Updater') ? [artifact] : [],
    );
  const list = 'image-list: web=localhost:5000/acme/web:~1.0, ghcr.io/acme/api';

  test('have it as their owner when it writes to Git', () => {
    expect(owned(annotated(list, 'write-back-method: git:secret:a/b'))).toEqual([
      'parameter/image.tag',
      'image/web',
      'image/ghcr.io/acme/api',
    ]);
  });

  test('are those its annotations name', () => {
    const text = annotated(
      'image-list: web=localhost:5000/acme/web',
      'write-back-method: git',
      'web.helm.image-tag: web.tag',
    );
    expect(owned(text)).toEqual(['parameter/web.tag', 'image/web']);
  });

  test.each([[[list]], [[list, 'write-back-method: argocd']], [['write-back-method: git', 'image-list: ""']]])(
    'have no owner with %j',
    (lines) => {
      expect(owned(annotated(...lines))).toEqual([]);
    },
  );
});

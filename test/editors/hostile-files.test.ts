import { describe, expect, test } from 'vitest';
import type { Edit, Found } from '../../src/editors/editor.ts';
import { type EditorKey, editors } from '../../src/editors/index.ts';

/** Milliseconds for one file, many times what it takes: what grows with the square of the file takes minutes. */
const timeMax = 20_000;

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}

const kustomization = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
const workload = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  containers:\n';

function application(rest: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source:\n${rest}`;
}

function flux(kind: string, spec: string): string {
  return `apiVersion: ${kind}\nmetadata: {name: web}\nspec:\n${spec}`;
}

interface Hostile {
  readonly what: string;
  readonly key: EditorKey;
  readonly where: unknown;
  readonly text: string;
  /** How many artifacts are found. */
  readonly found: number;
}

const long = 200_000;

const many: readonly Hostile[] = [
  {
    what: 'containers',
    key: 'containers',
    where: { containers: ['*'] },
    text: workload + lines(3000, (index) => `  - name: c${index}\n    image: a:v${index}\n`),
    found: 3000,
  },
  {
    what: 'images',
    key: 'images',
    where: { images: ['*'] },
    text: `${kustomization}images:\n${lines(4000, (index) => `- name: i${index}\n  newTag: v${index}\n`)}`,
    found: 4000,
  },
  {
    what: 'literals',
    key: 'literals',
    where: { literals: ['*'] },
    text: `${kustomization}configMapGenerator:\n- name: a\n  literals:\n${lines(9000, (index) => `  - K${index}=v\n`)}`,
    found: 9000,
  },
  {
    what: 'remotes',
    key: 'remotes',
    where: { remotes: ['*'] },
    text: `${kustomization}resources:\n${lines(9000, (index) => `- https://a.b/c${index}?ref=v1\n`)}`,
    found: 9000,
  },
  {
    what: 'items by name',
    key: 'keys',
    where: { keys: ['list[name=*].image'] },
    text: `list:\n${lines(500, (index) => `- name: n${index}\n  image: a:v1\n`)}rest:\n${lines(5000, (index) => `- name: r${index}\n`)}`,
    found: 500,
  },
  {
    what: 'images of a chart',
    key: 'argocd',
    where: { argocd: ['value/*'] },
    text: application(
      `    helm:\n      valuesObject:\n        list:\n${lines(1500, (index) => `        - {name: n${index}, image: {repository: r, tag: v1}}\n`)}`,
    ),
    found: 1500,
  },
  {
    what: 'substitutions',
    key: 'flux',
    where: { flux: ['substitute/*'] },
    text: flux(
      'kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization',
      `  postBuild:\n    substitute:\n${lines(9000, (index) => `      K${index}: v1\n`)}`,
    ),
    found: 9000,
  },
  {
    what: 'variables',
    key: 'variables',
    where: { variables: ['*'] },
    text: lines(20_000, (index) => `K${index}=v1\n`),
    found: 20_000,
  },
];

const awkward: readonly Hostile[] = [
  {
    what: 'slashes in an address',
    key: 'remotes',
    where: { remotes: ['*'] },
    text: `${kustomization}resources:\n- https://a.b/c${'/'.repeat(long)}d?ref=v1\n`,
    found: 1,
  },
  {
    what: 'slashes in the URL of a repository',
    key: 'argocd',
    where: { argocd: ['git/*'] },
    text: application(`    repoURL: https://a.b/c${'/'.repeat(long)}d\n    targetRevision: v1\n`),
    found: 1,
  },
  {
    what: 'slashes in the URL of an OCI artifact',
    key: 'flux',
    where: { flux: ['oci/*'] },
    text: flux(
      'source.toolkit.fluxcd.io/v1\nkind: OCIRepository',
      `  url: oci://a.b/c${'/'.repeat(long)}d\n  ref: {tag: v1}\n`,
    ),
    found: 1,
  },
  ...[`${':'.repeat(long)}/`, `${'@'.repeat(long)}\\n`, `${':{{'.repeat(long / 2)}\\n/`].map(
    (image): Hostile => ({
      what: `${image.slice(0, 3)}… in an image`,
      key: 'argocd',
      where: { argocd: ['image/*'] },
      text: application(`    repoURL: https://a.b/c\n    kustomize:\n      images:\n      - "${image}"\n`),
      found: 0,
    }),
  ),
  {
    what: 'blanks on the line above',
    key: 'keys',
    where: { keys: ['tag'] },
    text: `a: b\n${' '.repeat(long)}\ntag: v1\n`,
    found: 1,
  },
  {
    what: 'stars in a pattern',
    key: 'containers',
    where: { containers: [`${'*a'.repeat(2000)}*b`] },
    text: `${workload}  - {name: ${'a'.repeat(long)}, image: "a:v1"}\n`,
    found: 0,
  },
];

describe('a file somebody wrote to make us slow', () => {
  test.each([...many, ...awkward])('$what', { timeout: timeMax }, ({ key, where, text, found: count }) => {
    const found = editors[key].find(text, where);
    expect(found.artifacts).toHaveLength(count);
    const written = editors[key].write(text, where, newVersions(found));
    expect(written).toMatchObject({ ok: true });
    editors[key].leftAlone(text, written.ok ? written.text : '', where);
  });

  test('what a part without an end is removed from', { timeout: timeMax }, () => {
    const text = `images: [{name: a, newTag: v1,${'\n'.repeat(long)} digest: "sha256:abc"}]\n`;
    const edits = [{ artifact: 'a', version: { newTag: 'v2' } }];
    expect(editors.images.write(text, { images: ['*'] }, edits)).toMatchObject({ ok: true });
  });
});

describe('a message does not grow with the file', () => {
  const refused: readonly (readonly [EditorKey, unknown, string])[] = [
    ['keys', { keys: ['tag'] }, 'tag: v1\n'.repeat(9000)],
    ['variables', { variables: ['*'] }, 'TAG=v1\n'.repeat(9000)],
    ['images', { images: ['*'] }, `images:\n${'- {name: a, newTag: v1}\n'.repeat(2000)}`],
    ['containers', { containers: ['*'] }, `${workload}  - {name: app, image: "${'a'.repeat(long)} b"}\n`],
    [
      'argocd',
      { argocd: ['*'] },
      application(`    repoURL: https://a.b\n    chart: c\n    targetRevision: "${'*'.repeat(long)}"\n`),
    ],
  ];

  test.each(refused)('%s', (key, where, text) => {
    const reasons = editors[key].find(text, where).refusals.map(({ reason }) => reason.length);
    expect(reasons.length).toBeGreaterThan(0);
    expect(Math.max(...reasons)).toBeLessThan(400);
  });
});

function newVersions({ artifacts }: Found): readonly Edit[] {
  return artifacts.map(({ artifact, version }) => ({
    artifact,
    version: Object.fromEntries(Object.keys(version).map((part) => [part, 'v2'])),
  }));
}

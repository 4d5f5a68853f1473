import { describe, expect, test } from 'vitest';
import { type Images, readImages, readVersion } from '../../src/editors/kustomize-images.ts';
import { readYaml } from '../../src/editors/yaml.ts';

function read(text: string): Images {
  const yaml = readYaml(text);
  if (!yaml.ok) throw new Error(yaml.refusal.reason);
  const images = readImages(yaml.file);
  if (!images.ok) throw new Error(images.refusal.reason);
  return images.images;
}

describe('readImages', () => {
  test('tells each entry by its name and line, and which names occur more than once', () => {
    const images = read('images:\n- name: web\n- newTag: v1\n  name: "api"\n-\n  name: &n web\n- {name: *n}\n');
    expect(images.entries.map(({ index, name, line }) => [index, name, line])).toEqual([
      [0, 'web', 2],
      [1, 'api', 3],
      [2, 'web', 6],
      [3, 'web', 7],
    ]);
    expect(images.linesByName.get('web')).toEqual([2, 6, 7]);
  });

  test.each([
    ['resources: []', false, false],
    ['images:', true, false],
    ['images: null # c', true, false],
    ['images: []', true, true],
    ['"images": []', true, true],
  ])('%j has the key: %s, a list: %s', (text, key, list) => {
    const images = read(text);
    expect([images.key !== undefined, images.list !== undefined]).toEqual([key, list]);
  });

  test.each(['kustomize.config.k8s.io/v1beta1', 'kustomize.config.k8s.io/v1alpha1', '"kustomize.config.k8s.io/v1"'])(
    'a kustomization says %s',
    (apiVersion) => {
      expect(read(`apiVersion: ${apiVersion}\nimages: []\n`).entries).toEqual([]);
    },
  );

  test('an entry that cannot be edited says why, with its name where that is known', () => {
    const images = read(
      'x: &x {name: web}\nimages:\n- *x\n- text\n- {newTag: v1}\n- {name: ""}\n- {name: [a]}\n- *none\n',
    );
    expect(images.entries.map(({ name, map }) => [name, 'reason' in map ? map.reason : 'fine'])).toEqual([
      ['web', 'images[0] is the alias *x, so it changes with its anchor. Write it out.'],
      [undefined, 'images[1] is a single value; an image is a map with a name.'],
      [undefined, 'images[2] has no single name of its own. Write one.'],
      [undefined, 'images[3] has no single name of its own. Write one.'],
      [undefined, 'images[4] has no single name of its own. Write one.'],
      [undefined, 'images[5] is the alias *none; an image is a map with a name.'],
    ]);
  });
});

describe('readVersion', () => {
  test.each([
    ['{name: web, newTag: 1.10}', { ok: true, version: { newTag: '1.10' }, line: 2 }],
    ['{name: web, digest: "x:abc",\n  newTag: v1}', { ok: true, version: { newTag: 'v1', digest: 'x:abc' }, line: 3 }],
    ['{name: web}', { ok: true, version: {}, line: 2 }],
    [
      '{name: web, newTag: [v1]}',
      { ok: false, refusal: { line: 2, reason: expect.stringContaining('newTag is a list') } },
    ],
    ['{name: web, newTag: }', { ok: false, refusal: { line: 2, reason: expect.stringContaining('newTag is empty') } }],
    [
      '{name: web, newTag: v1, newTag: v2}',
      { ok: false, refusal: { line: 2, reason: expect.stringContaining('more than once') } },
    ],
    [
      '{name: web, newTag: v1, digest}',
      { ok: false, refusal: { line: 2, reason: expect.stringContaining('has no value') } },
    ],
  ])('%j', (item, expected) => {
    const images = read(`images:\n- ${item}\n`);
    const [entry] = images.entries;
    expect(entry && readVersion(images.file, entry)).toEqual(expected);
  });
});

import { describe, expect, test } from 'vitest';
import type { Version } from '../../src/domain/version.ts';
import type { Written } from '../../src/editors/editor.ts';
import { appendEntries } from '../../src/editors/kustomize-append.ts';
import { readImages } from '../../src/editors/kustomize-images.ts';
import { rewrite } from '../../src/editors/yaml-prove.ts';

function append(text: string, ...images: readonly (readonly [name: string, version: Version])[]): Written {
  const edits = images.map(([artifact, version]) => ({ artifact, version }));
  return rewrite(text, (file) => {
    const read = readImages(file);
    if (!read.ok) return { ok: false, refusals: [read.refusal] };
    const missing = edits.filter(({ artifact }) => !read.images.linesByName.has(artifact));
    return missing.length === 0 ? { ok: true, changes: [] } : appendEntries(read.images, missing);
  });
}

const write = (text: string, version: Version): Written => append(text, ['web', version]);

describe('appendEntries', () => {
  test.each([
    [
      'behind a block',
      'images:\n- name: api\n  tagSuffix: |\n    -a\n\n\nx: 1\n',
      'images:\n- name: api\n  tagSuffix: |\n    -a\n- name: web\n  newTag: v1\n\n\nx: 1\n',
    ],
    [
      'behind an item of braces',
      'images:\n  - name: api\n  - { name: job,\n      newTag: v1 }\n',
      'images:\n  - name: api\n  - { name: job,\n      newTag: v1 }\n  - { name: web, newTag: v1 }\n',
    ],
    [
      'before the end of the document',
      'a: |+\n  x\n\n...\n# c\n',
      'a: |+\n  x\n\nimages:\n- name: web\n  newTag: v1\n...\n# c\n',
    ],
    ['to an empty list in braces', '{images: [ ], a: 1}\n', '{images: [{name: web, newTag: v1}], a: 1}\n'],
    ['in the place of null', 'images: ~\na: 1', 'images:\n- name: web\n  newTag: v1\na: 1'],
    ['in an indented file', '  a: 1\n', '  a: 1\n  images:\n  - name: web\n    newTag: v1\n'],
  ])('adds an entry %s', (_, before, after) => {
    expect(write(before, { newTag: 'v1' })).toEqual({ ok: true, text: after });
  });

  test.each([
    ['a shared list', 'images: &i\n- name: api\nz: *i\n', 'belongs to the anchor &i'],
    ['an anchor for no list', 'images: &i\nz: *i\n', 'belongs to the anchor &i'],
    ['a tag for no list', 'images: !!seq []\n', 'has an anchor, an alias or a tag'],
    [
      'a comment behind the last item of a list in brackets',
      'images: [\n  {name: api} # c\n]\n',
      'a comment behind its last image',
    ],
  ])('adds nothing to %s', (_, text, reason) => {
    expect(write(text, { newTag: 'v1' })).toEqual({
      ok: false,
      refusals: [{ line: expect.any(Number), reason: expect.stringContaining(reason) }],
    });
  });

  test.each([
    ["images:\n- name: api\n  newTag: 'v1'\n", "- name: web\n  newTag: 'v2'\n"],
    ['images:\n- name: api\n  newTag: "v1"\n', '- name: web\n  newTag: "v2"\n'],
    ['images:\n- name: api\n  newTag: >-\n    v1\n', '- name: web\n  newTag: v2\n'],
    ['images:\n- name: api\n', '- name: web\n  newTag: v2\n'],
    ['images:\n- {name: api}\n', '- {name: web, newTag: v2}\n'],
    ['images:\n- { "name": "api" }\n', '- { "name": "web", "newTag": "v2" }\n'],
    ['images:\n-\n  name: api\n', '- name: web\n  newTag: v2\n'],
    ['images:\n  -   name: api\n', '  -   name: web\n      newTag: v2\n'],
  ])('%j grows in its own style', (text, added) => {
    expect(write(text, { newTag: 'v2' })).toEqual({ ok: true, text: text + added });
  });

  test('several entries keep their order', () => {
    const written = append(
      'images:\n- name: api\n',
      ['web', { newTag: 'v1' }],
      ['job', { digest: 'sha256:abc', newTag: 'v2' }],
    );
    expect(written).toEqual({
      ok: true,
      text: 'images:\n- name: api\n- name: web\n  newTag: v1\n- name: job\n  newTag: v2\n  digest: sha256:abc\n',
    });
  });

  test('a name that needs quotes gets them, and one that has no spelling is refused', () => {
    expect(append('a: 1\n', ['1.10', { newTag: 'v1' }])).toEqual({
      ok: true,
      text: 'a: 1\nimages:\n- name: "1.10"\n  newTag: v1\n',
    });
    expect(append('a: 1\n', ['\uD800', { newTag: 'v1' }])).toEqual({
      ok: false,
      refusals: [{ line: undefined, reason: expect.stringContaining('cannot be written as YAML'), artifact: '\uD800' }],
    });
  });
});

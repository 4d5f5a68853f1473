import { describe, expect, test } from 'vitest';
import type { Version } from '../../src/domain/version.ts';
import type { Written } from '../../src/editors/editor.ts';
import { changeEntry } from '../../src/editors/kustomize-change.ts';
import { readImages } from '../../src/editors/kustomize-images.ts';
import { rewrite } from '../../src/editors/yaml-prove.ts';

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** Gives the first image of a text a version. */
function write(text: string, version: Version): Written {
  return rewrite(text, (file) => {
    const read = readImages(file);
    if (!read.ok) return { ok: false, refusals: [read.refusal] };
    const { images } = read;
    const map = images.entries[0]?.map;
    if (map === undefined || 'reason' in map || images.list === undefined) return { ok: false, refusals: [] };
    return changeEntry({ file, index: 0, map, trail: [images.root, images.list] }, version);
  });
}

describe('changeEntry', () => {
  test.each<[string, string, Version, string]>([
    ['a tag', '- name: web\n  newTag: v1\n', { newTag: 'v2' }, '- name: web\n  newTag: v2\n'],
    [
      'both parts',
      '- {digest: x:abc, newTag: v1, name: web}\n',
      { newTag: 'v2', digest: 'x:def' },
      '- {digest: x:def, newTag: v2, name: web}\n',
    ],
    [
      'a tag into a digest',
      "- newTag: 'v1' # c\n  name: web\n",
      { digest: 'x:abc' },
      "- digest: 'x:abc' # c\n  name: web\n",
    ],
    [
      'a digest into a tag',
      '- {"name": "web", "digest":"x:abc"}\n',
      { newTag: 'v2' },
      '- {"name": "web", "newTag":"v2"}\n',
    ],
    [
      'a tag that gets a digest',
      '- name: web\n  newTag: v1 # c',
      { newTag: 'v1', digest: 'x:abc' },
      '- name: web\n  newTag: v1 # c\n  digest: x:abc',
    ],
    [
      'a digest that gets a tag',
      '- digest: x:abc\n  name: web\n',
      { newTag: 'v1', digest: 'x:abc' },
      '- digest: x:abc\n  newTag: v1\n  name: web\n',
    ],
    [
      'an entry without a version',
      '-   name: web # c\n# d\n',
      { newTag: 'v1', digest: 'x:abc' },
      '-   name: web # c\n    newTag: v1\n    digest: x:abc\n# d\n',
    ],
    [
      'braces without a version',
      '- { "name": "web" }\n',
      { newTag: 'v1', digest: 'x:abc' },
      '- { "name": "web", "newTag": "v1", "digest": "x:abc" }\n',
    ],
    [
      'a tag that goes',
      '- name: web\n  newTag: v1 # c\n  # d\n  digest: x:abc\n',
      { digest: 'x:abc' },
      '- name: web\n  # d\n  digest: x:abc\n',
    ],
    [
      'a tag that goes from behind the dash',
      '-  newTag: v1 # c\n   name: web\n   digest: x:abc\n',
      { digest: 'x:abc' },
      '-  name: web\n   digest: x:abc\n',
    ],
    [
      'a tag that goes from the end',
      '- name: web\n  digest: x:abc\n  newTag: v1',
      { digest: 'x:abc' },
      '- name: web\n  digest: x:abc',
    ],
    [
      'a folded tag that goes',
      '- name: web\n  digest: x:abc\n  newTag: >-\n    v1\n\n# c\n',
      { digest: 'x:abc' },
      '- name: web\n  digest: x:abc\n\n# c\n',
    ],
    [
      'the first of braces that goes',
      '- {newTag: v1, digest: x:abc, name: web}\n',
      { digest: 'x:abc' },
      '- {digest: x:abc, name: web}\n',
    ],
    [
      'the last of braces that goes',
      '- {name: web, digest: x:abc , newTag: v1 }\n',
      { digest: 'x:abc' },
      '- {name: web, digest: x:abc }\n',
    ],
    [
      'an empty tag that becomes a digest',
      '- name: web\n  newTag:\n',
      { digest: 'x:abc' },
      '- name: web\n  digest: x:abc\n',
    ],
    ['nothing', '- name: web\n  newTag:   "v1"\n', { newTag: 'v1' }, '- name: web\n  newTag:   "v1"\n'],
  ])('%s', (_, items, version, after) => {
    expect(write(`images:\n${items}`, version)).toEqual({ ok: true, text: `images:\n${after}` });
    const windows = (text: string): string => `images:\n${text}`.replaceAll('\n', '\r\n');
    expect(write(windows(items), version)).toEqual({ ok: true, text: windows(after) });
  });

  test.each([
    [
      'a comment between the parts',
      `- newTag: v1\n  # of the name\n  name: web\n  digest: ${digest('a')}\n`,
      'without a comment beside it',
    ],
    [
      'a comment within braces',
      `- {name: web, # c\n  newTag: v1, digest: ${digest('a')}}\n`,
      'without a comment beside it',
    ],
    [
      'a comment above a value',
      `- name: web\n  newTag:\n    # c\n    v1\n  digest: ${digest('a')}\n`,
      'without a comment beside it',
    ],
    [
      'a shared part',
      `- name: web\n  newTag: &t v1\n  digest: ${digest('a')}\n- {name: api, newTag: *t}\n`,
      'belongs to the anchor &t',
    ],
    [
      'a marker',
      `- name: web\n  newTag: v1 # {"$imagepolicy": "a:b:tag"}\n  digest: ${digest('a')}\n`,
      'image automation',
    ],
  ])('does not remove a tag with %s', (_, items, reason) => {
    const written = write(`images:\n${items}`, { digest: digest('b') });
    expect(written).toEqual({
      ok: false,
      refusals: [{ line: expect.any(Number), reason: expect.stringContaining(reason) }],
    });
  });

  test.each([
    ['a shared entry', 'x: 1\nimages:\n- &y\n  name: web\nz: *y\n', { newTag: 'v1' }, 'belongs to the anchor &y'],
    ['a shared list', 'images: &i\n- name: web\nz: *i\n', { newTag: 'v1' }, 'belongs to the anchor &i'],
    [
      'a key that is an alias',
      'x: &k newTag\nimages:\n- name: web\n  *k : v1\n',
      { digest: 'x:abc' },
      'has a key that is no plain word',
    ],
  ])('does not change %s', (_, text, version, reason) => {
    expect(write(text, version)).toEqual({
      ok: false,
      refusals: [{ line: expect.any(Number), reason: expect.stringContaining(reason) }],
    });
  });
});

import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/editors/yaml.ts';
import { locate } from '../../src/editors/yaml-locate.ts';
import { replaceWithin } from '../../src/editors/yaml-part.ts';
import { applySplices } from '../../src/editors/yaml-splice.ts';

/** Makes the value of `a` read as a text, and tells the file and the characters that were put in. */
function replace(text: string, value: string): unknown {
  const read = readYaml(text);
  if (!read.ok) return read.refusal.reason;
  const located = locate(read.file, 0, ['a']);
  if (!located.ok) return located.refusal.reason;
  const replaced = replaceWithin(read.file, located.at, value);
  if (!replaced.ok) return replaced.refusal.reason;
  return [applySplices(text, replaced.splices), ...replaced.splices.map(({ insert }) => insert)];
}

describe('replaceWithin', () => {
  test.each([
    ['a: x?ref=v1&y=2 # c\n', 'x?ref=w2&y=2', 'a: x?ref=w2&y=2 # c\n', 'w2'],
    ['{a: x?ref=v1, b: 1}\n', 'x?ref=v2', '{a: x?ref=v2, b: 1}\n', '2'],
    ["a: 'T=it'\n", 'T=is', "a: 'T=is'\n", 's'],
    ['a: "T=\\"v1\\""\n', 'T="v2"', 'a: "T=\\"v2\\""\n', '2'],
    ['a: "\\U0001F600\\n\\x41\\u0042v1"\n', '😀\nABv2', 'a: "\\U0001F600\\n\\x41\\u0042v2"\n', '2'],
    ['a: "😀T=v1"\n', '😀T=v2', 'a: "😀T=v2"\n', '2'],
    ['a: !!str x=1\n', 'x=2', 'a: !!str x=2\n', '2'],
    ['a: x=12\n', 'x=1', 'a: x=1\n', ''],
  ])('%j to %j changes only what differs', (before, value, after, insert) => {
    expect(replace(before, value)).toEqual([after, insert]);
  });

  test.each([
    ['what would become a number', 'a: 1.10x\n', '1.10', 'a: "1.10"\n'],
    ['what would become a key', 'a: x,y\n', 'x,y:', 'a: "x,y:"\n'],
    ['what would become a comment', 'a: x,b#c\n', 'x,b #c', 'a: "x,b #c"\n'],
    ['what would become a comment by what goes', 'a: x y#z\n', 'x #z', 'a: "x #z"\n'],
    ['what would lose its blank', 'a: x y\n', 'x ', 'a: "x "\n'],
    ['the first character of a bare word', 'a: x=1\n', '-=1', 'a: "-=1"\n'],
    ['a comma in a bare word', 'a: x=1\n', 'x=1,2', 'a: "x=1,2"\n'],
    ['a question mark where there was none', 'a: x=1\n', 'x=1?2', 'a: "x=1?2"\n'],
    ['a single quote', "a: 'T=x'\n", "T='", "a: 'T='''\n"],
    ['a backslash', 'a: "T=x"\n', 'T=\\', 'a: "T=\\\\"\n'],
    ['half of a character', 'a: "T=😀"\n', 'T=😁', 'a: "T=😁"\n'],
    ['a text over two lines', 'a: "T=\n  v1"\n', 'T= v2', 'a: "T= v2"\n'],
    ['a block', 'a: |-\n  T=1\n', 'T=2', 'a: T=2\n'],
    ['an alias', 'b: &b T=1\na: *b\n', 'T=2', 'b: &b T=1\na: T=2\n'],
  ])('%s makes the whole value be written anew', (_, before, value, after) => {
    expect(replace(before, value)).toEqual([after, expect.stringContaining(value.slice(0, 1))]);
  });

  test('a value that reads right stays', () => {
    expect(replace('a: x=1\n', 'x=1')).toEqual(['a: x=1\n']);
  });

  test('a value that other places repeat is refused', () => {
    expect(replace('a: &a x=1\nb: *a\n', 'x=2')).toContain('belongs to the anchor &a');
  });
});

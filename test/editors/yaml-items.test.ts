import { expect, test } from 'vitest';
import { parseKeyPath } from '../../src/editors/key-path.ts';
import { readYaml } from '../../src/editors/yaml.ts';
import { positionRefusal } from '../../src/editors/yaml-items.ts';
import { locate } from '../../src/editors/yaml-locate.ts';

function refusalOf(text: string, key: string): ReturnType<typeof positionRefusal> {
  const read = readYaml(text);
  const path = parseKeyPath(key);
  if (!read.ok || !path.ok) throw new Error(`${text} or ${key} cannot be read`);
  const located = locate(read.file, 0, path.steps);
  if (!located.ok) throw new Error(located.refusal.reason);
  return positionRefusal(read.file, located.at, path.steps);
}

test.each([
  ['c:\n- {name: a, i: v1}\n- {name: b, i: v1}\n', 'c[1].i', 3, 'c[1]', 'write `c[name=b].i`'],
  ['c:\n- {id: 7, i: v1}\n- {i: v1}\n', 'c[0].i', 2, 'c[0]', 'write `c[id=7].i`'],
  ['c: [{key: a, i: v1}, {key: b}]\n', 'c[0]["i"]', 1, 'c[0]', 'write `c[key=a].i`'],
  ['c: [{name: a, id: x, i: v1}, {name: a, id: y}]\n', 'c[0].i', 1, 'c[0]', 'write `c[id=x].i`'],
  ['c: [{name: "a]", id: x, i: v1}]\n', 'c[0].i', 1, 'c[0]', 'write `c[id=x].i`'],
  ['p: [{name: a, c: [{name: b, i: v1}]}]\n', 'p[0].c[0].i', 1, 'p[0]', 'write `p[name=a].c[name=b].i`'],
  ['p: [{name: a, c: [v0, v1]}]\n', 'p[0].c[1]', 1, 'p[0]', 'write `p[name=a].c[1]`'],
  ['p: [{name: a, c: [{name: b, i: v1}]}]\n', 'p[name=a].c[0].i', 1, 'p[name=a].c[0]', 'write `p[name=a].c[name=b].i`'],
  ['c:\n- {name: a}\n- {i: v1}\n', 'c[1].i', 3, 'c[1]', 'give this one a name of its own, and select it by that'],
  ['c: [{name: a, i: v1}, {name: a}]\n', 'c[0].i', 1, 'c[0]', 'give this one a name of its own, and select it by that'],
  ['c: [{name: "a]", i: v1}]\n', 'c[0].i', 1, 'c[0]', 'give this one a name of its own, and select it by that'],
  ['c: [{name: a, id: x, i: v1}, {<<: {name: b}}]\n', 'c[0].i', 1, 'c[0]', 'write `c[id=x].i`'],
  ['c: [{<<: {name: a}, i: v1}]\n', 'c[0].i', 1, 'c[0]', 'give this one a name of its own, and select it by that'],
  [
    'x: &x {name: a}\nc: [*x, {i: v1}]\n',
    'c[1].i',
    2,
    'c[1]',
    'give this one a name of its own, and select it by that',
  ],
])('in %j %s is refused', (text, key, line, item, mend) => {
  expect(refusalOf(text, key)).toEqual({
    line,
    reason: `\`${item}\` names an item by its position, and the items have names: ${mend}.`,
  });
});

test.each([
  ['a: [v0, v1]\n', 'a[1]'],
  ['a: [[v0], [v1]]\n', 'a[1][0]'],
  ['a: [{host: x, i: v1}]\n', 'a[0].i'],
  ['a: [{name: "", i: v1}]\n', 'a[0].i'],
  ['c: [{name: a, i: v1}]\n', 'c[name=a].i'],
  ['c: {name: a, list: [v1]}\n', 'c.list[0]'],
  ['tag: v1\n', 'tag'],
])('in %j %s is no matter', (text, key) => {
  expect(refusalOf(text, key)).toBeUndefined();
});

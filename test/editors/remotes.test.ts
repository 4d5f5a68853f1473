import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { remotesEditor as editor, type RemotesWhere } from '../../src/editors/remotes.ts';
import { describeEditorContract, type EditorSample } from '../contracts/editor.ts';

const refs = fc
  .oneof(
    fc.constantFrom('1.10', '0123', '1e3', 'on', 'null', '2024-01-02', 'v1.0.0+build', 'kustomize/v5.0.0', 'a@1.0.0'),
    fc.constantFrom('0123456789abcdef0123456789abcdef01234567', 'a%b', 'a&b=c', 'é', 'a;b', 'x#y', "it's", 'a"b'),
    fc.stringMatching(/^v?[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}(?:-rc\.[0-9])?$/),
  )
  .filter((ref) => !/^(?:main|master|next|head)$/i.test(ref));
const addresses = fc.constantFrom(
  'https://github.com/acme/base//deploy',
  'github.com/acme/base//deploy',
  'git@github.com:acme/base.git//deploy',
  'ssh://git@github.com:22/acme/base//deploy',
  'git::https://github.com/acme/base.git/deploy',
);

const samples: fc.Arbitrary<EditorSample<RemotesWhere>> = fc
  .record({
    ref: refs,
    address: addresses,
    before: fc.constantFrom('', 'submodules=false&', 'timeout=90s&depth=1&'),
    field: fc.constantFrom('ref', 'version'),
    old: fc.constantFrom('v1.0.0', 'main', 'a%2Fb', '', '1.10'),
    after: fc.constantFrom('', '&submodules=0'),
    quote: fc.constantFrom('', '"', "'"),
    list: fc.constantFrom('resources', 'components', 'bases', 'crds', 'generators', 'transformers'),
    comment: fc.constantFrom('', ' # keep', '   '),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\uFEFF'),
    cut: fc.boolean(),
  })
  .map(({ ref, address, before, field, old, after, quote, list, comment, lineBreak, bom, cut }) => {
    const broken = (text: string): string => text.replaceAll('\n', lineBreak);
    const lead = `${address}?${before}${field}=`;
    const head = `${bom}${broken(`# база\nkind: Kustomization\n${list}:\n- ../local\n`)}- ${quote}`;
    const tail = `${quote}${broken(`${comment}\nimages:\n- {name: base, newTag: v1}${cut ? '' : '\n'}`)}`;
    const text = head + lead + old + after + tail;
    // A revision with a character that YAML gives a meaning to makes the whole value be quoted.
    const plain = /^[\w./@+%&=-]*$/u.test(ref) && (quote !== '' || /^[\w./@+-]*$/u.test(ref));
    const [start, end] = plain
      ? [lead.length, lead.length + old.length]
      : [-1, lead.length + old.length + after.length + 1];
    const encoded = /%2F/u.test(old)
      ? encodeURIComponent(ref)
      : encodeURIComponent(ref).replaceAll('%2F', '/').replaceAll('%40', '@');
    return {
      text,
      where: { remotes: ['github.com/acme/*'] },
      edit: { artifact: 'github.com/acme/base//deploy', version: { ref } },
      span: [head.length + start, head.length + end] as const,
      wanted: [[[list, 1], lead + encoded + after]] as const,
    };
  });

describeEditorContract({ editor, folder: 'remotes', samples });

describe('find', () => {
  const one = (address: string): string => `resources:\n- "${address}"\n`;

  test.each([
    ['https://github.com/acme/base//deploy?ref=v1', 'github.com/acme/base//deploy', 'v1'],
    ['https://github.com/acme/base.git//deploy?ref=v1', 'github.com/acme/base//deploy', 'v1'],
    ['https://GitHub.com/acme/base.git/deploy?ref=v1', 'github.com/acme/base//deploy', 'v1'],
    ['git@github.com:acme/base.git//deploy?ref=v1', 'github.com/acme/base//deploy', 'v1'],
    ['git@github.com/acme/base.git?ref=v1', 'github.com/acme/base', 'v1'],
    ['git::ssh://git@github.com/acme/base//deploy/?ref=v1', 'github.com/acme/base//deploy', 'v1'],
    ['gh:acme/base?ref=v1', 'github.com/acme/base', 'v1'],
    ['https://user:token@git.example.com:8443/a/b.git?ref=v1', 'git.example.com/a/b', 'v1'],
    ['https://dev.azure.com/o/p/_git/r//x?version=v1', 'dev.azure.com/o/p/_git/r//x', 'v1'],
    ['https://git.example.com/a.gitops/b?ref=v1', 'git.example.com/a.gitops/b', 'v1'],
    ['github.com/a/b?ref=a%2Fb%2B1', 'github.com/a/b', 'a/b+1'],
    ['github.com/a/b?version=v1&ref=v2', 'github.com/a/b', 'v2'],
    ['github.com/a/b?ref=&version=v1', 'github.com/a/b', 'v1'],
    ['github.com/a/b?xref=v1&ref=v2', 'github.com/a/b', 'v2'],
  ])('%s is called %s and stands at %s', (address, artifact, ref) => {
    expect(editor.find(one(address), { remotes: ['*'] })).toEqual({
      artifacts: [{ artifact, version: { ref }, line: 2 }],
      refusals: [],
    });
  });

  test.each(['../base', 'deployment.yaml', 'github.com/acme/base', 'https://x.example/v1/all.yaml', 'a?xref=b'])(
    '%s is no artifact',
    (address) => {
      expect(editor.find(one(address), { remotes: ['*'] })).toEqual({ artifacts: [], refusals: [] });
    },
  );

  test.each([
    ['a branch', 'github.com/a/b?ref=main', '`main` names whatever was pushed last'],
    ['HEAD', 'github.com/a/b?ref=HEAD', '`HEAD` names whatever was pushed last'],
    ['an empty revision', 'github.com/a/b?ref=', 'github.com/a/b has no version to move'],
    ['a revision that is no name of Git', 'github.com/a/b?ref=v1.0.0+b', 'holds no version of github.com/a/b'],
    ['a broken escape', 'github.com/a/b?ref=%zz', 'holds no version of github.com/a/b'],
    ['two revisions', 'github.com/a/b?ref=v1&ref=v2', 'has its revision twice in one query'],
    ['a template', 'github.com/a/b?ref={{ ref }}', 'holds a template expression'],
  ])('refuses %s, and names the artifact', (_, address, reason) => {
    expect(editor.find(one(address), { remotes: ['*'] })).toMatchObject({
      artifacts: [],
      refusals: [{ artifact: 'github.com/a/b', line: 2, reason: expect.stringContaining(reason) }],
    });
  });

  test.each([
    [['github.com/acme/base//deploy'], true],
    [['github.com/acme/base.git//deploy'], true],
    [['github.com:acme/base.git//deploy'], true],
    [['GitHub.com/acme/*'], true],
    [['*base*'], true],
    [['*ACME*'], false],
    [['github.com/acme/base'], false],
  ])('%j selects the remote: %s', (remotes, selected) => {
    const found = editor.find(one('git@github.com:acme/base.git//deploy?ref=v1'), { remotes });
    expect(found.artifacts.length > 0).toBe(selected);
  });

  test('a remote without a revision is refused only to who names it exactly', () => {
    const find = (pattern: string) => editor.find(one('https://github.com/a/b'), { remotes: [pattern] });
    expect(find('github.com/a/*')).toEqual({ artifacts: [], refusals: [] });
    expect(find('github.com/a/b').refusals).toMatchObject([{ artifact: 'github.com/a/b', line: 2 }]);
  });
});

test('leftAlone shows what does not move', () => {
  const text = (ref: string): string =>
    `resources:\n- github.com/a/b?ref=${ref}\n- github.com/c/d?ref=${ref}\n- ${ref}.yaml\n`;
  expect(editor.leftAlone(text('v1'), text('v2'), { remotes: ['github.com/a/b'] })).toEqual([
    { path: 'resources[1]', source: 'github.com/c/d?ref=v1', target: 'github.com/c/d?ref=v2' },
    { path: 'resources[2]', source: 'v1.yaml', target: 'v2.yaml' },
  ]);
});

test('a revision that is right already stays as it is written', () => {
  const text = 'resources: ["github.com/a/b?ref=a%2fb@1%2B2"]\n';
  const edits = [{ artifact: 'github.com/a/b', version: { ref: 'a/b@1+2' } }];
  expect(editor.write(text, { remotes: ['*'] }, edits)).toEqual({ ok: true, text });
});

test('half of a surrogate pair is refused, not thrown', () => {
  const edits = [{ artifact: 'github.com/a/b', version: { ref: '\uD800' } }];
  expect(editor.write('resources: ["github.com/a/b?ref=v1"]\n', { remotes: ['*'] }, edits)).toMatchObject({
    ok: false,
  });
});

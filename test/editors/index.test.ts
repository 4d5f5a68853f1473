import { describe, expect, test } from 'vitest';
import { editorOf, editors } from '../../src/editors/index.ts';

describe('editors', () => {
  test('each has what the configuration and the documentation need of it', () => {
    for (const editor of Object.keys(editors).map(editorOf)) {
      expect(editor.name).toMatch(/^[a-z-]+$/);
      expect(editor.summary).not.toBe('');
      expect(editor.defaultFile).toMatch(editor.wholeFiles ? /^\.$/ : /\.(?:yaml|env)$/);
    }
  });

  test('the key of an editor is the key its options ask for', () => {
    for (const [key, editor] of Object.entries(editors)) {
      expect(editor.options.safeParse({ [key]: ['a'] }).success).toBe(true);
    }
  });
});

describe('editorOf', () => {
  const edit = { artifact: 'tag', version: { value: 'v2' } };

  test('gives the editor of a key, which reads its options from any value', () => {
    const where: unknown = { keys: ['tag'] };
    const editor = editorOf('keys');
    expect(editor.find('tag: v1\n', where).artifacts).toEqual([{ artifact: 'tag', version: { value: 'v1' }, line: 1 }]);
    expect(editor.write('tag: v1\n', where, [edit])).toEqual({ ok: true, text: 'tag: v2\n' });
    expect(editor.leftAlone('tag: v1\na: 1\n', 'tag: v2\na: 2\n', where)).toEqual([
      { path: 'a', source: '1', target: '2' },
    ]);
  });

  test.each([undefined, null, 'tag', { keys: 'tag' }, { images: ['*'] }, { keys: ['tag'], more: 1 }])(
    'refuses the options %j',
    (where) => {
      const refusals = [
        { line: undefined, reason: expect.stringContaining('The configuration of this file is not valid') },
      ];
      const editor = editorOf('keys');
      expect(editor.find('tag: v1\n', where)).toEqual({ artifacts: [], refusals });
      expect(editor.write('tag: v1\n', where, [edit])).toEqual({ ok: false, refusals });
      expect(editor.leftAlone('tag: v1\na: 1\n', 'tag: v2\na: 2\n', where)).toEqual([]);
    },
  );

  test.each(['helm', '', 'toString', '__proto__'])('for the key %j it refuses everything', (key) => {
    const refusals = [
      { line: undefined, reason: `No editor is called "${key}". Write one of ${Object.keys(editors).join(', ')}.` },
    ];
    const editor = editorOf(key);
    expect(editor.find('tag: v1\n', { keys: ['tag'] })).toEqual({ artifacts: [], refusals });
    expect(editor.write('tag: v1\n', { keys: ['tag'] }, [edit])).toEqual({ ok: false, refusals });
    expect(editor.leftAlone('a: 1\n', 'a: 2\n', { keys: ['tag'] })).toEqual([]);
  });
});

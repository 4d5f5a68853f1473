import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CopyWhere, copyEditor as editor } from '../../src/editors/copy.ts';

const name = 'config/app.yaml';
const plain: CopyWhere = { copy: [name] };
const keeping: CopyWhere = { copy: [name], keep: [{ in: name, keys: ['replicas', 'ingress.host'] }] };

/** The version a text is, as another environment gets it. */
function contentOf(text: string, where: CopyWhere): string {
  const [found] = editor.find(text, where).artifacts;
  return found?.version['content'] ?? 'nothing';
}

function copied(source: string, target: string, where: CopyWhere) {
  return editor.write(target, where, [{ artifact: name, version: { content: contentOf(source, where) } }]);
}

describe('a whole file', () => {
  test('is its text, whatever it holds', () => {
    for (const text of ['a: [', '\uFEFFx\r\n', 'no yaml {{ }}', '', '\t\n\n']) {
      expect(editor.find(text, plain)).toEqual({
        artifacts: [{ artifact: name, version: { content: text }, line: 1 }],
        refusals: [],
      });
    }
  });

  test('takes the place of any other text, byte for byte, and a second time changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (source, target) => {
        expect(copied(source, target, plain)).toEqual({ ok: true, text: source });
        expect(copied(source, source, plain)).toEqual({ ok: true, text: source });
      }),
    );
  });

  test('is copied once, under its own name', () => {
    const version = { content: 'x' };
    for (const edits of [
      [{ artifact: 'other', version }],
      [
        { artifact: name, version },
        { artifact: name, version },
      ],
    ]) {
      expect(editor.write('y', plain, edits)).toMatchObject({ ok: false });
    }
    expect(editor.write('y', plain, [])).toEqual({ ok: true, text: 'y' });
  });
});

describe('kept values', () => {
  const text = (replicas: string, host: string, rest: string): string =>
    `# ф\nreplicas: ${replicas} # enough\ningress: { host: ${host}, tls: yes }\n${rest}\n`;
  const tokens = fc.constantFrom('1', '3', '1.10', '"3"', "'three'", '~', 'on', '0x1F', 'set');

  test('stay the very characters they were, and everything else is the source', () => {
    fc.assert(
      fc.property(tokens, tokens, tokens, tokens, (ours, host, theirs, other) => {
        const [source, target] = [text(theirs, other, 'level: debug'), text(ours, host, 'level: info')];
        const wanted = text(ours, host, 'level: debug');
        expect(copied(source, target, keeping)).toEqual({ ok: true, text: wanted });
        expect(copied(source, wanted, keeping)).toEqual({ ok: true, text: wanted });
        // Both environments run the same version then.
        expect(contentOf(wanted, keeping)).toBe(contentOf(source, keeping));
      }),
    );
  });

  test('are marked in a new file, for a person to fill in', () => {
    expect(copied(text('1', 'dev', 'a: 1'), '', keeping)).toEqual({
      ok: true,
      text: expect.stringMatching(/replicas: set-by-a-person # enough\ningress: \{ host: set-by-a-person, tls: yes \}/),
    });
  });

  test('are the same version in JSON too, be they numbers or texts', () => {
    const where = { copy: ['a.json'], keep: [{ in: 'a.json', keys: ['n'] }] };
    const [one, other] = ['{"n": 1, "x": 2}', '{"n": "three", "x": 2}'];
    expect(contentOf(one, where)).toBe('{"n": "set-by-a-person", "x": 2}');
    expect(contentOf(other, where)).toBe(contentOf(one, where));
  });

  test.each([
    ['a target that is no YAML', 'a: [', 'not valid YAML'],
    ['a value of several lines', 'replicas: |\n  1\n  2\ningress: {host: x}\n', 'replicas'],
    ['a map', 'replicas: {a: 1}\ningress: {host: x}\n', 'replicas'],
    ['a key written twice', 'replicas: 1\nreplicas: 2\ningress: {host: x}\n', 'replicas'],
  ])('are never lost: %s is refused', (_, target, reason) => {
    const written = copied(text('1', 'dev', 'a: 1'), target, keeping);
    expect(written.ok ? written.text : written.refusals.map((one) => one.reason).join()).toContain(reason);
    expect(written.ok).toBe(false);
  });
});

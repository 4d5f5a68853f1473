import fc from 'fast-check';
import type { Version } from '../../src/domain/version.ts';

/** Tags that YAML readers take for something else, and any other. */
export const tags = fc
  .oneof(
    fc.constantFrom('1.10', '0123', '1e3', 'on', 'null', '2024-01-02', '20240101123456', '0x1F', '_', 'v1.0.0-rc.1'),
    fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/),
  )
  .filter((tag) => tag.toLowerCase() !== 'latest');

export const digests = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);

/** Tags that no tool takes for a branch or a range. */
export const revisions = tags.filter(
  (text) => !/^(?:x|main|master|trunk|develop|development|next|head)$|\.x(?:\.|$)/iu.test(text),
);

/** Versions of an image that says both in one text. */
export const imageVersions: fc.Arbitrary<Version> = fc.oneof(
  tags.map((tag) => ({ tag })),
  digests.map((digest) => ({ digest })),
  fc.record({ tag: tags, digest: digests }),
);

/** Texts of one line that mean nothing but themselves. */
export const lineTexts = fc
  .oneof(tags, fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }))
  .filter((text) => text.isWellFormed() && !/[\n\r\u0085\u2028\u2029]|\$\{|\{\{|^ENC\[|^latest$/iu.test(text));

export function printImage(name: string, { tag, digest }: Version): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

interface Filling {
  /** The hole of the template that is edited. */
  readonly hole: string;
  readonly token: string;
  /** What stands in the others. */
  readonly filled: Readonly<Record<string, string>>;
  readonly lineBreak: string;
}

/** A template with its holes filled, `«chart»` and so on, and where the one hole is. */
export function holes(template: string, { hole, token, filled, lineBreak }: Filling) {
  const [head = '', tail = ''] = template.split(`«${hole}»`).map((part) => {
    const whole = part.replace(/«(\w+)»/gu, (_, name: string) => filled[name] ?? '');
    return whole.replaceAll('\n', lineBreak);
  });
  const block = (written: string): string => {
    const lines = `${head}${written}${tail}`.replaceAll('\r\n', '\n').split('values: |\n')[1] ?? '';
    return lines.replaceAll(/^ {8}/gmu, '');
  };
  const span = [head.length, head.length + token.length] as const;
  return { text: `${head}${token}${tail}`, span, inner: block };
}

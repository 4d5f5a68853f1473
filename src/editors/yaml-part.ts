import type { YamlFile, YamlScalar } from './yaml.ts';
import type { Located } from './yaml-locate.ts';
import { isTyped, singleCharacters } from './yaml-quote.ts';
import { type Replaced, replaceText } from './yaml-scalar.ts';
import { type Splice, shortestSplice } from './yaml-splice.ts';

/**
 * The splices that make a value read as `text`, without the characters it shares with what stands there: of a URL whose
 * revision changes only the revision's characters do. Where that is not certain to read right, the whole value is written anew.
 */
export function replaceWithin(file: YamlFile, at: Located, text: string): Replaced {
  const whole = replaceText(file, at, text);
  if (!whole.ok || whole.splices.length === 0 || at.value.kind !== 'scalar') return whole;
  const part = partSplice(file, at.value, text);
  return part === undefined ? whole : { ok: true, splices: [part] };
}

function partSplice(file: YamlFile, scalar: YamlScalar, text: string): Splice | undefined {
  if (scalar.style === 'block') return undefined;
  const margin = scalar.style === 'plain' ? 0 : 1;
  const source = file.text.slice(scalar.start + margin, scalar.end - margin);
  const offsets = sourceOffsets(source, scalar);
  const { start, end, insert } = shortestSplice(0, scalar.text, text);
  const [from, to] = [offsets?.[start], offsets?.[end]];
  if (from === undefined || to === undefined || !fits(scalar, text, { start, end, insert })) return undefined;
  return { start: scalar.start + margin + from, end: scalar.start + margin + to, insert };
}

const doubleToken = /\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|[^\\]/gsu;

/** Where each character of a scalar on one line stands in its source; undefined where that cannot be told. */
function sourceOffsets(source: string, { style, text }: YamlScalar): readonly number[] | undefined {
  if (/[\r\n]/u.test(source)) return undefined;
  if (style !== 'double') return source === text ? Array.from({ length: text.length + 1 }, (_, at) => at) : undefined;
  const offsets: number[] = [];
  for (const { 0: token, index } of source.matchAll(doubleToken)) {
    // A character outside the basic plane is two units of text, written out or escaped.
    const units = token.startsWith('\\') ? (/^\\U000[1-9A-F]|^\\U0010/iu.test(token) ? 2 : 1) : token.length;
    for (let unit = 0; unit < units; unit += 1) offsets.push(index + (token.startsWith('\\') ? 0 : unit));
  }
  offsets.push(source.length);
  return offsets.length === text.length + 1 ? offsets : undefined;
}

// What neither starts nor ends anything within a plain scalar, wherever it stands.
const plainPart = /^[A-Za-z0-9_./@+%=&:~-]*$/u;

function fits({ style, text: before }: YamlScalar, text: string, { start, insert }: Splice): boolean {
  if (style === 'single') return !insert.includes("'") && singleCharacters.test(insert);
  if (style === 'double') return !/["\\]/u.test(insert) && singleCharacters.test(insert);
  const misread = /:(?:[\s,[\]{}]|$)|\s#|^\s|\s$/u.test(text) || isTyped(text);
  // Some readers end a plain scalar in brackets at a question mark; where one stands already, nobody minds another.
  const part = before.includes('?') ? insert.replaceAll('?', '') : insert;
  return start > 0 && plainPart.test(part) && !misread;
}

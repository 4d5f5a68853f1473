import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import type { Refusal } from './editor.ts';
import { valueObstacle } from './image-text.ts';
import { type KustomizationItem, kustomizationItems } from './kustomization-file.ts';
import { patternList } from './pattern-list.ts';
import { siteEditor } from './site-editor.ts';
import { contradiction, pairUnit, partnerOf } from './tag-digest-pair.ts';
import type { YamlFile } from './yaml.ts';
import { valueAt } from './yaml-documents.ts';
import { lineAt } from './yaml-lines.ts';
import { itemField, keyText, locate } from './yaml-locate.ts';
import type { Codec, Site, Sites } from './yaml-sites.ts';

export interface LiteralsWhere {
  readonly literals: readonly string[];
}

const options = z.strictObject({
  literals: patternList(
    'Write the key of a literal, or `app/KEY` for one of the generator `app`.',
    'Literals of `configMapGenerator` that may move: `TAG`, `app/TAG` for that of the generator `app`, `*` for every one.',
  ),
});

/** Literals of `configMapGenerator`: an artifact is called `app/TAG` after generator and key, its version the text behind `=`. */
export const literalsEditor = siteEditor<LiteralsWhere>({
  name: 'literals',
  summary: 'Literals of the ConfigMaps that a kustomization generates: the text behind `KEY=`',
  options,
  defaultFile: 'kustomization.yaml',
  sites: literalSites,
});

function literalSites(file: YamlFile, { literals }: LiteralsWhere): Sites {
  const patterns = literals.map((pattern) => (pattern.includes('/') ? pattern : `*/${pattern}`));
  const { items, refusals } = kustomizationItems(file, ['configMapGenerator']);
  const all = literalsOf(items);
  const filled = new Set(all.flatMap(({ artifact, isFilled }) => (isFilled ? [artifact] : [])));
  const found = all.flatMap((literal) => {
    if (!fitsOne(patterns, literal.artifact)) return [];
    const partner = partnerOf(literal.artifact, (other) => filled.has(other));
    return [siteOf(file, literal, { partner, isAlone: partner !== undefined && !fitsOne(patterns, partner) })];
  });
  const sites = found.flatMap((one) => ('kind' in one ? [one] : []));
  const known = new Set(sites.map(({ artifact }) => artifact));
  const secrets = literalsOf(kustomizationItems(file, ['secretGenerator']).items);
  const named = secrets.filter(({ artifact }) => literals.includes(artifact) && !known.has(artifact));
  const others = found.flatMap((one) => ('kind' in one ? [] : [one]));
  return { sites, refusals: [...refusals, ...others, ...named.map((literal) => secret(file, literal))] };
}

/** One item of `literals` with a key. */
interface Literal {
  readonly artifact: string;
  readonly key: string;
  readonly isFilled: boolean;
  readonly item: KustomizationItem;
  readonly index: number;
}

/** The literal of a digest beside a tag, or of the tag beside a digest, and whether it stays where it is. */
interface Partner {
  readonly partner: string | undefined;
  readonly isAlone: boolean;
}

function literalsOf(items: readonly KustomizationItem[]): readonly Literal[] {
  return items.flatMap((item) => {
    const name = itemField(item.node, 'name');
    const list = valueAt(item.node, 'literals');
    if (name.kind !== 'text' || list?.kind !== 'list') return [];
    return list.items.flatMap((node, index) => {
      const text = keyText(node) ?? '';
      const key = /^[^\s=]+(?==)/u.exec(text)?.[0];
      if (key === undefined) return [];
      const isFilled = splitLiteral(text, key)?.value !== '';
      return [{ artifact: `${name.text}/${key}`, key, isFilled, item, index }];
    });
  });
}

function siteOf(
  file: YamlFile,
  { artifact, key, item, index }: Literal,
  { partner, isAlone }: Partner,
): Site | Refusal {
  const located = locate(file, 0, [...item.steps, 'literals', index]);
  if (!located.ok) return { ...located.refusal, artifact };
  const spots = [{ document: 0, at: located.at, codec: literalCodec(key) }];
  if (partner !== undefined && isAlone) {
    const reason = contradiction(partner, artifact, `Add ${partner} to literals.`);
    return { line: lineAt(file.lineStarts, located.at.value.start), artifact, reason };
  }
  if (partner !== undefined) return { kind: 'scalars', artifact, spots, unit: pairUnit(artifact, partner) };
  return { kind: 'scalars', artifact, spots, obstacle: valueObstacle };
}

/** Said only to who names a secret exactly: with `*` nobody means the secrets. */
function secret(file: YamlFile, { artifact, item }: Literal): Refusal {
  const reason = `${artifact} is a literal of secretGenerator, and Pawl never moves secrets. Keep versions in configMapGenerator.`;
  return { line: lineAt(file.lineStarts, item.node.start), reason, artifact };
}

/** Kustomize takes one pair of quotes around the value away; they stay where they are. */
function literalCodec(key: string): Codec {
  return {
    read(text) {
      const literal = splitLiteral(text, key);
      if (literal === undefined) return undefined;
      return literal.value === '' ? {} : { value: literal.value };
    },
    write(text, { value = '' }) {
      const literal = splitLiteral(text, key);
      if (literal === undefined) return undefined;
      const quotes = literal.quotes === '' && /^(["']).*\1$/u.test(value) ? '"' : literal.quotes;
      return `${key}=${quotes}${value}${quotes}`;
    },
  };
}

interface LiteralText {
  readonly quotes: string;
  readonly value: string;
}

function splitLiteral(text: string, key: string): LiteralText | undefined {
  if (!text.startsWith(`${key}=`)) return undefined;
  const written = text.slice(key.length + 1);
  const quotes = /^(["']).*\1$/su.exec(written)?.[1] ?? '';
  const value = written.slice(quotes.length, written.length - quotes.length);
  // Kustomize cannot read a quote that is its own other end, and a blank at an end is seen by nobody.
  return /^["']$/u.test(written) || value.trim() !== value ? undefined : { quotes, value };
}

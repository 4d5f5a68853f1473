import type { Names, Placeholder } from './pattern.ts';

/** An entry of `promote` as far as it says which fields it selects. `where` is the options of the editor. */
export interface Selection {
  readonly editor: string;
  readonly where: unknown;
}

/** Options with the names of one place in place of their placeholders. */
export interface FilledSelection {
  readonly where: unknown;
  /** Selectors that held placeholders, as they are filled here and as the configuration has them. */
  readonly aliases: readonly SelectorAlias[];
}

/** `dev.image.tag` here is what the configuration calls `{environment}.image.tag`. Both may hold `*`. */
export interface SelectorAlias {
  readonly here: string;
  readonly everywhere: string;
}

const anyPlaceholder = /\{(application|environment|target)\}/gu;

/** Fills the placeholders in every text of an entry's options: one file may hold the fields of several environments. */
export function fillSelection({ editor, where }: Selection, names: Names): FilledSelection {
  const fill = (text: string): string =>
    text.replace(anyPlaceholder, (whole, name: string) => (isNamed(name) ? names[name] : whole));
  const everywhere = textsIn(mainOption(editor, where));
  const aliases = everywhere.map((text) => ({ here: fill(text), everywhere: text }));
  return { where: mapTexts(where, fill), aliases: aliases.filter(({ here, everywhere: other }) => here !== other) };
}

function isNamed(name: string): name is Placeholder {
  return name === 'application' || name === 'environment' || name === 'target';
}

/** Whether the options tell places apart by a placeholder: in the document they name, or in every selector. */
export function selectionHolds({ editor, where }: Selection, name: Placeholder): boolean {
  const placeholder = `{${name}}`;
  const selectors = textsIn(mainOption(editor, where));
  const inAll = selectors.length > 0 && selectors.every((text) => text.includes(placeholder));
  return inAll || textsIn(optionOf(where, 'document')).some((text) => text.includes(placeholder));
}

/** Texts of a selection that are compared; the lists of one file are a few lines long. */
const textsMax = 200;

/**
 * Whether two selections of one file may select the same field. The editor's language is not known here: they overlap when
 * they hold the same text, or texts that a `*` in one of them lets stand for the same, and do not name different documents.
 */
export function selectionsOverlap(a: Selection, b: Selection): boolean {
  if (a.editor !== b.editor || inDifferentDocuments(a.where, b.where)) return false;
  const others = textsIn(mainOption(b.editor, b.where));
  return textsIn(mainOption(a.editor, a.where)).some((text) => others.some((other) => overlap(text, other)));
}

/** Both name a document, and differ in a fact of it. */
function inDifferentDocuments(a: unknown, b: unknown): boolean {
  const [one, other] = [optionOf(a, 'document'), optionOf(b, 'document')];
  if (!isRecord(one) || !isRecord(other)) return false;
  return Object.entries(one).some(([fact, text]) => {
    const against = other[fact];
    return typeof text === 'string' && typeof against === 'string' && !overlap(anyName(text), anyName(against));
  });
}

/** A placeholder that is not filled in may stand for anything. */
function anyName(text: string): string {
  return text.replace(/\[[^[\]]*\{[^[\]]*\]|\{[^{}]*\}/gu, '*');
}

/** The list of selectors: the option that is called like the editor's key. */
function mainOption(editor: string, where: unknown): unknown {
  return optionOf(where, editor);
}

function optionOf(where: unknown, key: string): unknown {
  return isRecord(where) ? where[key] : undefined;
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn).slice(0, textsMax);
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Errs on the safe side: what is before the first `*` and behind the last one decides. */
function overlap(a: string, b: string): boolean {
  if (!a.includes('*') && !b.includes('*')) return a === b;
  const [before, after] = ends(a);
  const [otherBefore, otherAfter] = ends(b);
  const beginsAlike = before.startsWith(otherBefore) || otherBefore.startsWith(before);
  return beginsAlike && (after.endsWith(otherAfter) || otherAfter.endsWith(after));
}

function ends(text: string): readonly [string, string] {
  const first = text.indexOf('*');
  return first < 0 ? [text, text] : [text.slice(0, first), text.slice(text.lastIndexOf('*') + 1)];
}

import { fitsOne } from '../domain/name-pattern.ts';
import type { Refusal } from './editor.ts';
import { parseKeyPath } from './key-path.ts';
import { valueSite } from './value-site.ts';
import { mayHave } from './value-sites.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { type DocumentFacts, valueAt } from './yaml-documents.ts';
import { lineAt, linesText } from './yaml-lines.ts';
import { type ItemSelector, itemField, joinPath, type PathStep } from './yaml-locate.ts';
import type { Site, Sites } from './yaml-sites.ts';

/** A selector of a value of an element: `element[cluster=staging]/image.tag`. */
interface ElementSelector {
  readonly fields: readonly ItemSelector[];
  readonly path: readonly PathStep[];
  readonly key: string;
}

const shape = /^element((?:\[[^[\]=\s]+=[^[\]]+\])*)\/(.+)$/u;

function parseElementSelector(text: string): ElementSelector | undefined {
  const [, fields = '', key = ''] = shape.exec(text) ?? [];
  const path = parseKeyPath(key);
  if (!path.ok || key.includes('*')) return undefined;
  const read = [...fields.matchAll(/\[([^=]+)=([^\]]+)\]/gu)].map(([, name = '', value = '']) => ({
    key: name,
    value,
  }));
  return { fields: read, path: path.steps, key };
}

/** What is wrong with the selector of an element, or undefined, for those of other kinds too. */
export function elementProblem(text: string): string | undefined {
  if (!/^element[/[]/u.test(text) || parseElementSelector(text) !== undefined) return undefined;
  return `"${text}" names no value of an element. Write a field that tells the element apart, and the key of the value: element[cluster=staging]/tag.`;
}

/** The chosen values of the elements of list generators. A `*` in a field selects the value in each element that fits. */
export function elementSites(file: YamlFile, documents: readonly DocumentFacts[], selectors: readonly string[]): Sites {
  const elements = documents.flatMap((document) =>
    elementsBelow(valueAt(valueAt(document.root, 'spec'), 'generators'), ['spec', 'generators']).map((element) => ({
      document: document.index,
      ...element,
    })),
  );
  const sites: Site[] = [];
  const refusals: Refusal[] = [];
  for (const text of new Set(selectors)) {
    const selector = parseElementSelector(text);
    const made = selector === undefined ? [] : sitesOf(file, elements, { text, selector, selectors });
    for (const one of made) {
      if ('reason' in one) refusals.push(one);
      else sites.push(one);
    }
  }
  return { sites, refusals };
}

interface Element {
  readonly document: number;
  readonly node: YamlNode;
  readonly steps: readonly PathStep[];
}

/** Elements of list generators, those within the generators of a matrix or a merge too. */
function elementsBelow(
  generators: YamlNode | undefined,
  steps: readonly PathStep[],
): readonly Omit<Element, 'document'>[] {
  if (generators?.kind !== 'list') return [];
  return generators.items.flatMap((generator, index) => {
    const elements = valueAt(valueAt(generator, 'list'), 'elements');
    const own = elements?.kind === 'list' ? elements.items : [];
    return [
      ...own.map((node, at) => ({ node, steps: [...steps, index, 'list', 'elements', at] })),
      ...['matrix', 'merge'].flatMap((kind) =>
        elementsBelow(valueAt(valueAt(generator, kind), 'generators'), [...steps, index, kind, 'generators']),
      ),
    ];
  });
}

interface Wanted {
  readonly text: string;
  readonly selector: ElementSelector;
  readonly selectors: readonly string[];
}

function sitesOf(
  file: YamlFile,
  elements: readonly Element[],
  { text, selector, selectors }: Wanted,
): readonly (Site | Refusal)[] {
  const { fields, path } = selector;
  const unsure = elements.find(({ node }) => fields.some(({ key }) => itemField(node, key).kind === 'unsure'));
  if (unsure !== undefined) {
    const reason = `${text} is not certain: this element has a field twice or only through the merge key <<. Write it out once.`;
    return [{ line: lineAt(file.lineStarts, unsure.node.start), artifact: text, reason }];
  }
  const fitting = elements.filter(({ node }) => fields.every((field) => hasField(node, field)));
  const used = fields.length > 0 ? fitting : fitting.filter(({ node }) => mayHave(node, path));
  if (used.length === 0) {
    const reason = `${text} is missing: no element of a list generator fits. Add it once by hand.`;
    return [{ line: undefined, artifact: text, reason }];
  }
  const isOne = !fields.some(({ value }) => value.includes('*'));
  if (isOne && used.length > 1) return [severalFit(file, used, text)];
  return used.map(({ document, node, steps }) => {
    const name = isOne ? undefined : nameOf(node, selector);
    const beside = (key: string): string =>
      `${beginOf(name ?? text)}/${[...path.slice(0, -1), key].reduce<string>(joinPath, '')}`;
    const isSelected = (other: string): boolean =>
      selectors.includes(isOne ? other : `${beginOf(text)}/${restOf(other)}`);
    return valueSite(file, { document, base: steps, path, artifact: name ?? text, beside, isSelected });
  });
}

function hasField(node: YamlNode, { key, value }: ItemSelector): boolean {
  const field = itemField(node, key);
  return field.kind === 'text' && fitsOne([value], field.text);
}

function severalFit(file: YamlFile, elements: readonly Element[], text: string): Refusal {
  const lines = elements.map(({ node }) => lineAt(file.lineStarts, node.start));
  const reason = `${text} is not certain: ${elements.length} elements fit, in ${linesText(lines)}. Select by a field in which they differ, as in element[cluster={environment}]/…`;
  return { line: lines[0], artifact: text, reason };
}

/** What the value is called in one of several elements: by the text each field has there. */
function nameOf(node: YamlNode, { fields, key }: ElementSelector): string {
  const texts = fields.map((field) => {
    const found = itemField(node, field.key);
    return `[${field.key}=${found.kind === 'text' ? found.text : ''}]`;
  });
  return `element${texts.join('')}/${key}`;
}

function beginOf(name: string): string {
  return /^element(?:\[[^\]]*\])*/u.exec(name)?.[0] ?? '';
}

function restOf(name: string): string {
  return name.slice(beginOf(name).length + 1);
}

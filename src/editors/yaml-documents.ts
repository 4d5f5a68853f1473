import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import type { YamlFile, YamlNode } from './yaml.ts';
import { isNull, lookup } from './yaml-locate.ts';

/** Which documents of a file are meant: those of Kubernetes that have all of these. `*` stands for any characters. */
export interface DocumentWhere {
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
}

const text = z.string().min(1);

/** The option `document` of the editors whose files may hold several. */
export const documentOption = z
  .strictObject({
    kind: text.optional().describe('Its `kind`, such as `HelmRelease`.'),
    name: text.optional().describe('Its `metadata.name`; may hold placeholders: `web-{environment}`.'),
    namespace: text.optional().describe('Its `metadata.namespace`.'),
  })
  .optional()
  .describe('The document that is meant, in a file of several. `*` stands for any characters.');

/** What a document says of itself; an empty text for what it does not say. */
export interface DocumentFacts {
  readonly index: number;
  readonly root: YamlNode;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** The documents that are not empty and fit, in the order of the file. */
export function documentsIn(file: YamlFile, where: DocumentWhere = {}): readonly DocumentFacts[] {
  return file.documents.flatMap(({ root }, index) => {
    if (isNull(root)) return [];
    const facts = factsOf(root, index);
    return fitsDocument(facts, where) ? [facts] : [];
  });
}

export function fitsDocument(facts: Omit<DocumentFacts, 'root' | 'index'>, where: DocumentWhere = {}): boolean {
  const wanted = [
    [where.kind, facts.kind],
    [where.name, facts.name],
    [where.namespace, facts.namespace],
  ] as const;
  return wanted.every(([pattern, value]) => pattern === undefined || fitsOne([pattern], value));
}

/** Whether the configuration says which resource is meant: its name says nothing then, and may differ between environments. */
export function pinsResource(where: DocumentWhere | undefined): boolean {
  return where?.name !== undefined && !where.name.includes('*');
}

function factsOf(root: YamlNode, index: number): DocumentFacts {
  const metadata = valueAt(root, 'metadata');
  return {
    index,
    root,
    apiVersion: textAt(root, 'apiVersion'),
    kind: textAt(root, 'kind'),
    name: textAt(metadata, 'name'),
    namespace: textAt(metadata, 'namespace'),
  };
}

/** The value a map has under a key of its own; undefined for anything else. */
export function valueAt(node: YamlNode | undefined, key: string): YamlNode | undefined {
  if (node?.kind !== 'map') return undefined;
  const found = lookup(node, key);
  return found.kind === 'own' ? found.entry.value : undefined;
}

/** The text a map has under a key of its own; empty for anything else. */
export function textAt(node: YamlNode | undefined, key: string): string {
  const value = valueAt(node, key);
  return value?.kind === 'scalar' ? value.text : '';
}

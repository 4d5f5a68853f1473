import { createHash } from 'node:crypto';
import { chartObstacle } from './moving-version.ts';
import { shown } from './shown.ts';
import type { YamlFile, YamlMap, YamlNode } from './yaml.ts';
import { lineAt } from './yaml-lines.ts';
import { isMergeKey, isNull, keyText, lookup } from './yaml-locate.ts';
import { isTyped } from './yaml-quote.ts';

/** A dependency as Helm has it in memory, its fields in the order in which Helm prints them, without the empty ones. */
export interface Requirement {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  readonly condition?: string;
  readonly tags?: readonly string[];
  readonly enabled?: true;
  readonly 'import-values'?: readonly ImportValue[];
  readonly alias?: string;
}

type ImportValue = string | Readonly<Record<string, string>>;

/** A version of which Helm takes any that begins so: `1`, `1.2`. */
const partial = /^v?\d+(?:\.\d+)?(?:[-+].*)?$/u;

/** Why the version of a dependency stands for more than one; undefined for a whole version. */
export function rangeObstacle(version: string): string | undefined {
  if (!partial.test(version)) return chartObstacle(version);
  return `\`${shown(version)}\` is a range of versions for Helm, and stands for another one tomorrow: pin a whole version such as 1.2.3.`;
}

export type RequirementRead =
  | { readonly ok: true; readonly requirement: Requirement }
  | { readonly ok: false; readonly line: number };

/** Reads one dependency. What could mean something else to Helm than the text that stands there is not read. */
export function readRequirement(file: YamlFile, node: YamlNode): RequirementRead {
  const line = lineAt(file.lineStarts, node.start);
  if (node.kind !== 'map') return { ok: false, line };
  const texts = ['name', 'version', 'repository', 'condition', 'alias'].map((key) => textOf(node, key));
  const [name, version, repository, condition, alias] = texts;
  const [tags, imports, enabled] = [tagsOf(node), importsOf(node), enabledOf(node)];
  const unread = [...texts, tags, imports, enabled].includes(undefined);
  if (unread || !name || node.entries.some(({ key }) => isMergeKey(key))) return { ok: false, line };
  const requirement: Requirement = {
    name,
    version: version ?? '',
    repository: repository ?? '',
    ...(condition ? { condition } : {}),
    ...(tags?.length ? { tags } : {}),
    ...(enabled ? { enabled } : {}),
    ...(imports?.length ? { 'import-values': imports } : {}),
    ...(alias ? { alias } : {}),
  };
  return { ok: true, requirement };
}

/** The digest Helm puts into Chart.lock: of what is wanted and what it was resolved to, as Go prints it in JSON. */
export function lockDigest(wanted: readonly Requirement[], locked: readonly Requirement[]): string {
  const json = JSON.stringify([wanted, locked]).replace(/[<>&\u2028\u2029]/gu, escaped);
  return `sha256:${createHash('sha256').update(json).digest('hex')}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The value of a key: `absent` when there is none or an empty one, undefined when it cannot be told. */
function fieldOf(map: YamlMap, key: string): YamlNode | 'absent' | undefined {
  const found = lookup(map, key);
  if (found.kind === 'none') return 'absent';
  if (found.kind !== 'own' || found.entry.value === undefined) return undefined;
  return isNull(found.entry.value) ? 'absent' : found.entry.value;
}

function textOf(map: YamlMap, key: string): string | undefined {
  const value = fieldOf(map, key);
  return value === 'absent' ? '' : stringOf(value);
}

/** A scalar that is a text for every reader: neither `1.10` nor `on` nor something tagged. */
function stringOf(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.tag !== undefined) return undefined;
  return node.style === 'plain' && isTyped(node.text) ? undefined : node.text;
}

function tagsOf(map: YamlMap): readonly string[] | undefined {
  const value = fieldOf(map, 'tags');
  return value === 'absent' ? [] : listOf(value, stringOf);
}

function importsOf(map: YamlMap): readonly ImportValue[] | undefined {
  const value = fieldOf(map, 'import-values');
  return value === 'absent' ? [] : listOf(value, (item) => (item.kind === 'map' ? pairsOf(item) : stringOf(item)));
}

function enabledOf(map: YamlMap): boolean | undefined {
  const value = fieldOf(map, 'enabled');
  if (value === 'absent') return false;
  if (value?.kind !== 'scalar' || value.style !== 'plain' || value.tag !== undefined) return undefined;
  return value.text === 'true' || (value.text === 'false' ? false : undefined);
}

function listOf<Item>(
  node: YamlNode | undefined,
  read: (item: YamlNode) => Item | undefined,
): readonly Item[] | undefined {
  if (node?.kind !== 'list' || node.tag !== undefined) return undefined;
  const items = node.items.flatMap((item) => read(item) ?? []);
  return items.length === node.items.length ? items : undefined;
}

/** A map of texts with its keys in the order of their bytes, as Go prints it. */
function pairsOf(map: YamlMap): Readonly<Record<string, string>> | undefined {
  if (map.tag !== undefined || map.entries.length === 0) return undefined;
  const pairs = map.entries.flatMap(({ key, value }) => {
    const [name, text] = [key.kind === 'scalar' ? keyText(key) : undefined, stringOf(value)];
    return name === undefined || !/^[A-Za-z_-]+$/u.test(name) || text === undefined ? [] : [[name, text] as const];
  });
  const sorted = pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return new Set(pairs.map(([name]) => name)).size === map.entries.length ? Object.fromEntries(sorted) : undefined;
}

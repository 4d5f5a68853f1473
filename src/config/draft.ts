import { type SourceName, sourceNames } from '../domain/report.ts';
import { type Group, homeKey } from './config.ts';
import { parseDuration, withdrawAfterRange } from './duration.ts';
import type { Path } from './mistake.ts';
import { type PathPattern, type Place, parsePattern } from './pattern.ts';
import { type PromoteReading, readPromote } from './promote.ts';
import type { Registries } from './registries.ts';
import { type defaultLimits, defaultWithdrawAfter, promoteRulesMax, syncKeys } from './schema.ts';
import { pathTextMistake } from './schema-texts.ts';
import { type FoundTargets, parseTargetPattern } from './target-pattern.ts';

/**
 * The file as far as it can be read, so that the rules judge what is well-formed even where other parts are not. What has
 * the wrong shape is left out: the schema has reported it.
 */
export interface Draft {
  readonly environments: readonly EnvironmentDraft[];
  readonly applications: readonly ApplicationDraft[];
  readonly syncs: readonly SyncDraft[];
  readonly limits: Readonly<Record<keyof typeof defaultLimits, number | undefined>>;
  readonly withdrawAfterMs: number;
  readonly feeds: readonly string[];
  readonly groups: readonly GroupDraft[];
}

export interface GroupDraft extends Group {
  readonly path: Path;
}

export interface EnvironmentDraft {
  readonly path: Path;
  readonly name: string;
  readonly after: readonly NamedAt[];
  readonly targets: readonly NamedAt[] | undefined;
  readonly found: FoundTargets | undefined;
  readonly branch: string | undefined;
  readonly repo: string | undefined;
}

/** A name, and where it stands. */
export interface NamedAt {
  readonly name: string;
  readonly path: Path;
}

export interface ApplicationDraft {
  readonly path: Path;
  readonly name: string | undefined;
  /** Whether the file gives a name, be it one that cannot be used. */
  readonly named: boolean;
  /** Undefined when the file gives none that can be used. */
  readonly folder: PathPattern | undefined;
  readonly promote: readonly PromoteReading[];
  readonly order: readonly OrderDraft[] | undefined;
}

/** One environment of an application's own order. */
export type OrderDraft = Pick<EnvironmentDraft, 'path' | 'name' | 'after'>;

export interface SyncDraft {
  readonly path: Path;
  readonly source: SourceName;
  readonly fields: Readonly<Record<string, PathPattern>>;
  /** How many fields the file gives, whether or not the source has them and they can be used. */
  readonly fieldsGiven: number;
  readonly senders: readonly string[] | undefined;
  readonly everyApplication: boolean;
  readonly everyTarget: boolean;
}

type Values = Readonly<Record<string, unknown>>;

export function readDraft(value: unknown, registries: Registries): Draft {
  const root = mapOf(value);
  const limits = mapOf(root['limits']);
  const withdrawAfter = parseDuration(textOf(root['withdrawAfter']) ?? defaultWithdrawAfter, withdrawAfterRange);
  return {
    environments: Object.entries(mapOf(root['environments'])).map(readEnvironment),
    applications: mapsOf(root['applications']).map(({ map, index }) => {
      return readApplication(map, ['applications', index], registries);
    }),
    syncs: mapsOf(root['syncs']).flatMap(({ map, index }) => readSync(map, ['syncs', index], registries) ?? []),
    limits: {
      openPullRequests: numberOf(limits['openPullRequests']),
      newPullRequestsPerHour: numberOf(limits['newPullRequestsPerHour']),
      newPullRequestsFirstHour: numberOf(limits['newPullRequestsFirstHour']),
    },
    withdrawAfterMs: 'ms' in withdrawAfter ? withdrawAfter.ms : 0,
    feeds: textsOf(root['feeds']) ?? [],
    groups: Object.entries(mapOf(root['groups'])).map(readGroup),
  };
}

/** Stands for the targets that will be found; no name holds such a sign. */
export const anyTarget = '…';

/** Every target of every environment. */
export function draftPlaces(environments: readonly EnvironmentDraft[]): readonly Place[] {
  return environments.flatMap(({ name, targets, found, branch, repo }) => {
    const namesTargets = targets !== undefined || found !== undefined;
    const home = homeKey({ branch, repo });
    const names = targets?.map((target) => target.name) ?? [found === undefined ? name : anyTarget];
    return names.map((target) => ({
      environment: name,
      target,
      namesTargets,
      home,
    }));
  });
}

function readEnvironment([name, value]: readonly [string, unknown]): EnvironmentDraft {
  const map = mapOf(value);
  const path = ['environments', name];
  const targets = namesAt(map['targets'], [...path, 'targets']);
  const one = textOf(map['after']);
  return {
    path,
    name,
    after: one === undefined ? namesAt(map['after'], [...path, 'after']) : [{ name: one, path: [...path, 'after'] }],
    targets: targets.length === 0 ? undefined : targets,
    found: readFound(map['targets']),
    branch: textOf(map['branch']),
    repo: textOf(map['repo']),
  };
}

function readFound(value: unknown): FoundTargets | undefined {
  if (!isMap(value)) return undefined;
  const pattern = parseTargetPattern(textOf(value['found']) ?? '');
  if ('problem' in pattern) return undefined;
  const except = (textsOf(value['except']) ?? [])
    .map(parseTargetPattern)
    .flatMap((one) => ('problem' in one ? [] : [one]));
  const labels = Object.entries(mapOf(value['labels'])).flatMap(([name, text]) =>
    typeof text === 'string' ? [[name, text] as const] : [],
  );
  return { pattern, except, labels: Object.fromEntries(labels) };
}

function namesAt(value: unknown, path: Path): readonly NamedAt[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((name: unknown, index) => (typeof name === 'string' ? [{ name, path: [...path, index] }] : []));
}

function readApplication(map: Values, path: Path, registries: Registries): ApplicationDraft {
  const folder = textOf(map['path']);
  const entries = mapsOf(map['promote']).slice(0, promoteRulesMax);
  return {
    path,
    name: textOf(map['name']),
    named: Object.hasOwn(map, 'name'),
    folder: folder === undefined || pathTextMistake(folder) !== undefined ? undefined : patternOf(folder),
    order: isMap(map['order'])
      ? Object.entries(map['order']).map((entry) => readOrder(entry, [...path, 'order']))
      : undefined,
    promote: entries.map((entry) => readPromote(entry.map, [...path, 'promote', entry.index], registries)),
  };
}

function readGroup([name, value]: readonly [string, unknown]): GroupDraft {
  const map = mapOf(value);
  const batch = Object.entries(mapOf(map['batch'])).flatMap(([environment, count]) => {
    return typeof count === 'number' ? [[environment, count] as const] : [];
  });
  return {
    path: ['groups', name],
    name,
    applications: textsOf(map['applications']) ?? [],
    batch: Object.fromEntries(batch),
  };
}

function readOrder([name, value]: readonly [string, unknown], at: Path): OrderDraft {
  const path = [...at, name];
  return { path, name, after: typeof value === 'string' ? [{ name: value, path }] : namesAt(value, path) };
}

function readSync(map: Values, path: Path, registries: Registries): SyncDraft | undefined {
  const source = sourceNames.find((name) => name === map['source']);
  if (source === undefined) return undefined;
  const known = Object.keys(registries.sources[source].fields).filter((field) => Object.hasOwn(map, field));
  const fields = known.flatMap((field) => {
    const pattern = patternOf(textOf(map[field]) ?? '');
    return pattern === undefined ? [] : [[field, pattern] as const];
  });
  return {
    path,
    source,
    fields: Object.fromEntries(fields),
    fieldsGiven: Object.keys(map).filter((key) => !syncKeys.some((other) => other === key)).length,
    senders: textsOf(map['senders']),
    everyApplication: map['everyApplication'] === true,
    everyTarget: map['everyTarget'] === true,
  };
}

function patternOf(text: string): PathPattern | undefined {
  const pattern = parsePattern(text);
  return 'problem' in pattern ? undefined : pattern;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapOf(value: unknown): Values {
  return isMap(value) ? value : {};
}

function mapsOf(value: unknown): readonly { readonly map: Values; readonly index: number }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((map: unknown, index) => (isMap(map) ? [{ map, index }] : []));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item: unknown): item is string => typeof item === 'string');
}

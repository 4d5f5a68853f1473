import type { SyncDraft } from './draft.ts';
import { type DoubleReading, describeReadings, findDoubleReading } from './matching.ts';
import { type MistakeAt, mistakeAt, quote, quoteAll } from './mistake.ts';
import { fillPattern, holds, type Place, type Placeholder } from './pattern.ts';
import type { Registries } from './registries.ts';

/** What the rules for syncs look at besides the syncs. `places` is empty where the environments cannot be used. */
export interface SyncContext {
  readonly places: readonly Place[];
  readonly registries: Registries;
}

/** The rules for what a report must tell: environment, application and target, each by a field or by a word of `syncs`. */
export function syncMistakes(syncs: readonly SyncDraft[], context: SyncContext): readonly MistakeAt[] {
  return syncs.flatMap((sync) => {
    const fields = Object.keys(context.registries.sources[sync.source].fields);
    if (sync.fieldsGiven === 0) {
      const message = `This names no field of ${quote(sync.source)}, so it says nothing about whose report it is.`;
      return [mistakeAt(sync.path, message, `Write one or more of ${quoteAll(fields)}.`)];
    }
    // A field that is unknown or cannot be used is reported as such; what it would have bound is not known.
    if (Object.keys(sync.fields).length < sync.fieldsGiven) return [];
    return [
      ...environmentMistake(sync, context),
      ...bindingMistake(sync, 'application', context.places),
      ...bindingMistake(sync, 'target', context.places),
    ];
  });
}

/** Reports that could be read in two ways: they count for nothing. */
export function syncWarnings(syncs: readonly SyncDraft[], places: readonly Place[]): readonly MistakeAt[] {
  return syncs.flatMap((sync) => {
    for (const [field, pattern] of Object.entries(sync.fields)) {
      const found = findDoubleReading(pattern, places);
      if (found === undefined || toldApart(sync, field, found)) continue;
      const about = `A report with ${field} ${quote(found.text)} can be about`;
      const message = `${about} ${describeReadings(found)}, and counts for neither.`;
      return [
        mistakeAt([...sync.path, field], message, 'Add a field that tells them apart, or rename an environment.'),
      ];
    }
    return [];
  });
}

/** Whether another field of the sync differs between the two readings. */
function toldApart(sync: SyncDraft, field: string, { readings }: DoubleReading): boolean {
  const others = Object.entries(sync.fields).filter(([name]) => name !== field);
  return others.some(([, pattern]) => {
    const [one, other] = readings.map(({ application = '', place }) => fillPattern(pattern, { application, ...place }));
    return one !== other;
  });
}

function environmentMistake(sync: SyncDraft, { places }: SyncContext): readonly MistakeAt[] {
  if (bound(sync, 'environment', places)) return [];
  const hint = 'Write `{environment}` in one of its fields, outside of square brackets.';
  return [mistakeAt(sync.path, 'Nothing here says which environment a report is about.', hint)];
}

const everyKeys = { application: 'everyApplication', target: 'everyTarget' } as const;

function bindingMistake(
  sync: SyncDraft,
  name: 'application' | 'target',
  places: readonly Place[],
): readonly MistakeAt[] {
  const key = everyKeys[name];
  const written = Object.values(sync.fields).some((pattern) => holds(pattern, name, true));
  if (written && sync[key]) {
    const message = `\`${key}\` is set, though \`{${name}}\` says which ${name} a report is about.`;
    return [mistakeAt([...sync.path, key], message, 'Keep one of them.')];
  }
  const needed = name === 'application' || places.some(({ namesTargets }) => namesTargets);
  if (!needed || sync[key] || bound(sync, name, places)) return [];
  const message = `Nothing here says which ${name} a report is about.`;
  const hint = `Write \`{${name}}\` in one of its fields, or \`${key}: true\` if a report speaks for every ${name}.`;
  return [mistakeAt(sync.path, message, hint)];
}

/** Whether some field holds the placeholder wherever it is needed. */
function bound(sync: SyncDraft, name: Placeholder, places: readonly Place[]): boolean {
  const kinds = new Set(places.map(({ namesTargets }) => namesTargets));
  const needed = name === 'target' ? [true] : kinds.size === 0 ? [true, false] : [...kinds];
  return needed.every((named) => Object.values(sync.fields).some((pattern) => holds(pattern, name, named)));
}

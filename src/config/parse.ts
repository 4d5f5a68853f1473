import type { Problem } from '../domain/problem.ts';
import { configPath } from '../domain/repo.ts';
import { applicationMistakes, applicationWarnings } from './applications.ts';
import { buildConfig, limitMistakes } from './build.ts';
import type { Config } from './config.ts';
import { parseSource, pathKey, type SourceDocument } from './document.ts';
import { type Draft, draftPlaces, readDraft } from './draft.ts';
import {
  environmentMistakes,
  environmentWarnings,
  feedMistakes,
  groupMistakes,
  orderMistakes,
} from './environments.ts';
import { type Mistake, type MistakeAt, mistakeAt, type Path } from './mistake.ts';
import { overlapMistakes } from './overlaps.ts';
import { type Place, placesMax } from './pattern.ts';
import { type LineStarts, lineAndColumn, lineStartsOf } from './positions.ts';
import { quotingMistakes } from './quoting.ts';
import type { Registries } from './registries.ts';
import { scan } from './scan.ts';
import { environmentsMax } from './schema.ts';
import { shapeMistakes, versionMistake } from './shape.ts';
import { type MistakeAtOffset, readSourceText, secretMistakes, withoutSecrets } from './source-text.ts';
import { syncMistakes, syncWarnings } from './syncs.ts';

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Problems of one file that are reported; whoever mends these will see the rest. */
export const problemsMax = 100;

/**
 * The configuration a text holds, or everything that is wrong with it, in the order of the text. Three passes: what can be
 * read at all, what each value may be, what values must be together. Never throws.
 */
export function parseConfig(source: string | Uint8Array, registries: Registries): ParsedConfig {
  const read = readSourceText(source);
  if (!read.ok) return refuse([{ offset: read.before.length, ...read.mistake }], lineStartsOf(read.before));
  const { text } = read;
  const lines = lineStartsOf(text);
  const secrets = secretMistakes(text);
  const scanned = scan(text);
  if (scanned.fatal) return refuse([...secrets, ...scanned.mistakes], lines);
  const parsed = parseSource(text);
  const early = [...secrets, ...scanned.mistakes, ...parsed.mistakes];
  if (parsed.document === undefined) return refuse(early, lines);
  return judge(parsed.document, early, registries);
}

function judge(document: SourceDocument, early: readonly MistakeAtOffset[], registries: Registries): ParsedConfig {
  const lines = document.lineStarts;
  const root = versionMistake(document.value) ?? rootMistake(document);
  if (root !== undefined) return refuse([...early, locate(document, root)], lines);
  const draft = readDraft(document.value, registries);
  const shape = readable(document, shapeMistakes(document, draft.applications, registries));
  const quoting = quotingMistakes(
    document,
    shape.map(({ path }) => path),
  );
  const rules = readable(document, ruleMistakes(draft, document, registries));
  const late = [...shape, ...quoting, ...rules].map((mistake) => locate(document, mistake));
  if (early.length + late.length > 0) return refuse([...early, ...late], lines);
  const lineOf = (path: Path): number => lineAndColumn(lines, offsetAt(document, path, 'value')).line;
  const warnings = warningsAbout(draft).map((warning) => locate(document, warning));
  return { ok: true, config: buildConfig(draft, registries, lineOf), warnings: problemsOf(warnings, lines) };
}

const smallest =
  'Write `version: 1`, then `environments:` with the promotion order, `applications:` and `syncs:`; see the documentation.';

function rootMistake({ value, nodes }: SourceDocument): MistakeAt | undefined {
  if (value === undefined || value === null)
    return mistakeAt([], 'The file is empty: it names no environments.', smallest);
  if (nodes.get(pathKey([]))?.kind === 'map') return undefined;
  return mistakeAt([], 'The file is no map of keys.', smallest);
}

function ruleMistakes(draft: Draft, document: SourceDocument, registries: Registries): readonly MistakeAt[] {
  const places = usablePlaces(draft);
  const lineOf = ({ path }: { readonly path: Path }): number => {
    return lineAndColumn(document.lineStarts, offsetAt(document, path, 'value')).line;
  };
  return [
    ...emptyMistakes(draft, document),
    ...environmentMistakes(draft.environments),
    ...feedMistakes(draft.feeds),
    ...orderMistakes(draft.applications, draft.environments),
    ...groupMistakes(draft),
    ...applicationMistakes(draft.applications, places),
    ...overlapMistakes(draft.applications, places, lineOf),
    ...syncMistakes(draft.syncs, { places, registries }),
    ...limitMistakes(draft),
  ];
}

function emptyMistakes({ environments }: Draft, document: SourceDocument): readonly MistakeAt[] {
  if (environments.length > 0 || document.nodes.get(pathKey(['environments']))?.kind !== 'map') return [];
  return [
    mistakeAt(
      ['environments'],
      'There are no environments.',
      'Name at least two: `dev: {}` and `production: { after: dev }`.',
    ),
  ];
}

/** No places where there are too many: every rule is filled in for each of them. */
function usablePlaces({ environments }: Draft): readonly Place[] {
  const places = draftPlaces(environments);
  return environments.length > environmentsMax || places.length > placesMax ? [] : places;
}

function warningsAbout(draft: Draft): readonly MistakeAt[] {
  const places = usablePlaces(draft);
  return [
    ...idleWarnings(draft),
    ...applicationWarnings(draft.applications, places),
    ...syncWarnings(draft.syncs, places),
  ];
}

/** A repo that feeds others may promote nothing itself: order and reports are for their configurations to say. */
function idleWarnings({ environments, applications, syncs, feeds }: Draft): readonly MistakeAt[] {
  const ordered = applications.some(({ order }) => order !== undefined);
  if (feeds.length > 0 && !ordered && environments.every(({ after }) => after.length === 0)) return [];
  const hint = 'Add `syncs:` with the source your controllers report through.';
  const silent = mistakeAt([], 'No report is recognised, so nothing is promoted.', hint);
  return [...(ordered ? [] : environmentWarnings(environments)), ...(syncs.length > 0 ? [] : [silent])];
}

/** Without what is said about values that could not be read and have been reported as such. */
function readable(document: SourceDocument, mistakes: readonly MistakeAt[]): readonly MistakeAt[] {
  const unreadable = [...document.nodes.values()].filter(({ kind }) => kind === 'unreadable');
  return mistakes.filter(({ path }) => {
    return !unreadable.some((node) => pathKey(path.slice(0, node.path.length)) === pathKey(node.path));
  });
}

function locate(document: SourceDocument, { path, at, message, hint }: MistakeAt): MistakeAtOffset {
  return { offset: offsetAt(document, path, at), message, hint };
}

/** Where a path stands; what is missing stands where the nearest thing around it begins. */
function offsetAt(document: SourceDocument, path: Path, at: MistakeAt['at']): number {
  const node = document.nodes.get(pathKey(path));
  if (node !== undefined) return at === 'key' ? (node.keyOffset ?? node.offset) : node.offset;
  return path.length === 0 ? 0 : offsetAt(document, path.slice(0, -1), at);
}

function refuse(mistakes: readonly MistakeAtOffset[], lines: LineStarts): ParsedConfig {
  return { ok: false, problems: problemsOf(mistakes, lines) };
}

function problemsOf(mistakes: readonly MistakeAtOffset[], lines: LineStarts): readonly Problem[] {
  const ordered = mistakes.toSorted((a, b) => a.offset - b.offset);
  const unique = new Map(ordered.map((mistake) => [`${mistake.offset}:${mistake.message}`, mistake]));
  const shown = [...unique.values()].slice(0, problemsMax);
  return shown.map(({ offset, ...mistake }) => ({
    file: configPath,
    ...lineAndColumn(lines, offset),
    ...clean(mistake),
  }));
}

function clean({ message, hint }: Mistake): Mistake {
  return { message: withoutSecrets(message), hint: withoutSecrets(hint) };
}

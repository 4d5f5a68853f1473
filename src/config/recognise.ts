import { passedOnFrom } from '../domain/passed-on.ts';
import type { Report, SourceName } from '../domain/report.ts';
import type { Config, Recogniser } from './config.ts';
import { mayBeApplication } from './lanes.ts';
import { type Binding, compileMatcher, type Matcher } from './matching.ts';
import { type LaneTarget, placesIn } from './path-readers.ts';
import { fillPattern } from './pattern.ts';

/** Whose report it is. Without an application it is about all applications of the environment. */
export interface Recognised {
  readonly application: string | undefined;
  readonly environment: string;
  readonly target: string;
}

/**
 * The targets a report is about under the configuration; several where a report speaks for every target. None when no
 * recogniser fits, when the sender is none of those named, or when it could be about more than one application,
 * environment or target: a guess could let something through.
 */
export function recognise(config: Config, report: Report): readonly Recognised[] {
  const known = recognised.get(config) ?? new WeakMap<Report, readonly Recognised[]>();
  recognised.set(config, known);
  const found = known.get(report) ?? recogniseAnew(config, report);
  known.set(report, found);
  return found;
}

/** Every target of a decision asks about every report it rests on. */
const recognised = new WeakMap<Config, WeakMap<Report, readonly Recognised[]>>();

function recogniseAnew(config: Config, report: Report): readonly Recognised[] {
  const readings = new Map<string, readonly Recognised[]>();
  for (const one of recognisersOf(config)) {
    if (!fits(one.recogniser, report)) continue;
    for (const reading of readingsOf(config, one, report)) readings.set(JSON.stringify(reading), reading);
  }
  const [only, ...more] = readings.values();
  return only === undefined || more.length > 0 ? [] : only;
}

/** Every application a report speaks for; `*` for all of them. */
export function applicationsOf(config: Config, report: Report): readonly string[] {
  return [...new Set(recognise(config, report).map(({ application }) => application ?? '*'))];
}

/**
 * What has to be reported about one target, a line for each recogniser: "Argo CD: Application `web-dev`". The texts hold
 * names and words of the configuration only.
 */
export function expectedReports(config: Config, { application, environment, target }: LaneTarget): readonly string[] {
  const place = placesIn(config).find((one) => one.environment === environment && one.target === target);
  if (place === undefined) return [];
  return config.recognisers.map(({ source, fields, senders }) => {
    const named = Object.entries(fields).map(([field, pattern]) => {
      return `${fieldTitles[field] ?? field} \`${fillPattern(pattern, { application, ...place })}\``;
    });
    const from = senders === undefined ? '' : ` from ${senders.join(' or ')}`;
    return `${sourceTitles[source]}: ${named.join(', ')}${from}`;
  });
}

const sourceTitles: Readonly<Record<SourceName, string>> = {
  argocd: 'Argo CD',
  flux: 'Flux',
  'github-status': 'GitHub commit status',
  'github-deployment': 'GitHub deployment',
  'github-dispatch': 'GitHub repository dispatch',
  'check-run': 'GitHub check run',
};

/** Fields that are called after a kind of object. */
const fieldTitles: Readonly<Record<string, string>> = { application: 'Application', kustomization: 'Kustomization' };

function fits({ source, fields, senders }: Recogniser, report: Report): boolean {
  if (source !== report.source) return false;
  if (!Object.keys(fields).every((field) => Object.hasOwn(report.fields, field))) return false;
  const sender = report.sender?.toLowerCase();
  return senders === undefined || senders.some((allowed) => allowed.toLowerCase() === sender);
}

interface Compiled {
  readonly recogniser: Recogniser;
  readonly fields: readonly { readonly name: string; readonly match: Matcher }[];
}

/** Patterns are compiled once for each configuration, not once for each report. */
const compiled = new WeakMap<Config, readonly Compiled[]>();

function recognisersOf(config: Config): readonly Compiled[] {
  const known = compiled.get(config);
  if (known !== undefined) return known;
  const places = placesIn(config);
  const made = config.recognisers.map((recogniser) => ({
    recogniser,
    fields: Object.entries(recogniser.fields).map(([name, pattern]) => ({
      name,
      match: compileMatcher(pattern, places),
    })),
  }));
  compiled.set(config, made);
  return made;
}

/** Every way one recogniser can read a report. */
function readingsOf(
  config: Config,
  { recogniser, fields }: Compiled,
  report: Report,
): readonly (readonly Recognised[])[] {
  const bindings = fields.map(({ name, match }) => match(report.fields[name] ?? ''));
  const agreed = agree(bindings).filter(({ application, place }) => {
    if (!comesFrom(config, place.environment, report)) return false;
    return application === undefined ? recogniser.everyApplication : mayBeApplication(config, application);
  });
  const all = agreed.map(({ application, place: { environment, target } }) => ({ application, environment, target }));
  if (!recogniser.everyTarget) return all.map((one) => [one]);
  const keyOf = ({ application, environment }: Recognised): string =>
    JSON.stringify([application ?? null, environment]);
  return [...Map.groupBy(all, keyOf).values()];
}

/** A report counts for environments of the repo it is about, and for no other repo's. */
function comesFrom({ environments }: Config, environment: string, report: Report): boolean {
  const repo = environments.find(({ name }) => name === environment)?.repo;
  return passedOnFrom(report) === repo?.toLowerCase();
}

/** The places that every field allows, with the application that all fields which name one agree on. */
function agree(fields: readonly (readonly Binding[])[]): readonly Binding[] {
  const [first = [], ...others] = fields;
  return others.reduce((found, field) => {
    const byPlace = new Map(field.map((binding) => [binding.place, binding.application]));
    return found.flatMap(({ application, place }) => {
      if (!byPlace.has(place)) return [];
      const other = byPlace.get(place);
      const differs = application !== undefined && other !== undefined && application !== other;
      return differs ? [] : [{ application: application ?? other, place }];
    });
  }, first);
}

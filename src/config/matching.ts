import { isName } from '../domain/lane.ts';
import { quote } from './mistake.ts';
import { type PathPattern, type PatternPart, type Place, variant } from './pattern.ts';

/** One way to read a text: the place it names, and the application where the pattern has one. */
export interface Binding {
  readonly application: string | undefined;
  readonly place: Place;
}

export type Matcher = (text: string) => readonly Binding[];

/** Longer texts match nothing: Git and GitHub take no longer path. */
const textCharactersMax = 4096;

/**
 * Reads texts with a pattern, by the names of environments and targets that exist rather than by where a separator
 * stands: with an environment `dev`, `{application}-{environment}` reads `web-dev-dev` as `web-dev` in `dev`. A text that
 * can be read in several ways gives all of them. For every place the text around the application is known, so a reading
 * is a look-up by length and the time does not depend on what the text repeats.
 */
export function compileMatcher(pattern: PathPattern, places: readonly Place[]): Matcher {
  const forms = formsOf(pattern, places);
  const whole = new Map(forms.filter((form) => form.pieces.length === 1).map((form) => [form.pieces[0], form.places]));
  const shapes = shapesOf(forms.filter((form) => form.pieces.length > 1));
  const begin = commonBeginning(pattern.parts);
  const end = commonEnd(pattern.parts);
  return (text) => {
    if (text.length > textCharactersMax || !text.startsWith(begin) || !text.endsWith(end)) return [];
    const exact = (whole.get(text) ?? []).map((place) => ({ application: undefined, place }));
    const filled = shapes.flatMap((shape) => readShape(shape, text));
    return filled.length === 0 ? exact : [...exact, ...filled];
  };
}

/** Most texts differ from a pattern in how they begin or end, whatever the names are. */
function commonBeginning(parts: readonly PatternPart[]): string {
  const [first] = parts;
  return first?.kind === 'literal' && !first.whenTargets ? first.text : '';
}

function commonEnd(parts: readonly PatternPart[]): string {
  const last = parts.at(-1);
  return last?.kind === 'literal' && !last.whenTargets ? last.text : '';
}

/** All readings of one text. For many texts, compile the pattern once instead. */
export function matchPattern(pattern: PathPattern, text: string, places: readonly Place[]): readonly Binding[] {
  return compileMatcher(pattern, places)(text);
}

/** The texts around the application: one more than there are `{application}`. Equal ones share their places. */
export interface Form {
  readonly pieces: readonly string[];
  readonly places: readonly Place[];
}

export function formsOf(pattern: PathPattern, places: readonly Place[]): readonly Form[] {
  const forms = new Map<string, { pieces: readonly string[]; places: Place[] }>();
  for (const place of places) {
    const pieces = piecesOf(variant(pattern.parts, place.namesTargets), place);
    const key = pieces.join('\0');
    const form = forms.get(key) ?? { pieces, places: [] };
    form.places.push(place);
    forms.set(key, form);
  }
  return [...forms.values()];
}

function piecesOf(parts: readonly PatternPart[], place: Place): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const part of parts) {
    if (part.kind === 'literal') piece += part.text;
    else if (part.name === 'application') {
      pieces.push(piece);
      piece = '';
    } else piece += place[part.name];
  }
  return [...pieces, piece];
}

/** Forms whose first and last piece are as long as each other's, found by these pieces. */
interface Shape {
  readonly beforeLength: number;
  readonly afterLength: number;
  readonly forms: Map<string, Form[]>;
}

function shapesOf(forms: readonly Form[]): readonly Shape[] {
  const shapes = new Map<string, Shape>();
  for (const form of forms) {
    const before = form.pieces[0] ?? '';
    const after = form.pieces.at(-1) ?? '';
    const lengths = `${before.length}:${after.length}`;
    const shape = shapes.get(lengths) ?? {
      beforeLength: before.length,
      afterLength: after.length,
      forms: new Map<string, Form[]>(),
    };
    const key = `${before}\0${after}`;
    shape.forms.set(key, [...(shape.forms.get(key) ?? []), form]);
    shapes.set(lengths, shape);
  }
  return [...shapes.values()];
}

function readShape(shape: Shape, text: string): readonly Binding[] {
  if (text.length <= shape.beforeLength + shape.afterLength) return [];
  const before = text.slice(0, shape.beforeLength);
  const after = text.slice(text.length - shape.afterLength);
  return (shape.forms.get(`${before}\0${after}`) ?? []).flatMap((form) => {
    const application = applicationIn(form.pieces, text);
    return application === undefined ? [] : form.places.map((place) => ({ application, place }));
  });
}

/** Every `{application}` stands for the same name, so the length of the text decides where each begins. */
function applicationIn(pieces: readonly string[], text: string): string | undefined {
  const times = pieces.length - 1;
  const literalLength = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const length = (text.length - literalLength) / times;
  const start = pieces[0]?.length ?? 0;
  if (!Number.isInteger(length) || length < 1) return undefined;
  const application = text.slice(start, start + length);
  return isName(application) && pieces.join(application) === text ? application : undefined;
}

/** A text that two environments or targets claim, each for an application of its own. */
export interface DoubleReading {
  readonly text: string;
  readonly readings: readonly [Binding, Binding];
}

/** More places are not compared with each other: the warning is a convenience, and pairs grow with the square. */
const comparedFormsMax = 300;

/** An example of a text that can be read in two ways, such as `web-us-prod` with environments `prod` and `us-prod`. */
export function findDoubleReading(pattern: PathPattern, places: readonly Place[]): DoubleReading | undefined {
  const forms = formsOf(pattern, places).filter((form) => form.pieces.length === 2);
  if (forms.length > comparedFormsMax) return undefined;
  for (const [index, form] of forms.entries()) {
    for (const other of forms.slice(index + 1)) {
      const found = doubleReading(form, other);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

const sampleApplication = 'web';

function doubleReading(form: Form, other: Form): DoubleReading | undefined {
  const [before = '', after = ''] = form.pieces;
  const [otherBefore = '', otherAfter = ''] = other.pieces;
  if (!before.startsWith(otherBefore) && !otherBefore.startsWith(before)) return undefined;
  if (!after.endsWith(otherAfter) && !otherAfter.endsWith(after)) return undefined;
  const longBefore = before.length > otherBefore.length ? before : otherBefore;
  const longAfter = after.length > otherAfter.length ? after : otherAfter;
  const text = `${longBefore}${sampleApplication}${longAfter}`;
  const [place] = form.places;
  const [otherPlace] = other.places;
  const application = applicationIn(form.pieces, text);
  const otherApplication = applicationIn(other.pieces, text);
  if (place === undefined || otherPlace === undefined) return undefined;
  if (application === undefined || otherApplication === undefined) return undefined;
  return {
    text,
    readings: [
      { application, place },
      { application: otherApplication, place: otherPlace },
    ],
  };
}

/** "`web` in `dev` or `web-dev` in `production` (`eu`)". */
export function describeReadings({ readings }: DoubleReading): string {
  const described = readings.map(({ application = '', place: { environment, target, namesTargets } }) => {
    return `${quote(application)} in ${quote(environment)}${namesTargets ? ` (${quote(target)})` : ''}`;
  });
  return described.join(' or ');
}

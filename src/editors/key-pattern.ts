import { fitsOne } from '../domain/name-pattern.ts';
import { forbiddenIn, readKeyPath, type WrittenStep } from './key-path.ts';
import { joinPath, type PathStep } from './yaml-locate.ts';

/** Any key of a map that the pattern fits: `*`, `image-*`. */
export interface KeyGlob {
  readonly glob: string;
}

/** Any item of a list whose field the pattern fits: `[name=*]`. */
export interface ItemGlob {
  readonly key: string;
  readonly glob: string;
}

/** One step of a key as the configuration writes it: it leads to one value, or to each that fits. */
export type PatternStep = PathStep | KeyGlob | ItemGlob;

/** What a key of the configuration leads to: one value, called as it says, or several, each called by its own path. */
export type KeyPattern =
  | { readonly kind: 'one'; readonly artifact: string; readonly steps: readonly PathStep[] }
  | { readonly kind: 'several'; readonly steps: readonly PatternStep[] };

export type KeyPatternRead =
  | { readonly ok: true; readonly pattern: KeyPattern }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a key of the configuration: a path (`image.tag`), a path with `*` in it (`services.*.image`), or a JSON pointer
 * (`/image/tag`), which is another way to write a path and leads to an artifact of the same name.
 */
export function parseKeyPattern(text: string): KeyPatternRead {
  if (text.startsWith('/')) return parsePointer(text);
  const read = readKeyPath(text);
  if (!read.ok) return read;
  if (read.steps.some((step) => starsOf(step).includes('**'))) {
    const problem = `"${text}" holds \`**\`, which Pawl does not know: a \`*\` stands for keys of one level. Write one for each level, as in \`*.*.tag\`.`;
    return { ok: false, problem };
  }
  if (read.steps.some((step) => starsOf(step).includes('*') && step.form === 'bare' && step.text.includes('\\*'))) {
    return { ok: false, problem: `"${text}" holds \`*\` and \`\\*\` in one key. Write \`*\` for both.` };
  }
  const several = read.steps.some((step) => starsOf(step) !== '');
  const pattern: KeyPattern = several
    ? { kind: 'several', steps: read.steps.map(patternStep) }
    : { kind: 'one', artifact: text, steps: read.steps.map(({ step }) => step) };
  return { ok: true, pattern };
}

/** What of a step stands for any characters, apart from `\*`; empty for a step that says one thing. */
function starsOf({ form, text, step }: WrittenStep): string {
  const signs = form === 'bare' ? text.replace(/\\./gsu, '') : typeof step === 'object' ? step.value : '';
  return signs.includes('*') ? signs : '';
}

function patternStep(written: WrittenStep): PatternStep {
  const { step } = written;
  if (starsOf(written) === '' || typeof step === 'number') return step;
  return typeof step === 'string' ? { glob: step } : { key: step.key, glob: step.value };
}

/** A JSON pointer in the spelling with dots, so that a key has one spelling; other keys as they are written. */
export function withDots(text: string): string {
  const read = text.startsWith('/') ? parsePointer(text) : undefined;
  if (read?.ok !== true || read.pattern.kind === 'several') return text;
  const again = parseKeyPattern(read.pattern.artifact);
  const same = again.ok && JSON.stringify(again.pattern) === JSON.stringify(read.pattern);
  return same ? read.pattern.artifact : text;
}

/** RFC 6901. A number is the position of an item: a key that is a number is written with dots. `*` stands for itself. */
function parsePointer(text: string): KeyPatternRead {
  const parts = text.slice(1).split('/');
  if (parts.includes('') || parts.some((part) => /~(?![01])/u.test(part))) {
    const problem = `"${text}" is no JSON pointer. Write a key behind every \`/\`, \`~1\` for a \`/\` within a key and \`~0\` for a \`~\`.`;
    return { ok: false, problem };
  }
  const steps = parts.map((part): PathStep => {
    if (/^(?:0|[1-9][0-9]{0,4})$/u.test(part)) return Number(part);
    return part.replaceAll('~1', '/').replaceAll('~0', '~');
  });
  const problem = forbiddenIn(text, steps);
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, pattern: { kind: 'one', artifact: steps.reduce<string>(spelt, ''), steps } };
}

/** A step more of a path in the spelling with dots, which means the same wherever a key is read. */
function spelt(path: string, step: PathStep): string {
  const bare = typeof step !== 'string' || /^[^.[\]"\\\s*{}]+$/u.test(step);
  return bare ? joinPath(path, step) : `${path}[${JSON.stringify(step)}]`;
}

/** A path in the one way of writing it by which paths are compared. */
export function pathText(steps: readonly PathStep[]): string {
  return steps.reduce<string>(joinPath, '');
}

/** Whether a pattern leads to the value at these steps, in a file that has it. */
export function leadsTo({ steps }: KeyPattern, path: readonly PathStep[]): boolean {
  return steps.length === path.length && steps.every((step, index) => stepFits(step, path[index] ?? ''));
}

function stepFits(pattern: PatternStep, step: PathStep): boolean {
  if (typeof pattern !== 'object') return pattern === step;
  if (!('key' in pattern)) return typeof step === 'string' && fitsOne([pattern.glob], step);
  if (typeof step !== 'object' || step.key !== pattern.key) return false;
  return 'glob' in pattern ? fitsOne([pattern.glob], step.value) : step.value === pattern.value;
}

import type { PathStep } from './yaml-locate.ts';

export type KeyPathRead =
  | { readonly ok: true; readonly steps: readonly PathStep[] }
  | { readonly ok: false; readonly problem: string };

/** One step of a path, and how it is written: only in a bare key and in the text an item is selected by is `*` a sign. */
export interface WrittenStep {
  readonly form: 'index' | 'item' | 'quoted' | 'bare';
  readonly text: string;
  readonly step: PathStep;
}

type WrittenRead =
  | { readonly ok: true; readonly steps: readonly WrittenStep[] }
  | { readonly ok: false; readonly problem: string };

const name = /(?:[^.[\]"\\\s]|\\[^\s])+/uy;
const quotedName = /\["((?:[^"\\]|\\.)+)"\]/uy;
const selector = /\[([^[\]=."'\\\s][^[\]="'\\\s]*)=([^\]\s"'](?:[^\]\r\n]*[^\]\s"'])?)\]/uy;
const index = /\[(0|[1-9][0-9]{0,4})\]/uy;

/** Keys every JavaScript object has. No chart has values of these names, and a path through them is an attack. */
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads a path such as `image.tag`, `containers[name=app].image`, `args[0]` or `podAnnotations["a.b/c"]` into its steps. */
export function parseKeyPath(text: string): KeyPathRead {
  const read = readKeyPath(text);
  return read.ok ? { ok: true, steps: read.steps.map(({ step }) => step) } : read;
}

/** The same steps with the way they are written. */
export function readKeyPath(text: string): WrittenRead {
  const steps: WrittenStep[] = [];
  for (let at = 0; at < text.length; ) {
    const next = readStep(text, at);
    if (next === undefined || (steps.length === 0 && typeof next.step !== 'string')) return malformed(text);
    steps.push(next);
    at = next.end;
  }
  if (steps.length === 0) return malformed(text);
  const problem = forbiddenIn(
    text,
    steps.map(({ step }) => step),
  );
  return problem === undefined ? { ok: true, steps } : { ok: false, problem };
}

/** What is wrong with steps that go through what every object has; undefined for nothing. */
export function forbiddenIn(text: string, steps: readonly PathStep[]): string | undefined {
  const bad = steps.find((step) => typeof step === 'string' && forbidden.has(step));
  return bad === undefined ? undefined : `"${text}" goes through ${bad}, which is no key of a values file.`;
}

function malformed(text: string): { readonly ok: false; readonly problem: string } {
  const problem = `"${text}" is no path to a value. Write keys with dots between, an item of a list as [name=app], or as [0] where items have no names, and a key that holds a dot as ["a.b"].`;
  return { ok: false, problem };
}

function readStep(text: string, at: number): (WrittenStep & { readonly end: number }) | undefined {
  const item = matchAt(index, text, at);
  if (item !== undefined) return { form: 'index', text: item[0], step: Number(item[1]), end: at + item[0].length };
  const field = matchAt(selector, text, at);
  if (field !== undefined) {
    const step = { key: field[1] ?? '', value: field[2] ?? '' };
    return { form: 'item', text: field[0], step, end: at + field[0].length };
  }
  const quoted = matchAt(quotedName, text, at);
  if (quoted !== undefined) {
    const step = withoutBackslashes(quoted[1] ?? '');
    return { form: 'quoted', text: quoted[0], step, end: at + quoted[0].length };
  }
  const afterDot = at === 0 ? 0 : at + 1;
  if (at > 0 && text[at] !== '.') return undefined;
  const plain = matchAt(name, text, afterDot);
  if (plain === undefined) return undefined;
  return { form: 'bare', text: plain[0], step: withoutBackslashes(plain[0]), end: afterDot + plain[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/gsu, '$1');
}

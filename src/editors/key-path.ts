import type { PathStep } from './yaml-locate.ts';

export type KeyPathRead =
  | { readonly ok: true; readonly steps: readonly PathStep[] }
  | { readonly ok: false; readonly problem: string };

const name = /(?:[^.[\]"\\\s]|\\[^\s])+/uy;
const quotedName = /\["((?:[^"\\]|\\.)+)"\]/uy;
const selector = /\[([^[\]=."'\\\s][^[\]="'\\\s]*)=([^\]\s"'](?:[^\]\r\n]*[^\]\s"'])?)\]/uy;
const index = /\[(0|[1-9][0-9]{0,4})\]/uy;

/** Keys every JavaScript object has. No chart has values of these names, and a path through them is an attack. */
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads a path such as `image.tag`, `containers[name=app].image`, `args[0]` or `podAnnotations["a.b/c"]` into its steps. */
export function parseKeyPath(text: string): KeyPathRead {
  const steps: PathStep[] = [];
  for (let at = 0; at < text.length; ) {
    const next = readStep(text, at);
    if (next === undefined || (steps.length === 0 && typeof next.step !== 'string')) return malformed(text);
    steps.push(next.step);
    at = next.end;
  }
  if (steps.length === 0) return malformed(text);
  const bad = steps.find((step) => typeof step === 'string' && forbidden.has(step));
  return bad === undefined
    ? { ok: true, steps }
    : { ok: false, problem: `"${text}" goes through ${bad}, which is no key of a values file.` };
}

function malformed(text: string): KeyPathRead {
  const problem = `"${text}" is no path to a value. Write keys with dots between, an item of a list as [name=app], or as [0] where items have no names, and a key that holds a dot as ["a.b"].`;
  return { ok: false, problem };
}

function readStep(text: string, at: number): { readonly step: PathStep; readonly end: number } | undefined {
  const item = matchAt(index, text, at);
  if (item !== undefined) return { step: Number(item[1]), end: at + item[0].length };
  const field = matchAt(selector, text, at);
  if (field !== undefined) {
    return { step: { key: field[1] ?? '', value: field[2] ?? '' }, end: at + field[0].length };
  }
  const quoted = matchAt(quotedName, text, at);
  if (quoted !== undefined) return { step: withoutBackslashes(quoted[1] ?? ''), end: at + quoted[0].length };
  const afterDot = at === 0 ? 0 : at + 1;
  if (at > 0 && text[at] !== '.') return undefined;
  const plain = matchAt(name, text, afterDot);
  return plain === undefined ? undefined : { step: withoutBackslashes(plain[0]), end: afterDot + plain[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/gsu, '$1');
}

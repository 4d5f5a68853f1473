import type { Segment } from './yaml-locate.ts';

export type KeyPathRead =
  | { readonly ok: true; readonly segments: readonly Segment[] }
  | { readonly ok: false; readonly problem: string };

const name = /(?:[^.[\]"\\\s]|\\[^\s])+/uy;
const quotedName = /\["((?:[^"\\]|\\.)+)"\]/uy;
const index = /\[(0|[1-9][0-9]{0,4})\]/uy;

/** Keys every JavaScript object has. No chart has values of these names, and a path through them is an attack. */
const forbidden: ReadonlySet<Segment> = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads a path such as `image.tag`, `containers[0].image`, `podAnnotations["a.b/c"]` or `a\.b.tag` into its segments. */
export function parseKeyPath(text: string): KeyPathRead {
  const segments: Segment[] = [];
  for (let at = 0; at < text.length; ) {
    const next = readSegment(text, at);
    if (next === undefined || (segments.length === 0 && typeof next.segment === 'number')) return malformed(text);
    segments.push(next.segment);
    at = next.end;
  }
  if (segments.length === 0) return malformed(text);
  const bad = segments.find((segment) => forbidden.has(segment));
  return bad === undefined
    ? { ok: true, segments }
    : { ok: false, problem: `"${text}" goes through ${bad}, which is no key of a values file.` };
}

function malformed(text: string): KeyPathRead {
  const problem = `"${text}" is no path to a value. Write keys with dots between, items of a list as [0], and a key that holds a dot as ["a.b"].`;
  return { ok: false, problem };
}

function readSegment(text: string, at: number): { readonly segment: Segment; readonly end: number } | undefined {
  const item = matchAt(index, text, at);
  if (item !== undefined) return { segment: Number(item[1]), end: at + item[0].length };
  const quoted = matchAt(quotedName, text, at);
  if (quoted !== undefined) return { segment: withoutBackslashes(quoted[1] ?? ''), end: at + quoted[0].length };
  const afterDot = at === 0 ? 0 : at + 1;
  if (at > 0 && text[at] !== '.') return undefined;
  const plain = matchAt(name, text, afterDot);
  return plain === undefined ? undefined : { segment: withoutBackslashes(plain[0]), end: afterDot + plain[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function withoutBackslashes(text: string): string {
  return text.replace(/\\(.)/gsu, '$1');
}

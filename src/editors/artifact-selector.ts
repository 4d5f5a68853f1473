import { z } from 'zod';
import { fitsOne } from '../domain/name-pattern.ts';
import { parseKeyPath } from './key-path.ts';

/** Selectors of one rule: who needs more means all of a kind, and `*` says so. */
const selectorsMax = 100;

/**
 * The option of an editor whose artifacts have their kind in their name, `chart/podinfo`: names, or patterns of names. A name
 * of a kind that does not exist is a mistake, and so is the path of a value that is none.
 */
export function selectorsOption(kinds: readonly string[], problem?: (text: string) => string | undefined) {
  const selector = z
    .string()
    .min(1)
    .check((context) => {
      const message = selectorProblem(context.value, kinds) ?? problem?.(context.value);
      if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
    });
  return z.array(selector).min(1).max(selectorsMax).readonly();
}

function selectorProblem(text: string, kinds: readonly string[]): string | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return 'Write the name of an artifact, on one line.';
  const kind = /^([^*/[]*)[/[]/u.exec(text)?.[1];
  if (kind !== undefined && !kinds.includes(kind)) {
    return `"${text}" begins with no kind of artifact. Begin with one of ${kinds.map((each) => `${each}/`).join(', ')}.`;
  }
  const path = text.includes('*') ? undefined : keyPathOf(text);
  const read = path === undefined ? undefined : parseKeyPath(path);
  return read === undefined || read.ok ? undefined : read.problem;
}

/** What artifacts are called that are values of a chart: `value/` and the path of the value. */
export const valuePrefix = 'value/';

/** The path a selector names, `image.tag` of `value/image.tag`; undefined for one of another kind. */
export function keyPathOf(selector: string): string | undefined {
  return selector.startsWith(valuePrefix) ? selector.slice(valuePrefix.length) : undefined;
}

/** Whether one of the selectors names an artifact or has a pattern that fits it. */
export function selectsVersion(selectors: readonly string[], artifact: string): boolean {
  return fitsOne(selectors, artifact);
}

/** The same for what may be any text, not only a version: a pattern that leaves the kind open does not mean it. */
export function selectsText(selectors: readonly string[], artifact: string): boolean {
  const kind = artifact.slice(0, artifact.indexOf('/') + 1);
  return fitsOne(
    selectors.filter((selector) => selector.startsWith(kind)),
    artifact,
  );
}

/** Whether some artifact of a kind could be selected. */
export function maySelect(selectors: readonly string[], kind: string): boolean {
  const begin = `${kind}/`;
  return selectors.some((selector) => {
    const head = selector.split('*')[0] ?? '';
    return head.startsWith(begin) || (selector.includes('*') && begin.startsWith(head));
  });
}

import { type Mistake, quote } from './mistake.ts';
import { type PathPattern, type PatternPart, variant } from './pattern.ts';

/**
 * Why a pattern must not name files to write to, or undefined. Paths are below the repo's root, spelled in one way only,
 * and never among Git's or GitHub's own files, whatever the placeholders stand for.
 */
export function pathMistake(pattern: PathPattern): Mistake | undefined {
  for (const namesTargets of [true, false]) {
    const parts = variant(pattern.parts, namesTargets);
    const mistake = textMistake(parts.map(partText).join('')) ?? segmentMistake(parts);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

/** Why a text is no text to match reports with, or undefined. */
export function fieldMistake(pattern: PathPattern): Mistake | undefined {
  return characterMistake(pattern.text);
}

const relativeHint = 'Write a path below the root of the repo, such as `apps/{application}/{environment}`.';

function textMistake(text: string): Mistake | undefined {
  if (text.startsWith('/')) return { message: `${quote(text)} begins with a slash.`, hint: relativeHint };
  if (/^[A-Za-z]:/.test(text)) return { message: `${quote(text)} names a drive.`, hint: relativeHint };
  if (text.includes('\\')) return { message: `${quote(text)} holds a backslash.`, hint: 'Write `/` between folders.' };
  if (/%[0-9a-f]{2}/i.test(text)) {
    return { message: `${quote(text)} holds a percent escape.`, hint: 'Write the character itself.' };
  }
  if (/[*?]/.test(text)) {
    return {
      message: `${quote(text)} holds \`*\` or \`?\`, which stand for themselves here.`,
      hint: 'Write `{application}`, `{environment}` or `{target}` where names differ.',
    };
  }
  if (text !== text.normalize('NFC')) {
    return {
      message: `${quote(text)} writes an accented letter as two characters, so another path can look the same.`,
      hint: 'Type the letter anew (Unicode form NFC).',
    };
  }
  return characterMistake(text);
}

function characterMistake(text: string): Mistake | undefined {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) {
    return { message: `${quote(text)} holds an invisible character.`, hint: 'Remove it.' };
  }
  if (/[`<>|"]/.test(text)) {
    return { message: `${quote(text)} holds one of \`<\`, \`>\`, \`|\`, a quote or a backtick.`, hint: 'Remove it.' };
  }
  return undefined;
}

function segmentMistake(parts: readonly PatternPart[]): Mistake | undefined {
  const segments = parts.map(partText).join('').split('/');
  if (segments.length === 1 && segments[0] === '.') return undefined;
  for (const [index, segment] of segments.entries()) {
    const mistake = nameMistake(segment) ?? reservedMistake(segment, index === 0);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

function nameMistake(segment: string): Mistake | undefined {
  if (segment === '')
    return { message: 'Two slashes follow each other, or the path ends in one.', hint: 'Remove one.' };
  if (segment === '.' || segment === '..') {
    return { message: `The path has a folder ${quote(segment)}.`, hint: relativeHint };
  }
  if (segment !== segment.trim())
    return { message: `${quote(segment)} begins or ends in a space.`, hint: 'Remove it.' };
  return undefined;
}

/** Folders that Git itself (anywhere) or GitHub (at the root) reads: a write there could run code or change these rules. */
function reservedMistake(segment: string, first: boolean): Mistake | undefined {
  const reserved = first ? ['.git', '.github'] : ['.git'];
  const found = reserved.find((name) => canSpell(segment.toLowerCase(), name));
  if (found === undefined) return undefined;
  return {
    message: `${quote(segment)} is or could be ${quote(found)}, which Pawl never writes to.`,
    hint: 'Keep the files that are promoted in a folder of their own.',
  };
}

/** Whether a folder name with placeholders can become a given name; errs on the safe side. */
function canSpell(segment: string, name: string): boolean {
  const [before = '', ...rest] = segment.split(/\{[a-z]+\}/);
  const after = rest.at(-1);
  if (after === undefined) return before.replace(/[. ]+$/, '') === name;
  return name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after) && before !== '';
}

function partText(part: PatternPart): string {
  return part.kind === 'literal' ? part.text : `{${part.name}}`;
}

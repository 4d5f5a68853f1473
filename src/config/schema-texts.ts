import { z } from 'zod';
import { stateBranch } from '../domain/decision.ts';
import { isName, laneBranchPrefix, nameCharactersMax, namePattern } from '../domain/lane.ts';
import { parseDuration, withdrawAfterRange } from './duration.ts';
import { type Mistake, quote } from './mistake.ts';
import { type PathPattern, parsePattern } from './pattern.ts';
import { fieldMistake, pathMistake } from './safe-path.ts';
import { parseTargetPattern } from './target-pattern.ts';

export function targetPatternMistake(text: string): Mistake | undefined {
  const pattern = parseTargetPattern(text);
  if ('problem' in pattern) return pattern.problem;
  return pathTextMistake(text.replace(/\*|\{[a-zA-Z]+\}/g, 'x'));
}

export function checkedText(check: (text: string) => Mistake | undefined, meta: Readonly<Record<string, unknown>>) {
  const schema = z.string().superRefine((text, context) => {
    const mistake = check(text);
    if (mistake === undefined) return;
    context.addIssue({ code: 'custom', message: mistake.message, params: { hint: mistake.hint } });
  });
  return schema.meta(meta);
}

export function nameText(description: string) {
  return checkedText(nameMistake, { description, pattern: namePattern.source, maxLength: nameCharactersMax });
}

function nameMistake(text: string): Mistake | undefined {
  if (isName(text)) return undefined;
  return {
    message: `${quote(text)} cannot be a name.`,
    hint:
      `Write at most ${nameCharactersMax} letters, digits, \`.\`, \`_\` or \`-\`, a letter or digit first and last, ` +
      'without `..` and `.lock`.',
  };
}

export function pathTextMistake(text: string): Mistake | undefined {
  return patternMistake(text, pathMistake);
}

export function fieldTextMistake(text: string): Mistake | undefined {
  return patternMistake(text, fieldMistake);
}

function patternMistake(text: string, check: (pattern: PathPattern) => Mistake | undefined): Mistake | undefined {
  const pattern = parsePattern(text);
  return 'problem' in pattern ? pattern.problem : check(pattern);
}

/** What GitHub lets a repo be called. No address: nothing in this file is fetched. */
export function repoMistake(text: string): Mistake | undefined {
  const wellFormed = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/.test(text);
  if (wellFormed && !text.endsWith('.git')) return undefined;
  return { message: `${quote(text)} is no repo.`, hint: 'Write `owner/name`, as in `acme/config-dev`.' };
}

/** Git's rules for branch names, and none of Pawl's own branches. */
export function branchMistake(text: string): Mistake | undefined {
  if (isTaken(text))
    return {
      message: `${quote(text)} is one of Pawl's own branches, or stands in their way.`,
      hint: 'Name the branch controllers apply.',
    };
  const wellFormed =
    /^[A-Za-z0-9_][A-Za-z0-9._/+-]{0,199}$/.test(text) && !/\.\.|\/\/|\/\.|\.$|\/$|\.lock(?:\/|$)/.test(text);
  if (wellFormed && !text.startsWith('refs/')) return undefined;
  return {
    message: `${quote(text)} is no branch name.`,
    hint: 'Write it without `refs/heads/`, such as `env/staging`.',
  };
}

/** Git keeps branches like files: `promote` cannot be there beside `promote/staging/web`. */
function isTaken(branch: string): boolean {
  const name = `${branch}/`;
  return [laneBranchPrefix, `${stateBranch}/`].some((own) => name.startsWith(own) || own.startsWith(name));
}

export function loginMistake(text: string): Mistake | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$/.test(text)) return undefined;
  return { message: `${quote(text)} is no GitHub account.`, hint: 'Write a login such as `"argo-bot[bot]"`.' };
}

export function slugMistake(text: string): Mistake | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(text)) return undefined;
  return {
    message: `${quote(text)} is no slug of a GitHub App.`,
    hint: 'Check runs come from Apps: write the slug alone, such as `argo-bot`, without `[bot]`.',
  };
}

export function withdrawMistake(text: string): Mistake | undefined {
  const duration = parseDuration(text, withdrawAfterRange);
  return 'ms' in duration ? undefined : duration;
}

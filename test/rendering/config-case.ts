import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Decision, decisionOn, type Texts, textsOf } from '../build/a-snapshot-of.ts';

const fixtures = new URL('../fixtures/rendering', import.meta.url).pathname;

/** A config repo from `test/fixtures/rendering`, before and after a promotion from dev to staging, on the disk. */
export interface ConfigCase {
  readonly before: string;
  readonly after: string;
  readonly decision: Decision;
}

/** Calls back with both repos in a folder that is gone afterwards. */
export function withConfigCase<Result>(name: string, use: (repos: ConfigCase) => Result): Result {
  const { 'pawl.yaml': config = '', ...files } = filesIn(join(fixtures, name));
  const decision = decisionOn({ config, files }, 'staging');
  const scratch = mkdtempSync(join(tmpdir(), 'pawl-rendering-'));
  try {
    const [before, after] = [join(scratch, 'before'), join(scratch, 'after')];
    writeTexts(before, files);
    writeTexts(after, { ...files, ...textsOf(decision) });
    return use({ before, after, decision });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function filesIn(folder: string): Texts {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}

function writeTexts(folder: string, texts: Readonly<Record<string, string | undefined>>): void {
  for (const [path, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

import { join } from 'node:path';
import { describeReason } from '../domain/reason.ts';
import { parseDecision } from '../reconcile/decision-record.ts';
import { utc } from '../render/time.ts';
import { readDecisions, type StoredDecision } from '../store/read-decisions.ts';

/** Prints, for every lane, what was decided last and everything that rests on: `npm run explain [owner/repo] [application]`. */

const [repo, application] = process.argv.slice(2);
const file = join(process.env['DATA_DIR'] ?? 'data', 'pawl.db');
process.exitCode = explain();

function explain(): number {
  try {
    const all = readDecisions(file);
    const wanted = all.filter(
      (one) => (repo ?? one.repo) === one.repo && (application ?? one.application) === one.application,
    );
    for (const decision of wanted) console.log(`${describe(decision)}\n`);
    if (wanted.length > 0) return 0;
    console.error(
      `No decision${repo === undefined ? '' : ` about ${[repo, application].filter(Boolean).join(' ')}`} yet: nothing was reported about it. Known: ${namesOf(all)}.`,
    );
    return 1;
  } catch (error) {
    console.error(
      `The database ${file} cannot be read: ${error instanceof Error ? error.message : error}. Set DATA_DIR to the data folder of Pawl.`,
    );
    return 1;
  }
}

function namesOf(all: readonly StoredDecision[]): string {
  return all.length === 0 ? 'none' : all.map((one) => `${one.repo} ${one.application}`).join(', ');
}

function describe({ repo: name, application: of, decision, atMs }: StoredDecision): string {
  const texts = parseDecision(decision).map(({ lane, why, failure }) => {
    const failed = failure === undefined ? '' : `\n  It could not be carried out: ${failure}`;
    return `${lane}: ${describeReason(why)}${failed}`;
  });
  return [`${name}, ${of} (decided ${utc(atMs)})`, ...texts].join('\n');
}

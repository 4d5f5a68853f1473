import { ConfigRepo } from './config-repo.ts';
import { type Editing, editing } from './editing.ts';
import { type Growth, planningGrowth } from './planning.ts';
import { coldOpening, type Opening, restOpening, warmOpening, wholeWay } from './promotions.ts';
import { type Hour, type Quiet, quiet, quietHours } from './quiet.ts';
import { type Storm, storm } from './storm.ts';
import { renderTable } from './table.ts';

/**
 * What Pawl costs GitHub, and how long people wait: the real process against a GitHub on this machine, beside a script that does
 * the same promotion with REST. And what its pure parts cost: edits, beside those of the parser's own package, and decisions.
 */
const usage = `Usage: npm run bench [-- --quick] [--pure] [--json]

  --quick   a config repo of 10 applications only, not 2,000 too
  --pure    only what needs no process and no GitHub: edits and decisions
  --json    the numbers as JSON`;

/** What was measured in a config repo of one size. */
export interface Measured {
  readonly applications: number;
  readonly storm: Storm;
  /** From dev through staging to both targets of production, until everything says live: two promotions. */
  readonly wholeWay: number;
  readonly warm: Opening;
  readonly cold: Opening;
  readonly rest: Opening;
  readonly quiet: Quiet;
}

export interface Results {
  readonly editing: readonly Editing[];
  readonly planning: readonly Growth[];
  readonly sizes: readonly Measured[];
  readonly hours: readonly Hour[];
}

const options = process.argv.slice(2);
if (options.some((option) => !['--quick', '--pure', '--json'].includes(option))) {
  console.error(usage);
  process.exit(2);
}
process.exit(await run(options).catch(failed));

function failed(error: unknown): number {
  console.error(`The benchmark failed: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
}

async function run(options: readonly string[]): Promise<number> {
  const [quick, pure] = [options.includes('--quick'), options.includes('--pure')];
  const say = (text: string) => console.error(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${text}`);
  say('edits');
  const edits = editing();
  say('decisions');
  const growth = planningGrowth();
  const sizes: Measured[] = [];
  for (const applications of pure ? [] : quick ? [10] : [10, 2_000]) {
    sizes.push(await measureSize(applications, quick ? { warm: 3, cold: 1 } : { warm: 9, cold: 3 }, say));
  }
  if (!pure) say('a quiet hour');
  const results = { editing: edits, planning: growth, sizes, hours: pure ? [] : await quietHours() };
  console.log(options.includes('--json') ? JSON.stringify(results, undefined, 2) : renderTable(results));
  return 0;
}

interface RoundCounts {
  readonly warm: number;
  readonly cold: number;
}

async function measureSize(applications: number, rounds: RoundCounts, say: (text: string) => void): Promise<Measured> {
  const part = <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
    say(`${applications.toLocaleString('en')} applications: ${what}`);
    return work();
  };
  const repo = await part('starting', () => ConfigRepo.start(applications));
  const measured = {
    applications,
    storm: await part('every Kustomization reports', () => storm(repo)),
    wholeWay: await part('the whole way', () => wholeWay(repo)),
    warm: await part('promotions', () => warmOpening(repo, rounds.warm)),
    rest: await part('promotions by the script', () => restOpening(repo, rounds.warm)),
    cold: await part('promotions right after a start', () => coldOpening(repo, rounds.cold)),
    quiet: await part('what says nothing new', () => quiet(repo)),
  };
  await repo.stop();
  return measured;
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byteChange, describeByteChange } from './byte-changes.ts';
import { demand, type Promoted, type Story } from './story.ts';
import { inWords, type Teller } from './teller.ts';
import { statusOf } from './terminal-markdown.ts';

export interface Told {
  readonly story: Story;
  /** Every file as it was in the beginning. */
  readonly before: ReadonlyMap<string, string>;
  readonly promotions: readonly Promoted[];
}

/** What came out of it, counted. Answers the folder that holds the clone, which stays. */
export function summarise(told: Told, tell: Teller): string {
  tellPullRequests(told, tell);
  tellFiles(told, tell);
  tellLeftAlone(told, tell);
  tellCosts(told, tell);
  tell.heading('Look for yourself');
  const folder = mkdtempSync(join(tmpdir(), 'pawl-demo-'));
  tell.line(`  git -C ${clone(told.story, folder)} log --graph --stat`);
  tell.line('  A clone of the config repo; it stays in the temp folder.');
  tell.line(`\nDone in ${tell.seconds().toFixed(1)} s.`);
  return folder;
}

function tellPullRequests({ story, promotions }: Told, tell: Teller): void {
  tell.heading('Pull requests');
  for (const { number } of promotions) {
    const { title, body, state, timeline } = story.pullRequest(number);
    const merged = timeline.find((event) => event.startsWith('merged'));
    demand(state === 'MERGED' && merged !== undefined, `#${number} is ${state} and not merged.`);
    tell.line(`  #${number}  ${title}: ${merged}. ${statusOf(body) ?? ''}`);
  }
}

function tellFiles({ story, before, promotions }: Told, tell: Teller): void {
  const changed = [...story.files()].filter(([path, text]) => text !== before.get(path));
  const width = Math.max(...changed.map(([path]) => path.length));
  const by = (path: string) => promotions.find(({ number }) => story.diff(number).includes(`\n+++ b/${path}\n`));
  tell.heading(`Files: ${changed.length} of ${before.size} changed`);
  for (const [path, text] of changed) {
    const promotion = by(path);
    const who = promotion === undefined ? 'the build' : `#${promotion.number}`;
    const change = describeByteChange(byteChange(path, before.get(path) ?? '', text));
    tell.line(`  ${path.padEnd(width)}   ${change}   ${who}`);
  }
}

/** What people recognise in a list of differences, and what tells that it is there. */
const familiar = { replicas: /replicas/, 'log levels': /LOG_LEVEL/, hosts: /\/host value/ } as const;

/** What stays as it is, by the pull requests' own count. */
function tellLeftAlone({ story, promotions, before }: Told, tell: Teller): void {
  const bodies = promotions.map(({ number }) => story.pullRequest(number).body);
  const said = bodies.flatMap((body) => /Left alone on purpose: (.+?)<\/summary>/.exec(body)?.[1] ?? []);
  const among = Object.entries(familiar).filter(([, pattern]) => bodies.some((body) => pattern.test(body)));
  const now = [...story.files()];
  const same = now.filter(([path, text]) => text === before.get(path)).length;
  demand(said.length > 0 && among.length > 0, 'No pull request says what it left alone.');
  tell.heading('Untouched');
  tell.line(`  ${inWords(said)}: ${inWords(among.map(([name]) => name))} among them`);
  tell.line(`  ${same} whole files, and every byte of the other ${now.length - same} that is not the version`);
}

function tellCosts({ story, promotions }: Told, tell: Teller): void {
  const { costs } = story;
  const total = costs.reduce((sum, { requests }) => sum + requests, 0);
  tell.heading(`Requests to GitHub: ${total} in all, ${(total / promotions.length).toFixed(1)} for each promotion`);
  for (const { what, requests } of costs) tell.line(`  ${String(requests).padStart(2)}   ${what}`);
}

/** A real clone of the bare repository, for `git log`; answers where it is. */
function clone({ world }: Story, folder: string): string {
  const copy = join(folder, 'environments');
  const ran = spawnSync('git', ['clone', '--quiet', world.github.gitFolder(world.repo), copy], { encoding: 'utf8' });
  demand(ran.status === 0, `git clone failed: ${ran.error?.message ?? ran.stderr}`);
  return copy;
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { configFile, exampleFiles } from '../harness/config-repo.ts';
import { World } from '../harness/world.ts';
import { keepRunning } from './keep.ts';
import { demand, type Promoted, Story } from './story.ts';
import { summarise } from './summary.ts';
import { createTeller, type Teller } from './teller.ts';
import { diffLine, statusOf, terminalMarkdown } from './terminal-markdown.ts';

/**
 * A version travels from dev to production: a GitHub on this machine over real Git, the real Pawl as a process of its own, and the
 * reports of Argo CD and Flux. Whatever is shown was read back from that GitHub.
 */
const usage = 'Usage: npm run demo [-- --keep]';

const devPath = 'apps/web/dev/kustomization.yaml';
const version = { before: '1.8.2', after: '1.9.0' } as const;

/** Exit codes, as shells know them. */
const exit = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const wanted = process.argv.slice(2);
if (wanted.some((argument) => argument !== '--keep')) {
  console.error(usage);
  process.exit(exit.usage);
}
const teller = createTeller();
process.exit(await run(teller, wanted.includes('--keep')).catch((error: unknown) => failed(teller, error)));

function failed({ paint, seconds }: Teller, error: unknown): number {
  const why = error instanceof Error ? error.message : String(error);
  console.error(`\n${paint.red('The demo failed')} after ${seconds().toFixed(1)} s: ${why}`);
  return exit.failed;
}

async function run(tell: Teller, keep: boolean): Promise<number> {
  demand(spawnSync('git', ['--version']).status === 0, 'It needs Git, and the command `git` cannot be run.');
  tell.step('Starting a GitHub on this machine, and Pawl');
  const starting = World.start({ files: copyOfExample() });
  stopOnSignal(starting, tell, keep);
  const world = await starting;
  try {
    const story = new Story(world);
    const before = story.files();
    introduce(world, tell);
    const staging = await toStaging(story, tell);
    const production = await toProduction(story, tell, staging);
    await goLive(story, tell, production);
    const folder = summarise({ story, before, promotions: [staging, production] }, tell);
    if (keep) await keepRunning(world, folder, tell);
    return exit.done;
  } finally {
    await world.stop();
  }
}

/** `environments/` as it is, with the limits it has. */
function copyOfExample(): Readonly<Record<string, string>> {
  const config = readFileSync(new URL(`../../environments/${configFile}`, import.meta.url), 'utf8');
  return { ...exampleFiles(), [configFile]: config };
}

/** Nothing is left running, nor lying in the temp folder but the clone. */
function stopOnSignal(starting: Promise<World>, tell: Teller, keep: boolean): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      tell.line('\nStopping.');
      const ended = () => process.exit(keep ? exit.done : exit.interrupted);
      void starting.then((world) => world.stop()).then(ended, ended);
    });
  }
}

function introduce({ github, repo }: World, tell: Teller): void {
  const head = github.head(repo, 'main') ?? '';
  const check = github.checkRuns(repo, head).find(({ name }) => name === 'promotion/config');
  demand(check?.conclusion === 'success', 'Pawl did not find the configuration valid.');
  tell.step(`${repo} holds a copy of environments/, Pawl is installed on it`);
  tell.detail(`${github.files(repo, 'main').length} files; check ${check.name}: ${check.output.title}`);
}

async function toStaging(story: Story, tell: Teller): Promise<Promoted> {
  const commit = await story.build(devPath, version.before, version.after);
  tell.step(`The build of web writes ${version.after} into dev (commit ${commit.slice(0, 7)})`);
  const report = { application: 'web', environment: 'dev', revision: commit };
  const opened = story.opened(await story.report('argocd', report, 'Argo CD reports dev: the first one is opened'));
  tell.step(`Argo CD reports dev healthy; ${opened.openedAfterMs} ms later there is pull request #${opened.number}`);
  showPullRequest(story.world, opened.number, tell);
  return opened;
}

async function toProduction(story: Story, tell: Teller, staging: Promoted): Promise<Promoted> {
  const merged = await story.merge(staging.number);
  tell.step(`A person merges #${staging.number}; nothing more moves until staging runs it`);
  const report = { application: 'web', environment: 'staging', revision: merged };
  const what = `Argo CD reports staging: #${staging.number} says live, the second one is opened`;
  const opened = story.opened(await story.report('argocd', report, what));
  tell.step(
    `Argo CD reports staging healthy; ${opened.openedAfterMs} ms later there is pull request #${opened.number}`,
  );
  showLive(story, staging.number, tell);
  showPullRequest(story.world, opened.number, tell);
  return opened;
}

async function goLive(story: Story, tell: Teller, { number }: Promoted): Promise<void> {
  const merged = await story.merge(number);
  tell.step(`A person merges #${number}: both clusters in one commit`);
  const about = { application: 'web', environment: 'production', revision: merged };
  await story.report('flux', { ...about, target: 'eu' }, 'Flux reports production/eu');
  demand(!isLive(story, number), `#${number} says that it is live before production/us has it.`);
  tell.step(`Flux reports production/eu healthy; #${number} does not say live yet: us has not reported`);
  await story.report('flux', { ...about, target: 'us' }, `Flux reports production/us: #${number} says live`);
  tell.step('Flux reports production/us healthy');
  showLive(story, number, tell);
}

function isLive(story: Story, number: number): boolean {
  return statusOf(story.pullRequest(number).body)?.startsWith('Live in') === true;
}

/** As a reviewer reads it. */
function showPullRequest({ github, repo }: World, number: number, tell: Teller): void {
  const { paint, width } = tell;
  const { title, body, author, head, base } = github.pullRequest(repo, number);
  const about = paint.dim(`#${number}   ${author}: ${head.branch} → ${base.branch}`);
  tell.frame(`${paint.bold(title)} ${about}`, terminalMarkdown(body, paint, width));
  const diff = github.diff(repo, number).trimEnd().split('\n');
  tell.frame(
    paint.dim(`git diff of #${number}`),
    diff.map((line) => diffLine(line, paint)),
  );
}

function showLive(story: Story, number: number, tell: Teller): void {
  demand(isLive(story, number), `#${number} does not say that it is live.`);
  tell.detail(`#${number} says now: ${tell.paint.green(statusOf(story.pullRequest(number).body) ?? '')}`);
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../harness/world.ts';
import { demand } from './story.ts';
import type { Teller } from './teller.ts';

/** Says what to try, and stays up until the process is stopped. The folder takes what the commands need. */
export async function keepRunning(world: World, folder: string, tell: Teller): Promise<void> {
  await allowMore(world);
  const { github, repo } = world;
  const [pawl, person] = [await world.pawl.url(), github.person('you')];
  const report = join(folder, 'argocd-api-dev.json');
  const revision = github.head(repo, 'main') ?? '';
  writeFileSync(report, world.argocd.body({ application: 'api', environment: 'dev', revision }));
  const [, token] = (world.settings['PAWL_ARGOCD_TOKENS'] ?? '').split('=');
  const asYou = `curl -s -H 'authorization: Bearer ${person.token}'`;
  const pulls = `${github.url}/repos/${repo}/pulls`;
  tell.heading('It keeps running');
  tell.line(`  Pawl           ${pawl}`);
  tell.line(`  local GitHub   ${github.url}`);
  tell.heading('Try');
  tell.line('  # Argo CD reports that dev of api is healthy: opens a pull request for api 2.15.0');
  tell.line(`  curl -s -H 'authorization: Bearer ${token}' -H 'content-type: application/json' \\`);
  tell.line(`    --data-binary @${report} ${pawl}/ingest/argocd`);
  tell.line('\n  # Read pull requests, and merge one');
  tell.line(`  ${asYou} '${pulls}?state=all'`);
  tell.line(`  ${asYou} -X PUT ${pulls}/3/merge`);
  tell.line('\n  # Look into the repository that GitHub keeps');
  tell.line(`  git --git-dir ${github.gitFolder(repo)} log --graph --oneline --all`);
  tell.line('\n  # Whether Pawl is well, and whether it is at rest');
  tell.line(`  curl -s ${pawl}/readyz`);
  tell.line(`\nStop it with Ctrl+C, or with: kill ${process.pid}`);
  await new Promise(() => setInterval(() => undefined, 60_000));
}

/** Two new pull requests in the first hour are all a repo gets unless its configuration says otherwise, and they are there. */
async function allowMore(world: World): Promise<void> {
  const { github, repo } = world;
  const path = '.github/pawl.yaml';
  const text = github.file(repo, 'main', path);
  demand(text !== undefined && !text.includes('limits:'), `${path} is not what the demo put there.`);
  const limits = 'limits:\n  newPullRequestsFirstHour: 10 # two unless said; for trying it out\n';
  github.commit(repo, {
    files: { [path]: `${text}${limits}` },
    message: 'Allow ten new pull requests in the first hour',
  });
  await world.settled();
}

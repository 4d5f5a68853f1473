import { until } from '../harness/pawl.ts';
import { ConfigRepo, demand } from './config-repo.ts';
import { applicationName } from './many-applications.ts';

/** Requests for what says nothing new. */
export interface Quiet {
  /** The report that was just acted on, sent again. */
  readonly sameReport: number;
  /** A report of a later revision that changed nothing for the application. */
  readonly laterRevision: number;
  /** A pull request is open, and much happens that is none of Pawl's business. */
  readonly unrelated: { readonly events: number; readonly requests: number };
}

/** Times that each thing nobody is interested in happens. */
const timesEach = 25;

/** Leaves the pull request of the first application open. */
export async function quiet(repo: ConfigRepo): Promise<Quiet> {
  const about = { application: applicationName(0), environment: 'dev' };
  const { revision, version } = await repo.build(about.application);
  await repo.report('argocd', { ...about, revision });
  const { number } = repo.opened({ application: about.application, place: 'staging' }, version);
  const sameReport = await repo.cost(() => repo.report('argocd', { ...about, revision }));
  const later = await repo.changeReadme();
  const laterRevision = await repo.cost(() => repo.report('argocd', { ...about, revision: later }));
  return { sameReport, laterRevision, unrelated: await unrelatedEvents(repo, number) };
}

async function unrelatedEvents(repo: ConfigRepo, number: number): Promise<Quiet['unrelated']> {
  const { github, name } = repo;
  const tools = { checks: 'write', statuses: 'write', deployments: 'write' } as const;
  const ci = github.createApp({ slug: 'ci', permissions: tools, events: [], webhookSecret: 'none' });
  github.install(ci, 'acme', [name]);
  const delivered = github.deliveries().length;
  let reports = 0;
  github.createBranch(name, 'feature');
  const requests = await repo.cost(async () => {
    for (let time = 0; time < timesEach; time += 1) {
      happen(repo, { ci, number, time });
      // A report that overtakes the webhook of its push would cost a look at the tree.
      await repo.world.settled();
      for (const application of ['grafana', 'cert-manager']) {
        await repo.send('argocd', { application, environment: 'tools', revision: repo.head });
        reports += 1;
      }
      await repo.send('argocd', { application: applicationName(0), environment: 'dev', revision: repo.head });
      reports += 1;
    }
  });
  return { events: github.deliveries().length - delivered + reports, requests };
}

interface Happening {
  readonly ci: ReturnType<ConfigRepo['github']['createApp']>;
  readonly number: number;
  readonly time: number;
}

function happen({ github, name, head }: ConfigRepo, { ci, number, time }: Happening): void {
  github.postStatus(name, head, { by: ci, state: 'success', context: `build/${time}` });
  github.postCheckRun(name, head, { by: ci, name: `test/${time}`, status: 'completed', conclusion: 'success' });
  const deployment = github.postDeployment(name, { by: ci, ref: head, environment: 'preview' });
  github.postDeploymentStatus(name, deployment, { by: ci, state: 'success' });
  github.dispatch(name, 'nightly');
  github.commit(name, { branch: 'feature', files: { 'notes.md': `${time}\n` } });
  github.commit(name, { files: { 'docs/notes.md': `${time}\n` }, message: 'Notes' });
  github.edit(name, number, time % 2 === 0 ? { addLabels: ['later'] } : { removeLabels: ['later'] });
  github.comment(name, number, { body: `Comment ${time}` });
}

/** Sweeps in an hour. */
const sweepsPerHour = 4;

/** What a quiet hour costs for each number of open pull requests. */
export interface Hour {
  readonly open: number;
  readonly requests: number;
}

/** Pawl's timers of a minute or more run this much faster, and say so: a quarter of an hour takes 0.3 s. */
const faster = 3000;
const preload = `
  const real = globalThis.setInterval;
  globalThis.setInterval = (run, ms, ...rest) => ms < 60_000 ? real(run, ms, ...rest)
    : real(() => { console.log('timer of ' + ms + ' ms'); run(...rest); }, ms / ${faster});
`;

/** Lets the timers of an hour run, without and with open pull requests. */
export async function quietHours(): Promise<readonly Hour[]> {
  const applications = 10;
  const repo = await ConfigRepo.start(applications, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}`,
  });
  // A name that fits the pattern, of something that is none of the applications.
  await repo.report('argocd', { application: 'grafana', environment: 'dev', revision: repo.head });
  const hours = [await quietHour(repo, 0)];
  for (let index = 0; index < applications; index += 1) {
    const { revision } = await repo.build(applicationName(index));
    await repo.report('argocd', { application: applicationName(index), environment: 'dev', revision });
  }
  const open = repo.github.pullRequests(repo.name, 'OPEN').length;
  demand(open === applications, `${open} pull requests are open.`);
  hours.push(await quietHour(repo, open));
  await repo.stop();
  return hours;
}

async function quietHour({ world, github }: ConfigRepo, open: number): Promise<Hour> {
  const timers = () => world.pawl.lines.filter((line) => line.startsWith('timer of')).length;
  const next = async (count: number) => {
    const wanted = timers() + count;
    await until(
      () => timers() >= wanted,
      () => `No timer ran: ${world.pawl.lines.slice(-5).join('\n')}`,
    );
    await world.settled();
  };
  // The first sweep after something happened takes a second look at it.
  await next(1);
  const [mark, before] = [github.mark(), timers()];
  await next(sweepsPerHour);
  const [requests, sweeps] = [github.countSince(mark), timers() - before];
  return { open, requests: (requests / sweeps) * sweepsPerHour };
}

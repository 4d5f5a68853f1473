import { beforeAll, expect, test } from 'vitest';
import { configFile, exampleFiles, smallApplication } from '../harness/config-repo.ts';
import { evidenceTable, top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';
import type { AppHandle, By } from '../local-github/people.ts';

const syncs = `syncs:
  - source: github-dispatch
    senders: ["acme-argocd[bot]"]
    application: "{application}-{environment}[-{target}]"
  - source: github-status
    senders: ["acme-argocd[bot]"]
    context: "argocd/central/{environment}/{application}-{environment}[-{target}]"
  - source: github-status
    senders: ["acme-flux[bot]"]
    context: "flux/{environment}[-{target}]/Kustomization/flux-system/{application}"
  - source: github-deployment
    senders: ["acme-argocd[bot]"]
    environment: "{environment}/{application}-{environment}[-{target}]"
  - source: check-run
    senders: [acme-promoter]
    name: "argocd-health/environments/{environment}"
    app: acme-promoter
    everyApplication: true
    everyTarget: true
`;

const example = exampleFiles();
const names = ['dispatched', 'status-argocd', 'status-flux', 'deployed', 'checked-a', 'checked-b'];
const applications = names.map((name) => smallApplication(name, { dev: '1.1', staging: '1.0' }));
const config = `${example[configFile]?.replace(/^syncs:[\s\S]*?(?=^limits:)/m, syncs)}`;

/** GitHub's times have whole seconds: its clock starts behind, so that every status can be a second later than the one before. */
let behindMs = 40_000;
const story = tellStories({
  files: { ...Object.assign({}, ...applications), [configFile]: config },
  github: { now: () => Date.now() - behindMs },
});

const slugs = ['acme-argocd', 'acme-flux', 'acme-promoter'] as const;
let apps: Readonly<Record<(typeof slugs)[number], AppHandle>>;

/** The Apps that Argo CD, Flux and the promoter write to GitHub as. */
beforeAll(() => {
  const { github } = story();
  const made = slugs.map((slug) => {
    const permissions = { contents: 'write', statuses: 'write', deployments: 'write', checks: 'write' } as const;
    const app = github.createApp({ slug, permissions, events: [], webhookSecret: `not used by ${slug}` });
    github.install(app, 'acme', ['environments']);
    return app;
  });
  const [argocd, flux, promoter] = made;
  if (argocd === undefined || flux === undefined || promoter === undefined) throw new Error('an App is missing');
  apps = { 'acme-argocd': argocd, 'acme-flux': flux, 'acme-promoter': promoter };
});

function status(by: By, deed: { context: string; description: string; targetUrl?: string; state?: string }): void {
  const { github, repo, head } = story();
  behindMs -= 1_000;
  github.postStatus(repo, head, { state: 'success', by, ...deed });
}

test.each<{
  channel: string;
  application: string;
  sender: (typeof slugs)[number];
  tell: (by: By) => void;
  evidence: string;
}>([
  {
    channel: 'repository_dispatch of Argo CD',
    application: 'dispatched',
    sender: 'acme-argocd',
    tell: (by) => {
      const { github, repo, world, head } = story();
      const payload = world.argocd.state({ application: 'dispatched', environment: 'dev', revision: head });
      github.dispatch(repo, 'argocd-app-state', { by, payload });
    },
    evidence: 'Argo CD through GitHub `acme-argocd[bot]:central:argocd/dispatched-dev`',
  },
  {
    channel: 'commit status of Argo CD',
    application: 'status-argocd',
    sender: 'acme-argocd',
    tell: (by) =>
      status(by, {
        context: 'argocd/central/dev/status-argocd-dev',
        description: 'Healthy at 2026-11-24T10:13:41Z',
        targetUrl: 'https://argocd.example.com/applications/argocd/status-argocd-dev',
      }),
    evidence: 'commit status `acme-argocd[bot]:argocd/central/dev/status-argocd-dev`',
  },
  {
    channel: 'commit status of Flux',
    application: 'status-flux',
    sender: 'acme-flux',
    tell: (by) =>
      status(by, {
        context: 'flux/dev/Kustomization/flux-system/status-flux',
        description: 'reconciliation succeeded',
      }),
    evidence: 'commit status `acme-flux[bot]:flux/dev/Kustomization/flux-system/status-flux`',
  },
  {
    channel: 'deployment of Argo CD',
    application: 'deployed',
    sender: 'acme-argocd',
    tell: (by) => {
      const { github, repo, head } = story();
      const environment = 'dev/deployed-dev';
      const id = github.postDeployment(repo, { by, ref: head, environment });
      github.postDeploymentStatus(repo, id, { by, state: 'success', environment });
    },
    evidence: 'deployment status `acme-argocd[bot]:dev/deployed-dev`',
  },
])(
  'a $channel proves what runs, if it comes from a sender that is listed',
  async ({ application, sender, tell, evidence }) => {
    const place = { application, environment: 'staging' };
    tell(story().github.person('mallory'));
    await story().world.settled();
    expect(story().pulls(place)).toEqual([]);

    tell(apps[sender]);
    await story().world.settled();
    expect(story().open(place).title).toBe(`Promote ${application} 1.1 to staging`);
    expect(evidenceTable(story().open(place).body)).toEqual([['dev', story().head.slice(0, 7), 'healthy', evidence]]);
  },
);

test('a failure that arrives that way stops what is open, and nobody else can say that it is over', async () => {
  const place = { application: 'status-flux', environment: 'staging' };
  const context = 'flux/dev/Kustomization/flux-system/status-flux';
  status(apps['acme-flux'], { context, state: 'failure', description: 'health check failed' });
  await story().world.settled();
  expect(story().open(place).draft).toBe(true);
  expect(top(story().open(place).body)).toContain('- dev is degraded: health check failed');

  status(story().github.person('mallory'), { context, description: 'reconciliation succeeded' });
  await story().world.settled();
  expect(story().open(place).draft).toBe(true);

  status(apps['acme-flux'], { context, description: 'reconciliation succeeded' });
  await story().world.settled();
  expect(story().open(place).draft).toBe(false);
});

test('what Flux marks as a success though nothing was decided proves nothing', async () => {
  const place = { application: 'checked-a', environment: 'staging' };
  const context = 'flux/dev/Kustomization/flux-system/checked-a';
  status(apps['acme-flux'], { context, description: 'dependency not ready' });
  await story().world.settled();
  expect(story().pulls(place)).toEqual([]);
});

test("a promoter's check run speaks for every application of an environment", async () => {
  const { github, repo, head, world } = story();
  const places = ['checked-a', 'checked-b'].map((application) => ({ application, environment: 'staging' }));
  const name = 'argocd-health/environments/dev';
  github.postCheckRun(repo, head, { by: apps['acme-argocd'], name, conclusion: 'success' });
  await world.settled();
  expect(places.map((place) => story().openCount(place))).toEqual([0, 0]);

  github.postCheckRun(repo, head, { by: apps['acme-promoter'], name, conclusion: 'success' });
  await world.settled();
  expect(places.map((place) => story().open(place).title)).toEqual([
    'Promote checked-a 1.1 to staging',
    'Promote checked-b 1.1 to staging',
  ]);
  expect(evidenceTable(story().open({ application: 'checked-a', environment: 'staging' }).body)).toEqual([
    ['dev', head.slice(0, 7), 'healthy', 'check run `acme-promoter:argocd-health/environments/dev`'],
  ]);

  github.postCheckRun(repo, head, { by: apps['acme-promoter'], name, conclusion: 'failure' });
  await world.settled();
  expect(places.map((place) => story().open(place).draft)).toEqual([true, true]);
});

test('what was reported while the configuration was broken counts once it is mended', async () => {
  const { github, repo, world } = story();
  const places = ['checked-a', 'checked-b'].map((application) => ({ application, environment: 'staging' }));
  await story().push({ [configFile]: config.replace('after: dev', 'after: dve') });
  const name = 'argocd-health/environments/dev';
  behindMs -= 1_000;
  github.postCheckRun(repo, story().head, { by: apps['acme-promoter'], name, conclusion: 'success' });
  await world.settled();
  expect(places.map((place) => story().open(place).draft)).toEqual([true, true]);
  await story().push({ [configFile]: config });
  expect(places.map((place) => story().open(place).draft)).toEqual([false, false]);
});

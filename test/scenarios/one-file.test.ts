import { expect, test } from 'vitest';
import { configFile } from '../harness/config-repo.ts';
import { changedLines, versionsTable } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const valuesFile = (application: string): string => `apps/${application}/values.yaml`;

/** One values file holds every environment of an application. */
function values(versions: Readonly<Record<string, string>>): string {
  const blocks = Object.entries(versions).map(
    ([environment, tag]) => `${environment}:\n  image:\n    tag: "${tag}" # of ${environment}\n  replicas: 2\n`,
  );
  return `# All environments.\n${blocks.join('')}`;
}

const overlay = (environment: string, name: string): string => `overlays/${environment}/${name}`;
const kustomization = (tag: string): string => `images:\n- name: parts\n  newTag: "${tag}"\n`;
const chart = (tag: string): string => `image:\n  tag: "${tag}"\n`;
const deployment = (tag: string, marker = ''): string => `kind: Deployment
metadata: { name: parts }
spec:
  template:
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/parts:${tag}
        - name: proxy
          image: ghcr.io/acme/proxy:${tag}${marker}
`;
const flux = ' # {"$imagepolicy": "flux-system:proxy"}';

const files = {
  [configFile]: `version: 1
environments:
  dev:
  staging: { after: dev }
  prod: { after: staging }
applications:
  - path: apps/{application}
    promote:
      - keys: ["{environment}.image.tag"]
  - name: parts
    path: overlays/{environment}
    promote:
      - images: ["*"]
      - containers: ["*"]
      - keys: [image.tag]
syncs:
  - source: argocd
    application: "{application}-{environment}"
limits:
  openPullRequests: 100
  newPullRequestsPerHour: 100
  newPullRequestsFirstHour: 100
`,
  [valuesFile('web')]: values({ dev: '1.0', staging: '1.0', prod: '1.0' }),
  [overlay('dev', 'kustomization.yaml')]: kustomization('1.1'),
  [overlay('dev', 'deployment.yaml')]: deployment('1.1'),
  [overlay('dev', 'values.yaml')]: chart('1.1'),
  [overlay('staging', 'kustomization.yaml')]: kustomization('1.0'),
  [overlay('staging', 'deployment.yaml')]: deployment('1.0', flux),
  [overlay('staging', 'values.yaml')]: chart('1.0'),
  [overlay('prod', 'kustomization.yaml')]: kustomization('1.0'),
  [overlay('prod', 'deployment.yaml')]: deployment('1.0'),
  [overlay('prod', 'values.yaml')]: 'image:\n  tag: "1.0"\n "sidecar\n',
};
const story = tellStories({ files });

const web = (environment: string) => ({ application: 'web', environment });
const parts = (environment: string) => ({ application: 'parts', environment });

test('one file for several environments: each lane changes its own line of it, and the versions carry one name', async () => {
  const { github, repo } = story();
  const file = valuesFile('web');
  await story().push({ [file]: values({ dev: '1.1', staging: '1.0', prod: '1.0' }) });
  await story().runs(web('dev'));
  const pull = story().open(web('staging'));
  expect(changedLines(github.diff(repo, pull.number))).toEqual([
    '-    tag: "1.0" # of staging',
    '+    tag: "1.1" # of staging',
  ]);
  expect(versionsTable(pull.body)).toEqual([['web', '`{environment}.image.tag`', '`1.0`', '**`1.1`**']]);
  expect(pull.body).not.toContain('Left alone');

  await story().merge(web('staging'));
  await story().runs(web('staging'));
  expect(changedLines(github.diff(repo, story().open(web('prod')).number))).toEqual([
    '-    tag: "1.0" # of prod',
    '+    tag: "1.1" # of prod',
  ]);
  await story().merge(web('prod'));
  expect(story().file(file)).toBe(values({ dev: '1.1', staging: '1.1', prod: '1.1' }));
});

test('a field that cannot be changed for certain is named with its place, and the rest moves', async () => {
  const { github, repo } = story();
  await story().runs(parts('dev'));
  const pull = story().open(parts('staging'));
  expect(pull.draft).toBe(false);
  expect(changedLines(github.diff(repo, pull.number))).toEqual([
    '-          image: ghcr.io/acme/parts:1.0',
    '+          image: ghcr.io/acme/parts:1.1',
    '-  newTag: "1.0"',
    '+  newTag: "1.1"',
    '-  tag: "1.0"',
    '+  tag: "1.1"',
  ]);
  expect(pull.body).toContain('**Not moved, since it cannot be done for certain:**');
  expect(pull.body).toMatch(/- `overlays\/staging\/deployment\.yaml:10` .*is written by Flux/);
});

test('once a person mends it, it moves too', async () => {
  const { number } = story().open(parts('staging'));
  await story().push({ [overlay('staging', 'deployment.yaml')]: deployment('1.0') });
  const pull = story().open(parts('staging'));
  expect(pull.number).toBe(number);
  expect(versionsTable(pull.body)).toHaveLength(4);
  expect(pull.body).not.toContain('**Not moved');
});

test('a whole file that cannot be read in the target stays out, and the others move', async () => {
  await story().merge(parts('staging'));
  await story().runs(parts('staging'));
  const pull = story().open(parts('prod'));
  expect(versionsTable(pull.body).map(([, artifact]) => artifact)).not.toContain('`image.tag`');
  expect(versionsTable(pull.body)).toHaveLength(3);
  expect(pull.body).toMatch(
    /\*\*Not moved, since it cannot be done for certain:\*\*\n\n- `overlays\/prod\/values\.yaml/,
  );
});

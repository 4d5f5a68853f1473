import { expect, test } from 'vitest';
import { configFile } from '../harness/config-repo.ts';
import { changedLines } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

const place = (environment: string) => ({ application: 'web', environment });
const file = (environment: string): string => `apps/web/${environment}/deployment.yaml`;
const plain = (tag: string, marker = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/web:${tag}${marker}
`;
const marked = (tag: string): string => plain(tag, ' # {"$imagepolicy": "flux-system:web"}');

/** Flux's image automation writes the versions of dev, as it should, and those of staging too, left over from earlier days. */
const story = tellStories({
  files: {
    [configFile]: `version: 1
environments:
  dev:
  staging: { after: dev }
  prod: { after: staging }
applications:
  - path: apps/{application}/{environment}
    promote:
      - containers: [app]
syncs:
  - source: argocd
    application: "{application}-{environment}"
limits:
  openPullRequests: 100
  newPullRequestsPerHour: 100
  newPullRequestsFirstHour: 100
`,
    [file('dev')]: marked('1.1'),
    [file('staging')]: marked('1.0'),
    [file('prod')]: plain('1.0'),
  },
});

test('a field that Flux writes in the target is not promoted, and the decision says who writes it and what to do', async () => {
  await story().runs(place('dev'));
  expect(story().pulls(place('staging'))).toEqual([]);
  const { code, text } = story().decided(place('staging'));
  expect(code).toBe('owned');
  expect(text).toContain('Another bot writes these versions in web in staging.');
  expect(text).toContain(`${file('staging')}:10`);
  expect(text).toMatch(/Flux.* so it is not promoted\. Remove that mark/);
});

test('once a push removes the marker it is', async () => {
  const { github, repo } = story();
  await story().push({ [file('staging')]: plain('1.0') });
  const pull = story().open(place('staging'));
  expect(changedLines(github.diff(repo, pull.number))).toEqual([
    '-          image: ghcr.io/acme/web:1.0',
    '+          image: ghcr.io/acme/web:1.1',
  ]);
});

test('a marker that comes back while the pull request is open stops it', async () => {
  await story().push({ [file('staging')]: marked('1.0') });
  expect(story().open(place('staging')).draft).toBe(true);
  expect(story().decided(place('staging')).code).toBe('owned');
  await story().push({ [file('staging')]: plain('1.0') });
  expect(story().open(place('staging')).draft).toBe(false);
});

test('a marker in the source is no obstacle: what it wrote is what runs', async () => {
  await story().merge(place('staging'));
  await story().runs(place('staging'));
  expect(story().open(place('prod')).title).toBe('Promote web 1.1 to prod');
});

import { expect, test } from 'vitest';
import { configFile, wideLimits } from '../harness/config-repo.ts';
import { top } from '../harness/reading.ts';
import { tellStories } from '../harness/story.ts';

/** Environments that are whole folders: nearly all of one becomes the next one's. */
const config = `version: 1
environments:
  dev: {}
  staging: { after: dev }
  production: { after: staging }
applications:
  - path: apps/{application}/{environment}
    promote:
      - copy: ["**"]
        except: ["secrets/**"]
        keep:
          - { in: app.yaml, keys: [replicas, ingress.host] }
syncs:
  - source: argocd
    application: "{application}-{environment}"
${wideLimits}`;
const app = (tag: string, host: string, replicas: number) =>
  `image: ghcr.io/acme/shop:${tag}\nreplicas: ${replicas} # enough\ningress: { host: "${host}" }\n`;
const at = (environment: string, path: string) => `apps/shop/${environment}/${path}`;

const replicasOf = { dev: 1, staging: 2, production: 3 };
const files = Object.fromEntries(
  Object.entries(replicasOf).flatMap(([environment, replicas]) => [
    [at(environment, 'app.yaml'), app('1.0', `${environment}.acme.test`, replicas)],
    [at(environment, 'notes.md'), 'What it is.\n'],
    [at(environment, 'rules/old.txt'), 'deny all\n'],
    [at(environment, 'secrets/key.txt'), `key of ${environment}\n`],
  ]),
);
const story = tellStories({ files: { [configFile]: config, ...files } });

const dev = { application: 'shop', environment: 'dev' };
const staging = { application: 'shop', environment: 'staging' };
const production = { application: 'shop', environment: 'production' };

/** Every file of an environment, by its path in it. */
function filesIn({ environment }: typeof dev, ref = 'main'): Readonly<Record<string, string | undefined>> {
  const { github, repo } = story();
  const names = ['app.yaml', 'link.txt', 'logo.png', 'notes.md', 'rules/new.txt', 'rules/old.txt', 'secrets/key.txt'];
  const texts = names.map((name) => [name, github.file(repo, ref, at(environment, name))]);
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined));
}

/** What the open pull request of an environment makes of its files. */
const proposedIn = (place: typeof dev) => filesIn(place, story().open(place).head.branch);

test('added, changed and removed files move in one pull request; kept values and excluded files stay', async () => {
  await story().push({
    [at('dev', 'app.yaml')]: app('1.1', 'dev.acme.test', 1),
    [at('dev', 'rules/new.txt')]: 'allow all\n',
    [at('dev', 'rules/old.txt')]: null,
    [at('dev', 'secrets/key.txt')]: 'another key of dev\n',
  });
  await story().runs(dev);
  expect(proposedIn(staging)).toEqual({
    'app.yaml': app('1.1', 'staging.acme.test', 2),
    'notes.md': 'What it is.\n',
    'rules/new.txt': 'allow all\n',
    'secrets/key.txt': 'key of staging\n',
  });
});

test('the first time that a file is removed a person agrees to it; the next environment follows', async () => {
  expect(story().open(staging)).toMatchObject({ title: 'Promote shop to staging', draft: true });
  await story().markReady(staging);
  await story().merge(staging);
  expect(story().pulls(production)).toEqual([]);
  await story().runs(staging);
  expect(top(story().newest(staging).body)[1]).toMatch(/^\*\*Live in staging since /);
  await story().markReady(production);
  await story().merge(production);
  await story().runs(production);
  expect(filesIn(production)).toEqual({
    'app.yaml': app('1.1', 'production.acme.test', 3),
    'notes.md': 'What it is.\n',
    'rules/new.txt': 'allow all\n',
    'secrets/key.txt': 'key of production\n',
  });
});

test('a file that was promoted and goes again goes with the next change, ready to be merged', async () => {
  await story().push({
    [at('dev', 'rules/new.txt')]: null,
    [at('dev', 'app.yaml')]: app('1.2', 'dev.acme.test', 1),
  });
  await story().runs(dev);
  expect(story().open(staging)).toMatchObject({ draft: false });
  await story().merge(staging);
  await story().runs(staging);
  await story().merge(production);
  await story().runs(production);
  expect(filesIn(production)).toEqual({
    'app.yaml': app('1.2', 'production.acme.test', 3),
    'notes.md': 'What it is.\n',
    'secrets/key.txt': 'key of production\n',
  });
});

test('a file that cannot be read is named and stays, and the others move', async () => {
  await story().push({
    [at('dev', 'link.txt')]: { text: 'notes.md', mode: '120000' },
    [at('dev', 'logo.png')]: '\u0000PNG',
    [at('dev', 'notes.md')]: 'What it is now.\n',
    [at('dev', 'app.yaml')]: app('1.3', 'dev.acme.test', 1),
    [at('staging', 'logo.png')]: '\u0000PNG of staging',
    [at('staging', 'notes.md')]: { text: '../notes.md', mode: '120000' },
  });
  await story().runs(dev);
  expect(story().open(staging).body).toContain(
    [
      '**Not moved, since it cannot be done for certain:**',
      '',
      '- `apps/shop/dev/link.txt` is a symbolic link',
      '- `apps/shop/dev/logo.png` is not text',
      '- `apps/shop/staging/notes.md` is a symbolic link',
      '',
    ].join('\n'),
  );
  await story().merge(staging);
  await story().runs(staging);
  expect(filesIn(staging)).toMatchObject({
    'app.yaml': app('1.3', 'staging.acme.test', 2),
    'logo.png': '\u0000PNG of staging',
    'notes.md': '../notes.md',
  });
  expect(filesIn(staging)).not.toHaveProperty(['link.txt']);
  expect(top(story().newest(staging).body)[1]).toMatch(/^\*\*Live in staging since /);
  expect(proposedIn(production)).toMatchObject({ 'app.yaml': app('1.3', 'production.acme.test', 3) });
});

test('nothing is removed because the folder of the source is gone', async () => {
  const gone = Object.keys(filesIn(dev)).map((path) => [at('dev', path), null] as const);
  await story().push(Object.fromEntries(gone));
  await story().runs(dev);
  expect(story().decided(staging)).toEqual({
    code: 'waiting',
    text: `dev does not prove a candidate for staging.\n  dev has nothing to promote at ${story().head.slice(0, 7)}.`,
  });
  expect(Object.keys(filesIn(staging))).toEqual(['app.yaml', 'logo.png', 'notes.md', 'secrets/key.txt']);
});

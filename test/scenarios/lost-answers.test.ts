import { afterEach, beforeAll, expect, test } from 'vitest';
import { configFile, exampleFiles } from '../harness/config-repo.ts';
import { type Deed, deeds, leftBehind, manyApplications } from '../harness/deeds.ts';
import { until } from '../harness/pawl.ts';
import { logLines, tellStories } from '../harness/story.ts';
import type { Fault } from '../local-github/faults.ts';

const modes: readonly (Pick<Fault, 'when' | 'close' | 'status'> & { readonly name: string })[] = [
  { name: 'the request is lost', when: 'before', close: true },
  { name: 'the answer is lost', when: 'after', close: true },
  { name: 'the answer is 502 though it was done', when: 'after', status: 502 },
];

/** Mutations of a document that fail while its others have their effect. What is left out is a courtesy and not repeated. */
const courtesies = ['close a pull request updateRefs'];
const halves = deeds
  .flatMap((deed) => deed.mutations.map((mutation) => ({ deed, mutation })))
  .filter(({ deed, mutation }) => !courtesies.includes(mutation) && !courtesies.includes(`${deed.name} ${mutation}`));

/**
 * One for each deed without a fault, one for each deed and mode, one for each half, one for the first decline of the repo, one
 * for what is forbidden. */
const applicationsNeeded = deeds.length * (modes.length + 1) + halves.length + 2;
const { names, files } = manyApplications(applicationsNeeded, { dev: '1.0', staging: '1.0' });
const story = tellStories({ files: { ...exampleFiles(), ...files } });

/** Level of a warning in the log. */
const warning = 40;

/** What every deed leaves behind when nothing goes wrong. */
const expected = new Map<string, unknown>();
const unused = [...names];

function nextApplication(): string {
  const name = unused.shift();
  if (name === undefined) throw new Error('there are not enough applications');
  return name;
}

beforeAll(async () => {
  // The branch of decisions is made once; what follows is about writing on it.
  const first = nextApplication();
  await story().release(first, '1.0', '1.1');
  await story().close({ application: first, environment: 'staging' });
  for (const { name, prepare, run } of deeds) {
    const application = nextApplication();
    await prepare(story(), application);
    await run(story(), application);
    expected.set(name, leftBehind(story(), application));
  }
});

afterEach(() => {
  story().github.clearFaults();
});

test.each(modes)('whatever is written when $name, the end is the same', async ({ name: _, ...fault }) => {
  const { github } = story();
  const applications = deeds.map((deed) => ({ deed, application: nextApplication() }));
  for (const { deed, application } of applications) await deed.prepare(story(), application);
  for (const { deed, application } of applications) {
    let met = 0;
    const run = () => {
      met += 1;
    };
    github.failNext({ match: deed.isWrite, ...fault, run });
    await deed.run(story(), application);
    expect(met, deed.name).toBe(1);
  }
  await expectSameEnd(applications);
});

test('whichever part of a write fails, the end is the same', async () => {
  const message = 'Something went wrong while executing your query.';
  const applications = halves.map((half) => ({ ...half, application: nextApplication() }));
  for (const { deed, application } of applications) await deed.prepare(story(), application);
  for (const { deed, mutation, application } of applications) {
    story().github.failNextMutation(mutation, { message });
    await deed.run(story(), application);
  }
  await expectSameEnd(applications);
});

test('what a rule of the repo forbids is said with its words, and done by the next report when it is allowed', async () => {
  const { github, world } = story();
  const application = nextApplication();
  const place = { application, environment: 'staging' };
  const message = 'Repository rule violations found: Cannot create ref due to creations being restricted.';
  github.failNextMutation('createRef', { message });
  await story().release(application, '1.0', '1.1');
  expect(story().pulls(place)).toEqual([]);
  expect(
    logLines(world).filter(({ lane, level }) => lane === `${application} in staging` && level === warning),
  ).toMatchObject([{ kind: 'forbidden', msg: `Not carried out: GitHub says: ${message}` }]);

  await story().runs({ application, environment: 'dev' });
  expect(story().openCount(place)).toBe(1);
});

test.each(modes.slice(0, 1))(
  'the verdict on a configuration is shown in the end when $name',
  async ({ name: _, ...fault }) => {
    const { github, repo } = story();
    const before = story().file(configFile);
    github.failNext({ match: 'POST /repos/acme/environments/check-runs', ...fault });
    const revision = await story().push({ [configFile]: `${before}# The same as before.\n` });
    expect(github.checkRuns(repo, revision)).toMatchObject([{ name: 'promotion/config', conclusion: 'success' }]);
  },
);

interface Done {
  readonly deed: Deed;
  readonly application: string;
}

/** Waits until everything that is tried again has been, and compares. */
async function expectSameEnd(done: readonly Done[]): Promise<void> {
  for (const { deed, application } of done) {
    const same = () => JSON.stringify(leftBehind(story(), application)) === JSON.stringify(expected.get(deed.name));
    await until(same, () => 'the end is not the same').catch(() => undefined);
    expect(leftBehind(story(), application), deed.name).toEqual(expected.get(deed.name));
  }
  await story().world.settled();
}

import { beforeAll, expect, test } from 'vitest';
import { configFile, exampleFiles } from '../harness/config-repo.ts';
import { deeds as allDeeds, leftBehind, manyApplications } from '../harness/deeds.ts';
import { tellStories } from '../harness/story.ts';
import type { SeenRequest } from '../local-github/faults.ts';

/** A tree that no commit holds has no effect that a power cut could leave behind. */
const deeds = allDeeds.filter(({ name }) => !name.startsWith('make the tree'));
const { names, files } = manyApplications(2 * deeds.length + 2, { dev: '1.0', staging: '1.0' });
const story = tellStories({ files: { ...exampleFiles(), ...files } });
const unused = [...names];

function nextApplication(): string {
  const name = unused.shift();
  if (name === undefined) throw new Error('there are not enough applications');
  return name;
}

/** Ends Pawl like a power cut right after a request had its effect and before the answer arrives, and starts it again. */
async function cutPowerAfter(isWrite: (request: SeenRequest) => boolean, run: () => Promise<unknown>): Promise<void> {
  const { github, world } = story();
  const { pawl } = world;
  let cuts = 0;
  const cut = () => {
    cuts += 1;
    pawl.cutPower();
  };
  github.failNext({ match: isWrite, when: 'after', run: cut, close: true });
  await Promise.allSettled([run()]);
  expect(cuts).toBe(1);
  await pawl.exitCode();
  await world.startAgain();
}

/** What every deed leaves behind when nothing goes wrong. */
const expected = new Map<string, unknown>();

beforeAll(async () => {
  // The first decline of a repo makes the branch for it, which is a write of its own.
  const [first, second] = [nextApplication(), nextApplication()];
  await story().release(first, '1.0', '1.1');
  await cutPowerAfter(
    ({ method, path }) => method === 'POST' && path.endsWith('/git/refs'),
    () => story().close({ application: first, environment: 'staging' }),
  );
  await story().release(second, '1.0', '1.1');
  await story().close({ application: second, environment: 'staging' });
  expect(leftBehind(story(), first)).toEqual(leftBehind(story(), second));

  for (const { name, prepare, run } of deeds) {
    const application = nextApplication();
    await prepare(story(), application);
    await run(story(), application);
    expected.set(name, leftBehind(story(), application));
  }
});

test.each(deeds)('a power cut after the write to $name changes nothing about the end', async (deed) => {
  const application = nextApplication();
  await deed.prepare(story(), application);
  await cutPowerAfter(deed.isWrite, () => deed.run(story(), application));
  expect(leftBehind(story(), application)).toEqual(expected.get(deed.name));
});

test('a power cut after the verdict on a configuration does not stop what follows from it', async () => {
  const { github, repo } = story();
  const before = story().file(configFile);
  await story().push({ [configFile]: before.replace('after: dev', 'after: dve') });
  const isVerdict = ({ method, path }: SeenRequest) => method === 'POST' && path.endsWith('/check-runs');
  await cutPowerAfter(isVerdict, () => story().push({ [configFile]: before }));
  expect(github.checkRuns(repo, 'main')).toMatchObject([{ name: 'promotion/config', conclusion: 'success' }]);
  await story().release('web', '1.8.2', '1.8.3');
  expect(story().open({ application: 'web', environment: 'staging' }).title).toBe('Promote web 1.8.3 to staging');
});

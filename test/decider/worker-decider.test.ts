import { afterAll, describe, expect, test } from 'vitest';
import { inProcessDecider } from '../../src/decider/in-process.ts';
import { WorkerDecider } from '../../src/decider/worker-decider.ts';
import { aSnapshot } from '../build/a-snapshot.ts';

const decider = new WorkerDecider();
afterAll(() => decider.close());

const config = `version: 1
environments:
  dev: {}
  staging: { after: dev }
applications:
  - path: apps/{application}/{environment}
    promote:
      - images: ["*"]
syncs:
  - source: argocd
    application: "{application}-{environment}"
`;

describe('deciding in a thread', () => {
  test('gives what deciding on the spot gives', async () => {
    const snapshot = aSnapshot();
    expect(await decider.plan(snapshot)).toEqual(await inProcessDecider.plan(snapshot));
    expect(await decider.readConfig(config)).toEqual(await inProcessDecider.readConfig(config));
  });

  test('answers every question, however many are asked at once', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? config : 'enviroments: {}'));
    const answers = await Promise.all(texts.map((text) => decider.readConfig(text)));
    expect(answers.map(({ ok }) => ok)).toEqual(texts.map((text) => text === config));
  });

  test('a question that ends the thread is answered with an error, and the next one by a new thread', async () => {
    const hostile = new WorkerDecider({ deadlineMs: 1 });
    const snapshots = Array.from({ length: 400 }, () => aSnapshot());
    const results = await Promise.allSettled(snapshots.map((snapshot) => hostile.plan(snapshot)));
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
    await hostile.close();
    expect((await decider.readConfig(config)).ok).toBe(true);
  });

  test('a text that takes too long is given up with a clear word', async () => {
    const hurried = new WorkerDecider({ deadlineMs: 1 });
    await expect(hurried.readConfig(config)).rejects.toThrow(
      'The configuration took longer than 0.001 s and was given up',
    );
    await hurried.close();
  });
});

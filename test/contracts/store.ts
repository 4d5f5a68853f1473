import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Repo } from '../../src/domain/repo.ts';
import type { Report } from '../../src/domain/report.ts';
import type { Delivery, Job, ReportNote, Store, TakenDelivery, TakenJob } from '../../src/ports/store.ts';

/** A store under test, empty at first. */
export interface TestStore {
  readonly store: Store;
  /** Closes it and opens what it left on the disk, as after a restart. */
  reopen(): Promise<Store>;
  /** Closes it and removes what it left. */
  discard(): Promise<void>;
}

const repo: Repo = { installationId: 7, id: 100, owner: 'Acme', name: 'Config' };

function aDelivery(change: Partial<Delivery> = {}): Delivery {
  return {
    id: 'delivery-1',
    origin: 'github',
    event: 'push',
    line: 'acme/config',
    bodyHash: 'aa',
    receivedAtMs: 1_000,
    instance: undefined,
    payload: { after: 'c0ffee' },
    ...change,
  };
}

function aJob(application = 'web', change: Partial<Repo> = {}): Job {
  return { repo: { ...repo, ...change }, application };
}

function aReport(change: Partial<Report> = {}): Report {
  return {
    source: 'argocd',
    repository: 'acme/config',
    subject: 'argocd/eu/web-dev',
    fields: { application: 'web-dev' },
    state: 'healthy',
    revision: 'a'.repeat(40),
    operation: 'argocd:eu:1',
    observedAtMs: 1_000,
    healthySinceMs: undefined,
    message: 'ok',
    link: undefined,
    successOnly: false,
    sender: undefined,
    ...change,
  };
}

function aNote(change: Partial<ReportNote> = {}): ReportNote {
  return { receivedAtMs: 2_000, applications: ['web'], ...change };
}

/** What every adapter of the store must do, whatever keeps the rows. */
export function storeContract(adapter: string, openTestStore: () => Promise<TestStore>): void {
  describe(`store contract: ${adapter}`, () => {
    let opened: TestStore;
    let store: Store;

    beforeEach(async () => {
      opened = await openTestStore();
      store = opened.store;
    });

    afterEach(() => opened.discard());

    async function restart(): Promise<void> {
      store = await opened.reopen();
    }

    /** The oldest delivery that is due. */
    async function takeOne(nowMs: number): Promise<TakenDelivery | undefined> {
      return (await store.inbox.take(nowMs, 1))[0];
    }

    describe('inbox', () => {
      test('gives back exactly the delivery that was added', async () => {
        const sent = aDelivery({
          origin: 'argocd',
          event: 'argocd',
          instance: 'eu-west-1',
          payload: { app: { name: 'wéb "1"\n\u0000' }, n: 1.5, list: [null, true] },
        });
        expect(await store.inbox.add(sent)).toBe('added');
        expect(await takeOne(1_000)).toStrictEqual({
          key: expect.any(Number),
          attempts: 0,
          delivery: sent,
        });
      });

      test('knows a delivery by its id and its body', async () => {
        expect(await store.inbox.add(aDelivery())).toBe('added');
        expect(await store.inbox.add(aDelivery())).toBe('known');
        expect(await store.inbox.add(aDelivery({ bodyHash: 'bb' }))).toBe('reused');
        expect(await store.inbox.add(aDelivery({ bodyHash: 'bb' }))).toBe('known');
        expect(await store.inbox.add(aDelivery({ id: 'delivery-2' }))).toBe('added');
        expect(await store.inbox.waiting()).toBe(3);
      });

      test('still knows a delivery that is done, also after a restart', async () => {
        await store.inbox.add(aDelivery());
        const taken = await takeOne(1_000);
        await store.inbox.done(taken?.key ?? 0, 1_500);
        expect(await store.inbox.add(aDelivery())).toBe('known');
        await restart();
        expect(await store.inbox.add(aDelivery())).toBe('known');
        expect(await store.inbox.waiting()).toBe(0);
      });

      test('hands out the oldest first, each once, and none before it is due', async () => {
        await store.inbox.add(aDelivery({ id: 'late', receivedAtMs: 3_000 }));
        await store.inbox.add(aDelivery({ id: 'early', receivedAtMs: 1_000 }));
        await store.inbox.add(aDelivery({ id: 'middle', receivedAtMs: 2_000 }));
        const order = [2_500, 2_500, 2_500, 3_000, 3_000].map((nowMs) => takeOne(nowMs));
        const taken = await Promise.all(order);
        expect(taken.map((one) => one?.delivery.id)).toEqual(['early', 'middle', undefined, 'late', undefined]);
      });

      test('tries again when told to, and counts the tries', async () => {
        await store.inbox.add(aDelivery());
        const first = await takeOne(1_000);
        await store.inbox.retry(first?.key ?? 0, 5_000, 'GitHub does not answer');
        expect(await takeOne(4_999)).toBeUndefined();
        expect(await store.inbox.waiting()).toBe(1);
        const second = await takeOne(5_000);
        expect(second).toMatchObject({ key: first?.key, attempts: 1, delivery: { id: 'delivery-1' } });
      });

      test('a delivery that came while another one is tried again waits behind it only if it came later', async () => {
        await store.inbox.add(aDelivery({ id: 'tried' }));
        const tried = await takeOne(1_000);
        await store.inbox.retry(tried?.key ?? 0, 2_000, 'later');
        await store.inbox.add(aDelivery({ id: 'after', receivedAtMs: 2_001 }));
        await store.inbox.add(aDelivery({ id: 'before', receivedAtMs: 1_999 }));
        const order = [await takeOne(9_000), await takeOne(9_000), await takeOne(9_000)];
        expect(order.map((one) => one?.delivery.id)).toEqual(['before', 'tried', 'after']);
      });

      test('a buried delivery is not handed out again until it is sent again', async () => {
        await store.inbox.add(aDelivery());
        const taken = await takeOne(1_000);
        await store.inbox.retry(taken?.key ?? 0, 1_000, 'GitHub does not answer');
        await takeOne(1_000);
        await store.inbox.bury(taken?.key ?? 0, 'GitHub does not answer');
        await restart();
        expect(await takeOne(9_000)).toBeUndefined();
        expect(await store.inbox.waiting()).toBe(0);
        expect(await store.inbox.add(aDelivery({ receivedAtMs: 8_000 }))).toBe('added');
        expect(await store.inbox.add(aDelivery({ receivedAtMs: 8_000 }))).toBe('known');
        expect(await store.inbox.waiting()).toBe(1);
        expect(await takeOne(7_999)).toBeUndefined();
        expect(await takeOne(8_000)).toEqual({ key: taken?.key, attempts: 0, delivery: aDelivery() });
      });

      test('takes no more than asked for, and none of the lines left out', async () => {
        const waiting = [
          ['a1', 'a', 1_000],
          ['a2', 'a', 1_001],
          ['b1', 'b', 1_002],
          ['a3', 'a', 1_003],
          ['c1', 'c', 1_004],
          ['b2', 'b', 1_005],
          ['c2', 'c', 9_000],
        ] as const;
        for (const [id, line, receivedAtMs] of waiting) await store.inbox.add(aDelivery({ id, line, receivedAtMs }));
        const take = async (atMost: number, ...exceptLines: readonly string[]) =>
          (await store.inbox.take(2_000, atMost, new Set(exceptLines))).map(({ delivery }) => delivery.id);
        expect(await take(2, 'a')).toEqual(['b1', 'c1']);
        expect(await take(2)).toEqual(['a1', 'a2']);
        expect(await take(9, 'a', 'b')).toEqual([]);
        expect(await take(9)).toEqual(['a3', 'b2']);
      });

      test('puts back what is in hand and not held, and that try counts', async () => {
        for (const id of ['held', 'lost', 'done', 'waiting']) await store.inbox.add(aDelivery({ id }));
        const [held, lost, done] = await store.inbox.take(1_000, 3);
        await store.inbox.done(done?.key ?? 0, 1_000);
        await store.inbox.putBack(new Set([held?.key ?? 0]));
        expect(await store.inbox.waiting()).toBe(3);
        const again = await store.inbox.take(1_000, 9);
        expect(again).toMatchObject([
          { key: lost?.key, attempts: 1, delivery: { id: 'lost' } },
          { attempts: 0, delivery: { id: 'waiting' } },
        ]);
      });

      test('what was in hand when the process ended is due again, and that try counts', async () => {
        await store.inbox.add(aDelivery({ id: 'in hand' }));
        await store.inbox.add(aDelivery({ id: 'waiting', receivedAtMs: 1_001 }));
        await takeOne(1_000);
        await restart();
        expect(await store.inbox.waiting()).toBe(2);
        expect(await takeOne(2_000)).toMatchObject({ attempts: 1, delivery: { id: 'in hand' } });
        expect(await takeOne(2_000)).toMatchObject({ attempts: 0, delivery: { id: 'waiting' } });
      });

      test('forgets what was done before a time and nothing else', async () => {
        for (const id of ['old', 'recent', 'open']) await store.inbox.add(aDelivery({ id }));
        await store.inbox.done((await takeOne(1_000))?.key ?? 0, 1_500);
        await store.inbox.done((await takeOne(1_000))?.key ?? 0, 2_500);
        await store.inbox.prune(2_000);
        expect(await store.inbox.add(aDelivery({ id: 'old' }))).toBe('added');
        expect(await store.inbox.add(aDelivery({ id: 'recent' }))).toBe('known');
        expect(await store.inbox.add(aDelivery({ id: 'open' }))).toBe('known');
      });

      test('keeps many deliveries that came at once', async () => {
        const ids = Array.from({ length: 200 }, (_, index) => `delivery-${index}`);
        await Promise.all(ids.map((id) => store.inbox.add(aDelivery({ id }))));
        await restart();
        expect(await store.inbox.waiting()).toBe(200);
        const taken = await Promise.all(ids.map(() => takeOne(1_000)));
        expect(new Set(taken.map((one) => one?.delivery.id))).toEqual(new Set(ids));
      });
    });

    describe('queue', () => {
      test('gives back the job with its cause', async () => {
        await store.queue.add(aJob(), 1_000, 'argocd reported web-dev');
        expect(await store.queue.take(1_000)).toStrictEqual({
          key: expect.any(String),
          attempts: 0,
          causes: ['argocd reported web-dev'],
          job: aJob(),
        });
      });

      test('equal keys coalesce: the earlier time, the newest repo, a few causes, newest first and each once', async () => {
        await store.queue.add(aJob(), 3_000, 'one');
        await store.queue.add(aJob(), 1_000, 'two');
        await store.queue.add(aJob('web', { name: 'renamed', installationId: 8 }), 9_000, 'one');
        const taken = await store.queue.take(1_000);
        expect(taken).toMatchObject({ causes: ['one', 'two'] });
        expect(taken?.job).toEqual(aJob('web', { name: 'renamed', installationId: 8 }));
        expect(await store.queue.take(99_000)).toBeUndefined();
      });

      test('keeps the newest causes of many', async () => {
        for (let index = 1; index <= 40; index += 1) await store.queue.add(aJob(), 1_000, `cause ${index}`);
        const taken = await store.queue.take(1_000);
        expect(taken?.causes[0]).toBe('cause 40');
        expect(taken?.causes.length).toBeLessThanOrEqual(10);
      });

      test('another application or another repo is another key', async () => {
        await store.queue.add(aJob('web'), 1_000, 'c');
        await store.queue.add(aJob('api'), 1_001, 'c');
        await store.queue.add(aJob('web', { id: 101 }), 1_002, 'c');
        const taken = [await store.queue.take(2_000), await store.queue.take(2_000), await store.queue.take(2_000)];
        expect(taken.map((one) => [one?.job.repo.id, one?.job.application])).toEqual([
          [100, 'web'],
          [100, 'api'],
          [101, 'web'],
        ]);
      });

      test('one of a key is in hand at a time; what came meanwhile waits behind it', async () => {
        await store.queue.add(aJob(), 1_000, 'first');
        const first = await store.queue.take(1_000);
        await store.queue.add(aJob(), 1_000, 'second');
        await store.queue.add(aJob(), 1_000, 'third');
        expect(await store.queue.take(9_000)).toBeUndefined();
        await store.queue.done(first?.key ?? '');
        expect(await store.queue.take(9_000)).toMatchObject({ attempts: 0, causes: ['third', 'second'] });
      });

      test('a retry joins what came meanwhile, at the earlier of both times', async () => {
        await store.queue.add(aJob(), 1_000, 'first');
        const first = await store.queue.take(1_000);
        await store.queue.add(aJob(), 2_000, 'second');
        await store.queue.retry(first?.key ?? '', 60_000, 'GitHub does not answer');
        expect(await store.queue.take(1_999)).toBeUndefined();
        expect(await store.queue.take(2_000)).toMatchObject({ attempts: 1, causes: ['second', 'first'] });
        expect(await store.queue.take(99_000)).toBeUndefined();
      });

      test('a retry waits until it is due, and something new makes it due earlier', async () => {
        await store.queue.add(aJob(), 1_000, 'first');
        const first = await store.queue.take(1_000);
        await store.queue.retry(first?.key ?? '', 60_000, 'limited');
        expect(await store.queue.take(59_999)).toBeUndefined();
        await store.queue.add(aJob(), 5_000, 'second');
        expect(await store.queue.take(5_000)).toMatchObject({ attempts: 1, causes: ['second', 'first'] });
      });

      test('a buried job is listed with its reason until it is done after all', async () => {
        await store.queue.add(aJob(), 1_000, 'first');
        const key = (await store.queue.take(1_000))?.key ?? '';
        await store.queue.bury(key, 'the App may not read it', 1_234);
        expect(await store.queue.take(99_000)).toBeUndefined();
        await restart();
        expect(await store.queue.buried()).toMatchObject([
          { key, application: expect.any(String), reason: 'the App may not read it', atMs: 1_234 },
        ]);
        await store.queue.add(aJob(), 2_000, 'permission granted');
        expect(await store.queue.take(2_000)).toMatchObject({ attempts: 0, causes: ['permission granted'] });
        expect(await store.queue.buried()).toHaveLength(1);
        await store.queue.done(key);
        expect(await store.queue.buried()).toEqual([]);
      });

      test('what came while a job was in hand outlives its burial', async () => {
        await store.queue.add(aJob(), 1_000, 'first');
        const key = (await store.queue.take(1_000))?.key ?? '';
        await store.queue.add(aJob(), 1_000, 'second');
        await store.queue.bury(key, 'broken', 1_000);
        expect(await store.queue.take(1_000)).toMatchObject({ attempts: 0, causes: ['second'] });
      });

      test('done, retry and bury of a key that is not in hand change nothing', async () => {
        await store.queue.add(aJob(), 1_000, 'first');
        const first = await store.queue.take(1_000);
        const key = first?.key ?? '';
        await store.queue.done(key);
        await store.queue.add(aJob(), 2_000, 'second');
        await store.queue.done(key);
        await store.queue.retry(key, 50_000, 'x');
        await store.queue.bury(key, 'x', 1);
        expect(await store.queue.take(2_000)).toMatchObject({ attempts: 0, causes: ['second'] });
        expect(await store.queue.buried()).toEqual([]);
      });

      test('what was in hand when the process ended is due again, joined with what waited behind it', async () => {
        await store.queue.add(aJob('web'), 1_000, 'first');
        await store.queue.add(aJob('api'), 1_001, 'other');
        await store.queue.take(1_001);
        await store.queue.take(1_001);
        await store.queue.add(aJob('web'), 5_000, 'second');
        await restart();
        const web = await store.queue.take(1_001);
        const api = await store.queue.take(1_001);
        expect(web).toMatchObject({ attempts: 1, causes: ['second', 'first'], job: aJob('web') });
        expect(api).toMatchObject({ attempts: 1, causes: ['other'], job: aJob('api') });
        expect(await store.queue.take(9_000)).toBeUndefined();
      });

      test('puts back what is in hand and not held, joined with what waited behind it', async () => {
        for (const application of ['held', 'lost']) await store.queue.add(aJob(application), 1_000, 'first');
        const held = await store.queue.take(1_000);
        await store.queue.take(1_000);
        for (const application of ['held', 'lost']) await store.queue.add(aJob(application), 5_000, 'second');
        await store.queue.putBack(new Set([held?.key ?? '']));
        expect(await store.queue.take(1_000)).toMatchObject({
          attempts: 1,
          causes: ['second', 'first'],
          job: aJob('lost'),
        });
        expect(await store.queue.take(9_000)).toBeUndefined();
        await store.queue.done(held?.key ?? '');
        expect(await store.queue.take(9_000)).toMatchObject({ attempts: 0, causes: ['second'], job: aJob('held') });
      });

      test('says when the next job or delivery is due, leaving out what cannot be taken yet', async () => {
        expect(await store.queue.nextDueMs()).toBeUndefined();
        await store.queue.add(aJob('web'), 5_000, 'c');
        await store.queue.add(aJob('api'), 7_000, 'c');
        expect(await store.queue.nextDueMs()).toBe(5_000);
        await store.inbox.add(aDelivery({ receivedAtMs: 4_000 }));
        expect(await store.queue.nextDueMs()).toBe(4_000);
        const delivery = await takeOne(4_000);
        expect(await store.queue.nextDueMs()).toBe(5_000);
        const web = await store.queue.take(5_000);
        await store.queue.add(aJob('web'), 5_500, 'c');
        expect(await store.queue.nextDueMs()).toBe(7_000);
        await store.inbox.retry(delivery?.key ?? 0, 6_500, 'later');
        expect(await store.queue.nextDueMs()).toBe(6_500);
        await store.queue.done(web?.key ?? '');
        expect(await store.queue.nextDueMs()).toBe(5_500);
      });

      test('behaves like the model of it under any history', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(queueStep, { maxLength: 40 }), async (steps) => {
            const fresh = await openTestStore();
            const model = queueModel();
            let current = fresh.store;
            try {
              for (const step of steps) current = await playStep(step, current, model, fresh);
            } finally {
              await fresh.discard();
            }
          }),
          { numRuns: 40 },
        );
      });
    });

    describe('reports', () => {
      test('gives back exactly what was recorded', async () => {
        const report = aReport({ link: 'https://argo.example.com/web', sender: 'ci', healthySinceMs: 900 });
        expect(await store.reports.record(100, report, aNote())).toStrictEqual({ kind: 'recorded', before: undefined });
        expect(await store.reports.of(100, 'web')).toStrictEqual([
          { report, receivedAtMs: 2_000, applications: ['web'], badSinceMs: undefined, fingerprint: undefined },
        ]);
        const bare = aReport({ observedAtMs: 1_001, revision: undefined });
        await store.reports.record(100, bare, aNote());
        expect((await store.reports.of(100, 'web'))[0]?.report).toStrictEqual(bare);
      });

      test.each([
        { now: 'an older healthy one', change: { observedAtMs: 999 }, kind: 'late' },
        { now: 'an older failure', change: { observedAtMs: 999, state: 'failed' }, kind: 'late' },
        { now: 'a newer one', change: { observedAtMs: 1_001 }, kind: 'recorded' },
        { now: 'the same again', change: {}, kind: 'recorded' },
        { now: 'a failure of the same time', change: { state: 'failed' }, kind: 'recorded' },
        { now: 'a success after a pending one of the same time', change: {}, known: 'progressing', kind: 'recorded' },
        { now: 'a pending one after a success of the same time', change: { state: 'progressing' }, kind: 'recorded' },
        {
          now: 'a degraded one after a pending one of the same time',
          change: { state: 'degraded' },
          known: 'progressing',
          kind: 'recorded',
        },
        {
          now: 'a degraded one after a failed one of the same time',
          change: { state: 'degraded' },
          known: 'failed',
          kind: 'recorded',
        },
        {
          now: 'a pending one after a failed one of the same time',
          change: { state: 'progressing' },
          known: 'failed',
          kind: 'late',
        },
        { now: 'a success after a degraded one of the same time', change: {}, known: 'degraded', kind: 'late' },
      ] as const)('$now is $kind', async ({ change, kind, ...rest }) => {
        const known = aReport({ state: 'known' in rest ? rest.known : 'healthy' });
        const sent = aReport({ ...change, operation: 'argocd:eu:2' });
        await store.reports.record(100, known, aNote({ receivedAtMs: 2_000 }));
        const recorded = await store.reports.record(100, sent, aNote({ receivedAtMs: 2_500 }));
        expect(recorded.kind).toBe(kind);
        const [stored] = await store.reports.of(100, 'web');
        expect(stored?.report).toEqual(kind === 'recorded' ? sent : known);
        expect(stored?.receivedAtMs).toBe(kind === 'recorded' ? 2_500 : 2_000);
        if (recorded.kind === 'recorded') expect(recorded.before?.report).toEqual(known);
      });

      test('the end is the same in whatever order reports of different times arrive', async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }),
            fc.integer(),
            async (times, subject) => {
              const name = `argocd/eu/${subject}-${times.join('-')}`;
              for (const observedAtMs of times) {
                await store.reports.record(100, aReport({ subject: name, observedAtMs }), aNote());
              }
              const found = (await store.reports.of(100, 'web')).find((one) => one.report.subject === name);
              expect(found?.report.observedAtMs).toBe(Math.max(...times));
            },
          ),
          { numRuns: 20 },
        );
      });

      test('keeps since when a subject is failed or degraded, by our clock', async () => {
        const since = async (state: Report['state'], observedAtMs: number, receivedAtMs: number) => {
          await store.reports.record(100, aReport({ state, observedAtMs }), aNote({ receivedAtMs }));
          return (await store.reports.of(100, 'web'))[0]?.badSinceMs;
        };
        // Being under way is no failure: the time a deployment takes is none of a failure's grace.
        expect(await since('progressing', 1, 2_000)).toBeUndefined();
        expect(await since('failed', 2, 3_000)).toBe(3_000);
        expect(await since('progressing', 3, 4_000)).toBe(3_000);
        expect(await since('degraded', 4, 5_000)).toBe(3_000);
        expect(await since('healthy', 5, 6_000)).toBeUndefined();
        expect(await since('progressing', 6, 7_000)).toBeUndefined();
        expect(await since('degraded', 7, 8_000)).toBe(8_000);
        expect(await since('degraded', 7, 9_000)).toBe(8_000);
        expect(await since('healthy', 6, 10_000)).toBe(8_000);
        await restart();
        expect((await store.reports.of(100, 'web'))[0]?.badSinceMs).toBe(8_000);
      });

      test('finds the reports of an application and those that speak for all, of that repo only', async () => {
        const put = (subject: string, applications: readonly string[], repoId = 100) =>
          store.reports.record(repoId, aReport({ subject }), aNote({ applications }));
        await put('b', ['web', 'api']);
        await put('a', ['*']);
        await put('c', ['api']);
        await put('d', []);
        await put('e', ['web'], 101);
        const subjects = async (application: string) =>
          (await store.reports.of(100, application)).map((one) => one.report.subject);
        expect(await subjects('web')).toEqual(['a', 'b']);
        expect(await subjects('api')).toEqual(['a', 'b', 'c']);
        expect(await subjects('other')).toEqual(['a']);
      });

      test('lists what nothing recognised, newest first', async () => {
        const put = (subject: string, receivedAtMs: number, applications: readonly string[] = []) =>
          store.reports.record(100, aReport({ subject }), aNote({ receivedAtMs, applications }));
        await put('older', 1_000);
        await put('newer', 2_000);
        await put('known', 3_000, ['web']);
        const unrecognised = async () => (await store.reports.unrecognised(100)).map((one) => one.report.subject);
        expect(await unrecognised()).toEqual(['newer', 'older']);
        await store.reports.assign(100, 'newer', ['web']);
        expect(await unrecognised()).toEqual(['older']);
      });

      test('ties a subject to other applications', async () => {
        await store.reports.record(100, aReport(), aNote({ applications: ['web'] }));
        await store.reports.assign(100, aReport().subject, ['api', 'shop']);
        expect(await store.reports.of(100, 'web')).toEqual([]);
        expect(await store.reports.of(100, 'shop')).toMatchObject([
          { applications: ['api', 'shop'], receivedAtMs: 2_000 },
        ]);
        await store.reports.assign(100, 'no such subject', ['web']);
        expect(await store.reports.of(100, 'web')).toEqual([]);
      });

      test('a newer report speaks for the applications named with it', async () => {
        await store.reports.record(100, aReport(), aNote({ applications: ['web'] }));
        await store.reports.record(100, aReport({ observedAtMs: 1_001 }), aNote({ applications: ['api'] }));
        expect(await store.reports.of(100, 'web')).toEqual([]);
        expect(await store.reports.of(100, 'api')).toHaveLength(1);
      });

      test('lists all of a repo', async () => {
        const subjects = ['c', 'a', 'b'];
        for (const subject of subjects) await store.reports.record(100, aReport({ subject }), aNote());
        await store.reports.record(101, aReport({ subject: 'of another repo' }), aNote());
        expect((await store.reports.all(100)).map((one) => one.report.subject).sort()).toEqual(['a', 'b', 'c']);
      });

      test.each(['failed', 'progressing'] as const)(
        'forgets the files of a revision when it is %s there',
        async (state) => {
          const files = async () => (await store.reports.of(100, 'web'))[0]?.fingerprint;
          await store.reports.record(100, aReport(), aNote());
          await store.reports.fingerprint(100, aReport(), 'files 1');
          await store.reports.record(100, aReport({ observedAtMs: 1_001, state }), aNote());
          expect(await files()).toBeUndefined();
          // Nobody has looked at that: the same again, after a crash, must not be taken for something looked at.
          const again = await store.reports.record(100, aReport({ observedAtMs: 1_001, state }), aNote());
          expect(again).toMatchObject({ kind: 'recorded', before: { fingerprint: undefined } });
        },
      );

      test('remembers the files of a revision until the revision changes', async () => {
        const [old, fresh] = ['a'.repeat(40), 'b'.repeat(40)];
        await store.reports.record(100, aReport({ revision: old }), aNote());
        await store.reports.fingerprint(100, aReport({ revision: fresh }), 'of another revision');
        await store.reports.fingerprint(100, aReport({ revision: old, state: 'degraded' }), 'of another state');
        expect((await store.reports.of(100, 'web'))[0]?.fingerprint).toBeUndefined();
        await store.reports.fingerprint(100, aReport({ revision: old }), 'files 1');
        await store.reports.record(100, aReport({ revision: old, observedAtMs: 1_001 }), aNote());
        expect((await store.reports.of(100, 'web'))[0]?.fingerprint).toBe('files 1');
        const recorded = await store.reports.record(100, aReport({ revision: fresh, observedAtMs: 1_002 }), aNote());
        expect(recorded).toMatchObject({ before: { fingerprint: 'files 1' } });
        expect((await store.reports.of(100, 'web'))[0]?.fingerprint).toBeUndefined();
      });
    });

    describe('repos', () => {
      test('finds a repo by id and by name in any case, with its newest installation and name', async () => {
        await store.repos.put(repo);
        expect(await store.repos.byName('aCME/conFIG')).toEqual(repo);
        const renamed = { ...repo, name: 'Settings', installationId: 8 };
        await store.repos.put(renamed);
        expect(await store.repos.byId(100)).toStrictEqual(renamed);
        expect(await store.repos.byName('acme/config')).toBeUndefined();
        expect(await store.repos.byName('acme/settings')).toEqual(renamed);
        expect(await store.repos.byId(101)).toBeUndefined();
        expect(await store.repos.all()).toEqual([renamed]);
      });

      test('a name belongs to the repo that was seen with it last', async () => {
        await store.repos.put(repo);
        await store.repos.put({ ...repo, id: 101 });
        expect((await store.repos.byName('acme/config'))?.id).toBe(101);
        await store.repos.put(repo);
        expect((await store.repos.byName('acme/config'))?.id).toBe(100);
      });

      test('keeps facts over a restart', async () => {
        expect(await store.repos.fact(100, 'swept')).toBeUndefined();
        await store.repos.setFact(100, 'swept', '1');
        await store.repos.setFact(100, 'swept', '2');
        await store.repos.setFact(101, 'swept', 'of another repo');
        await restart();
        expect(await store.repos.fact(100, 'swept')).toBe('2');
      });

      test('forgets everything of a removed repo and nothing of others', async () => {
        const other = { ...repo, id: 101, name: 'other' };
        for (const one of [repo, other]) {
          await store.repos.put(one);
          await store.repos.setFact(one.id, 'swept', '1');
          await store.reports.record(one.id, aReport(), aNote());
          await store.journal.opened(one.id, 'web in staging', 1, 1_000);
          await store.journal.decided(one.id, 'web', '{}', 1_000);
        }
        await store.repos.remove(100);
        expect(await store.repos.all()).toEqual([other]);
        expect([await store.repos.fact(100, 'swept'), await store.repos.fact(101, 'swept')]).toEqual([undefined, '1']);
        expect([await store.reports.all(100), await store.reports.of(100, 'web')]).toEqual([[], []]);
        expect(await store.reports.all(101)).toHaveLength(1);
        expect([await store.journal.openedSince(100, 0), await store.journal.openedSince(101, 0)]).toEqual([0, 1]);
        expect([await store.journal.decisions(100), await store.journal.decisions(101)]).toMatchObject([[], [{}]]);
      });
    });

    describe('journal', () => {
      test('counts the pull requests opened since a time, each once', async () => {
        await store.journal.opened(100, 'web in staging', 1, 1_000);
        await store.journal.opened(100, 'api in staging', 2, 2_000);
        await store.journal.opened(100, 'api in staging', 2, 3_000);
        await store.journal.opened(101, 'web in staging', 1, 2_000);
        await restart();
        expect(await store.journal.openedSince(100, 1_000)).toBe(2);
        expect(await store.journal.openedSince(100, 1_001)).toBe(1);
        expect(await store.journal.openedSince(100, 2_001)).toBe(0);
      });

      test('keeps the last decision of every application', async () => {
        await store.journal.decided(100, 'web', '{"n":1}', 1_000);
        await store.journal.decided(100, 'web', '{"n":2}', 2_000);
        await store.journal.decided(100, 'api', '{"n":3}', 1_500);
        await store.journal.decided(101, 'web', '{"n":4}', 1_500);
        await restart();
        expect(await store.journal.decisions(100)).toEqual([
          { application: 'api', decision: '{"n":3}', atMs: 1_500 },
          { application: 'web', decision: '{"n":2}', atMs: 2_000 },
        ]);
      });
    });

    test('is ready while it is open; closed, it is not ready and refuses to write', async () => {
      expect(await store.ready()).toBe(true);
      await store.close();
      expect(await store.ready()).toBe(false);
      await expect(store.inbox.add(aDelivery())).rejects.toThrow('closed');
      await store.close();
    });

    test('what was being written when it was closed is kept', async () => {
      const adding = store.inbox.add(aDelivery());
      await store.close();
      expect(await adding).toBe('added');
      await restart();
      expect(await store.inbox.waiting()).toBe(1);
    });
  });
}

type QueueStep =
  | { readonly kind: 'add'; readonly application: string; readonly dueAtMs: number; readonly cause: string }
  | { readonly kind: 'take'; readonly nowMs: number }
  | { readonly kind: 'done' | 'bury'; readonly pick: number }
  | { readonly kind: 'retry'; readonly pick: number; readonly dueAtMs: number }
  | { readonly kind: 'restart' };

const timeMs = fc.integer({ min: 0, max: 20 });
const pick = fc.nat({ max: 5 });

const queueStep: fc.Arbitrary<QueueStep> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      application: fc.constantFrom('a', 'b', 'c'),
      dueAtMs: timeMs,
      cause: fc.constantFrom('p', 'q', 'r'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('take' as const), nowMs: timeMs }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('done' as const, 'bury' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('retry' as const), pick, dueAtMs: timeMs }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

interface Waiting {
  readonly dueAtMs: number;
  readonly attempts: number;
  readonly causes: readonly string[];
}

/** The queue's rules in a few lines of plain maps. */
function queueModel() {
  const queued = new Map<string, Waiting>();
  const held = new Map<string, Waiting & { readonly key: string }>();
  const free = () => [...queued].filter(([name]) => !held.has(name));
  return {
    queued,
    held,
    add(application: string, row: Waiting): void {
      const known = queued.get(application);
      queued.set(application, known === undefined ? row : join(row, known, known.attempts));
    },
    putBack(application: string, dueAtMs: number): void {
      const row = held.get(application);
      held.delete(application);
      if (row === undefined) return;
      const back = { dueAtMs, attempts: row.attempts + 1, causes: row.causes };
      const behind = queued.get(application);
      queued.set(application, behind === undefined ? back : join(behind, back, back.attempts));
    },
    /** Applications that may be taken next: due, nothing of theirs in hand, and none is due earlier. */
    next(nowMs: number): readonly string[] {
      const due = free().filter(([, row]) => row.dueAtMs <= nowMs);
      const first = Math.min(...due.map(([, row]) => row.dueAtMs));
      return due.filter(([, row]) => row.dueAtMs === first).map(([name]) => name);
    },
    nextDueMs(): number | undefined {
      const times = free().map(([, row]) => row.dueAtMs);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

type QueueModel = ReturnType<typeof queueModel>;

function join(newer: Waiting, older: Waiting, attempts: number): Waiting {
  return {
    dueAtMs: Math.min(newer.dueAtMs, older.dueAtMs),
    attempts,
    causes: [...new Set([...newer.causes, ...older.causes])],
  };
}

async function playStep(step: QueueStep, store: Store, model: QueueModel, opened: TestStore): Promise<Store> {
  switch (step.kind) {
    case 'add':
      await store.queue.add(aJob(step.application), step.dueAtMs, step.cause);
      model.add(step.application, { dueAtMs: step.dueAtMs, attempts: 0, causes: [step.cause] });
      break;
    case 'take':
      compareTake(await store.queue.take(step.nowMs), step.nowMs, model);
      break;
    case 'restart': {
      const again = await opened.reopen();
      for (const [application, row] of [...model.held]) model.putBack(application, row.dueAtMs);
      return again;
    }
    default:
      await settle(step, store, model);
  }
  expect(await store.queue.nextDueMs()).toBe(model.nextDueMs());
  return store;
}

function compareTake(taken: TakenJob | undefined, nowMs: number, model: QueueModel): void {
  const allowed = model.next(nowMs);
  if (taken === undefined) {
    expect(allowed).toEqual([]);
    return;
  }
  const { application } = taken.job;
  expect(allowed).toContain(application);
  const row = model.queued.get(application);
  expect({ attempts: taken.attempts, causes: taken.causes }).toEqual({ attempts: row?.attempts, causes: row?.causes });
  if (row !== undefined) model.held.set(application, { ...row, key: taken.key });
  model.queued.delete(application);
}

async function settle(step: Extract<QueueStep, { pick: number }>, store: Store, model: QueueModel): Promise<void> {
  const held = [...model.held];
  const [application, row] = held[step.pick % Math.max(1, held.length)] ?? ['none', undefined];
  if (row === undefined) return;
  if (step.kind === 'retry') {
    await store.queue.retry(row.key, step.dueAtMs, 'again');
    model.putBack(application, step.dueAtMs);
    return;
  }
  if (step.kind === 'done') await store.queue.done(row.key);
  else await store.queue.bury(row.key, 'given up', 1);
  model.held.delete(application);
}

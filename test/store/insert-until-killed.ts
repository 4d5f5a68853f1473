import { openStore } from '../../src/store/index.ts';

/** Started as a process of its own: adds deliveries to the database it is given until somebody kills it. */
export const insertUntilKilled = import.meta.filename;

/** Adds in flight at once, so that transactions hold several. */
const lanes = 8;

if (process.argv[1] === insertUntilKilled) {
  const store = openStore({ file: process.argv[2] ?? '' });
  await Promise.all(Array.from({ length: lanes }, (_, lane) => insertForEver(lane)));

  async function insertForEver(lane: number): Promise<never> {
    for (let count = 0; ; count += 1) {
      const id = `${lane}-${count}`;
      await store.inbox.add({
        id,
        origin: 'github',
        event: 'push',
        line: 'acme/config',
        bodyHash: 'aa',
        receivedAtMs: 1,
        instance: undefined,
        payload: { padding: 'x'.repeat(500) },
      });
      process.stdout.write(`${id}\n`);
    }
  }
}

import { pino } from 'pino';
import { filesOnDisk, readSettings, type Settings } from './environment.ts';
import { StoreError } from './store/sqlite.ts';
import { buildSystem, type System } from './system.ts';

/** Exit code for settings that cannot be used, as in sysexits.h: starting again without a change does not help. */
const badSettingsCode = 78;

/**
 * Longest time a stopping process waits for what it is in the middle of; the rest is found again in the store. With closing the
 * store it ends within the ten seconds that orchestrators give at the least.
 */
const stopDeadlineMs = 8_500;

const read = readSettings(process.env, filesOnDisk);
if (read.ok) await run(read.settings);
else refuseToStart(read.problems);

function refuseToStart(problems: readonly string[]): never {
  for (const problem of problems) process.stderr.write(`pawl: ${problem}\n`);
  process.exit(badSettingsCode);
}

async function run(settings: Settings): Promise<void> {
  const logger = pino({ level: settings.logLevel });
  const system = startSystem(settings, logger);
  const { port } = await system.front.start().catch((error: Error) => {
    return refuseToStart([
      `The address ${settings.host}:${settings.port} cannot be had: ${error.message}. Set HOST and PORT to a free one.`,
    ]);
  });
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  logger.info({ url: `http://${host}:${port}` }, 'Pawl answers.');
  system.decider.warmUp();
  system.worker.start();
  stopOnSignal(system, logger);
}

function startSystem(settings: Settings, logger: pino.Logger): System {
  try {
    return buildSystem(settings, logger);
  } catch (error) {
    if (error instanceof StoreError) return refuseToStart([error.message]);
    throw error;
  }
}

/** The same for both signals: take nothing more in, finish or hand back what is in hand, close the store. */
function stopOnSignal(system: System, logger: pino.Logger): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'Pawl stops.');
    await Promise.all([system.front.stop(stopDeadlineMs), system.worker.stop(stopDeadlineMs)]);
    await system.store.close();
    await system.decider.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal));
}

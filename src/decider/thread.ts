import { parentPort } from 'node:worker_threads';
import { decide } from './in-process.ts';
import type { Answer, Question } from './worker-decider.ts';

// The YAML parser asks the environment with every token whether to log it. A plain copy answers seven times as fast, which is a
// tenth of a decision; nothing in this thread changes the environment.
process.env = { ...process.env };

parentPort?.on('message', (question: Question) => {
  parentPort?.postMessage(answer(question));
});

function answer(question: Question): Answer {
  try {
    const value = question.kind === 'config' ? decide.readConfig(question.text) : decide.plan(question.snapshot);
    return { id: question.id, ok: true, value };
  } catch (error) {
    return {
      id: question.id,
      ok: false,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

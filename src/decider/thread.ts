import { parentPort } from 'node:worker_threads';
import { decide } from './in-process.ts';
import type { Answer, Question } from './worker-decider.ts';

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

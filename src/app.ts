import type { ApplicationFunction } from 'probot';
import type { LoopContext } from './reconcile/context.ts';
import { takeGithubEvent, understoodEvents } from './reconcile/deliveries.ts';

/** What Probot is given: every event that is understood goes to the loop, which records it and acts later. */
export function createApp(context: LoopContext): ApplicationFunction {
  return (probot) => {
    probot.onAny(async ({ name, payload }) => {
      if (understoodEvents.includes(name)) await takeGithubEvent(name, payload, context);
    });
  };
}

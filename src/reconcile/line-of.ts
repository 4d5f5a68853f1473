import { z } from 'zod';
import type { Delivery } from '../ports/store.ts';
import { syncSources } from '../sources/index.ts';

/** What the projection of a GitHub event says of what it is about: one repo, or all of an installation's. */
const about = z.object({
  repository: z.object({ full_name: z.string() }).optional(),
  installation: z.object({ id: z.number() }).optional(),
});

/**
 * The line of a delivery. All about one repo is one line, whoever tells it: a repo for which GitHub is slow to answer then keeps
 * nobody waiting but itself, and what happened to it is understood in order. Never throws.
 */
export function lineOf(delivery: Omit<Delivery, 'line'>): string {
  return delivery.origin === 'github' ? lineOfEvent(delivery) : lineOfReport(delivery);
}

function lineOfEvent({ origin, payload }: Omit<Delivery, 'line'>): string {
  const { repository, installation } = about.safeParse(payload).data ?? {};
  if (repository !== undefined) return repository.full_name.toLowerCase();
  return installation === undefined ? origin : `installation ${installation.id}`;
}

/** A body about several repos is in the line of the first. */
function lineOfReport(delivery: Omit<Delivery, 'line'>): string {
  const { origin, payload, instance, receivedAtMs } = delivery;
  const source = origin === 'flux' ? syncSources.flux : syncSources.argocd;
  const understood = source.parse({ payload, repository: undefined, instance, receivedAtMs });
  const [first] = 'reports' in understood ? understood.reports : [];
  return first === undefined ? origin : first.repository.split('/').slice(-2).join('/');
}

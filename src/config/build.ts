import type { ApplicationRule, Config, Limits, PromoteRule, Recogniser } from './config.ts';
import type { ApplicationDraft, Draft, SyncDraft } from './draft.ts';
import { inPromotionOrder } from './environments.ts';
import type { MistakeAt, Path } from './mistake.ts';
import type { Registries } from './registries.ts';
import { defaultLimits } from './schema.ts';

/** The configuration of a file that has no mistakes. `lineOf` gives the line of a path, for messages later on. */
export function buildConfig(draft: Draft, registries: Registries, lineOf: (path: Path) => number): Config {
  return {
    environments: inPromotionOrder(draft.environments).map(({ name, after, targets, found, branch, repo }) => ({
      name,
      after: after.map((parent) => parent.name),
      targets: targets?.map((target) => target.name) ?? (found === undefined ? [name] : []),
      found,
      namesTargets: targets !== undefined || found !== undefined,
      branch,
      repo,
    })),
    applications: draft.applications.flatMap((application) => buildRule(application, { registries, lineOf }) ?? []),
    recognisers: draft.syncs.map((sync) => buildRecogniser(sync, registries)),
    limits: buildLimits(draft.limits),
    withdrawAfterMs: draft.withdrawAfterMs,
    feeds: draft.feeds,
    groups: draft.groups.map(({ name, applications, batch }) => ({ name, applications, batch })),
  };
}

interface Built {
  readonly registries: Registries;
  readonly lineOf: (path: Path) => number;
}

function buildRule(
  { path, name, folder, promote, order }: ApplicationDraft,
  { registries, lineOf }: Built,
): ApplicationRule | undefined {
  if (folder === undefined) return undefined;
  const rules = promote.flatMap(({ draft }): readonly PromoteRule[] => {
    if (draft === undefined) return [];
    const { editor, where, file, wholeFiles, create } = draft;
    return [{ editor, where, file, wholeFiles, create, companion: registries.editors[editor]?.companion?.file }];
  });
  const steps =
    order && inPromotionOrder(order).map((step) => ({ name: step.name, after: step.after.map((one) => one.name) }));
  return { name, path: folder, promote: rules, order: steps, line: lineOf(path) };
}

function buildRecogniser(sync: SyncDraft, registries: Registries): Recogniser {
  return {
    source: sync.source,
    fields: sync.fields,
    senders: registries.sources[sync.source].event === undefined ? undefined : (sync.senders ?? []),
    everyApplication: sync.everyApplication,
    everyTarget: sync.everyTarget,
  };
}

function buildLimits(limits: Draft['limits']): Limits {
  const newPullRequestsPerHour = limits.newPullRequestsPerHour ?? defaultLimits.newPullRequestsPerHour;
  return {
    openPullRequests: limits.openPullRequests ?? defaultLimits.openPullRequests,
    newPullRequestsPerHour,
    newPullRequestsFirstHour:
      limits.newPullRequestsFirstHour ?? Math.min(defaultLimits.newPullRequestsFirstHour, newPullRequestsPerHour),
  };
}

/** The first hour is the careful one. */
export function limitMistakes({ limits }: Draft): readonly MistakeAt[] {
  const { newPullRequestsFirstHour: first, newPullRequestsPerHour = defaultLimits.newPullRequestsPerHour } = limits;
  if (first === undefined || !Number.isInteger(first) || first <= newPullRequestsPerHour) return [];
  return [
    {
      path: ['limits', 'newPullRequestsFirstHour'],
      at: 'value',
      message: `The first hour allows ${first} pull requests, any other hour ${newPullRequestsPerHour}.`,
      hint: 'Write no more than `newPullRequestsPerHour`.',
    },
  ];
}

import type { ApplicationSpec, Config } from '../config/config.ts';
import { groupNamed, groupSpec, membersOf } from '../config/groups.ts';
import { applicationOf, takenName } from '../config/lanes.ts';
import { describeProblem } from '../domain/problem.ts';
import type { Job, StoredReport } from '../ports/store.ts';
import type { LoopContext } from './context.ts';
import { listingFor } from './listing.ts';
import { applicationsAmong, ownTrees } from './own-trees.ts';

/** The application of a job, or the members of a group under its name. */
export interface Subject {
  readonly spec: ApplicationSpec | undefined;
  readonly members: readonly string[];
  readonly reports: readonly StoredReport[];
  /** Why it cannot be told for certain what belongs to it; undefined when it can. */
  readonly unlisted: string | undefined;
}

/** What a job is about, with everything reported about it. Members of a group are those the repo shows. Throws `HostError`. */
export async function subjectOf(job: Job, config: Config, context: LoopContext): Promise<Subject> {
  const group = groupNamed(config, job.application);
  if (group === undefined) return oneSubject(job, config, context);
  const applications = await shownApplications(job, config, context);
  const members = membersOf(config, group, applications);
  const subjects: Subject[] = [];
  for (const application of members) subjects.push(await oneSubject({ ...job, application }, config, context));
  const reports = new Map(
    subjects.flatMap((one) => one.reports.map((stored) => [stored.report.subject, stored] as const)),
  );
  const specs = subjects.flatMap(({ spec }) => spec ?? []);
  return {
    spec: specs.length === 0 ? undefined : groupSpec(group.name, specs),
    members,
    reports: [...reports.values()],
    unlisted: applications.includes(group.name)
      ? describeProblem(takenName(group))
      : subjects.find(({ unlisted }) => unlisted !== undefined)?.unlisted,
  };
}

/** Those the repo shows; of a list that GitHub cut the ones that reports name too. */
async function shownApplications({ repo }: Job, config: Config, context: LoopContext): Promise<readonly string[]> {
  const trees = await ownTrees(repo, config, context);
  const shown = applicationsAmong(trees, config);
  if (trees.every(({ tree }) => tree.complete)) return shown;
  const reports = await context.store.reports.all(repo.id);
  const named = reports.flatMap(({ applications }) => applications.filter((name) => name !== '*'));
  return [...new Set([...shown, ...named])];
}

async function oneSubject(job: Job, config: Config, context: LoopContext): Promise<Subject> {
  const reports = await context.store.reports.of(job.repo.id, job.application);
  const listed = await listingFor({ job, config, reports }, context);
  const spec = applicationOf(config, job.application, listed.ok ? listed.listing : undefined);
  return { spec, members: [job.application], reports, unlisted: listed.ok ? undefined : listed.why };
}

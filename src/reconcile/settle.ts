import type { Files } from '../domain/file-state.ts';
import { passedOnFrom } from '../domain/passed-on.ts';
import type { Repo } from '../domain/repo.ts';
import type { Report } from '../domain/report.ts';
import type { Job } from '../ports/store.ts';
import type { Snapshot } from '../promotion/snapshot.ts';
import type { LoopContext } from './context.ts';
import { fingerprintOf, offBranch } from './fingerprint.ts';
import type { Observed } from './observe.ts';

type Looked = Extract<Observed, { readonly kind: 'snapshot' }>;

/**
 * Notes that these reports were looked at, and what their files hold: the same report again, or a later revision with the same
 * files, then costs nothing. Only after everything was carried out, so that nothing unfinished is taken for done.
 */
export async function settle(job: Job, { snapshot, looked }: Looked, context: LoopContext): Promise<void> {
  const read = filesByRevision(snapshot);
  // A name that fits a pattern and has no files: whatever else is told about it, there is nothing to look at until it has some.
  const absent = snapshot.spec === undefined ? noFiles : undefined;
  const away = subjectsOffBranch(snapshot);
  for (const { report, applications } of looked) {
    if (applications.includes('*')) continue;
    if (away.has(report.subject)) await context.store.reports.fingerprint(job.repo.id, report, offBranch);
    const { revision } = report;
    const oids = revision === undefined ? undefined : (read.get(revision) ?? absent);
    if (revision === undefined || oids === undefined) continue;
    const files = await repoOfFiles(job, report, context);
    if (files !== undefined) context.trees.resolve(files, revision, oids);
    const fingerprint = fingerprintOf(snapshot.config, report, { revision, oids, complete: true });
    if (fingerprint !== undefined) {
      await context.store.reports.fingerprint(job.repo.id, report, fingerprint);
    }
  }
}

/** The repo that has the files a report is about. */
async function repoOfFiles({ repo }: Job, report: Report, { store }: LoopContext): Promise<Repo | undefined> {
  const from = passedOnFrom(report);
  return from === undefined ? repo : store.repos.byName(from);
}

/** Those whose revision the environment's branch does not have; whether the repo has it at all makes no difference. */
function subjectsOffBranch(snapshot: Snapshot): ReadonlySet<string> {
  const targets = snapshot.environments.flatMap((environment) => environment.targets);
  const away = targets.filter(({ synced }) => synced === undefined || !synced.onBranch);
  return new Set(away.flatMap(({ evidence }) => (evidence === undefined ? [] : [evidence.report.subject])));
}

const noFiles: ReadonlyMap<string, string> = new Map();

function filesByRevision(snapshot: Snapshot): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const read = new Map<string, Map<string, string>>();
  for (const { evidence, synced } of snapshot.environments.flatMap(({ targets }) => targets)) {
    const revision = evidence?.report.revision;
    // A revision that is not on its branch may be merged later: it is looked at again.
    if (revision === undefined || synced === undefined || !synced.onBranch) continue;
    const oids = read.get(revision) ?? new Map<string, string>();
    for (const [path, oid] of oidsOf(synced.files)) oids.set(path, oid);
    read.set(revision, oids);
  }
  return read;
}

function oidsOf(files: Files): readonly (readonly [string, string])[] {
  return Object.entries(files).flatMap(([path, file]) => (file.kind === 'text' ? [[path, file.oid] as const] : []));
}

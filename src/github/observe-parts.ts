import type { Repo } from '../domain/repo.ts';
import type { LaneQuery, ObserveQuery, RevisionQuery } from '../ports/git-host.ts';
import { HostError } from '../ports/git-host.ts';
import { type FilesRead, type FilesWanted, recall } from './commit-files.ts';
import { branchesOf, type LanePart } from './lane-reads.ts';
import type { Memory } from './memory.ts';

/** One thing that an observation reads. A document holds several. */
export type Part =
  | { readonly kind: 'head'; readonly wanted: FilesWanted }
  | { readonly kind: 'revision'; readonly prefix: string; readonly revision: string; readonly wanted: FilesWanted }
  | ({ readonly kind: 'lane' } & LanePart);

/** A revision with what memory holds of it, and what is left to ask. */
export interface RevisionPlan {
  readonly revision: string;
  readonly known: FilesRead;
  readonly missing: FilesWanted;
}

export interface ReadPlan {
  readonly revisions: readonly RevisionPlan[];
  /** Parts of each document. One, unless the repo wants very many files at once. */
  readonly documents: readonly (readonly Part[])[];
}

/** Files and folders one document reads: GitHub answers about as many well within its ten seconds. */
export const documentFilesMax = 250;

/** Documents of one observation: 2,000 files. An application with more has to be split. */
export const documentsMax = 8;

/** Merges of a lane whose files are read: of a lane that was never looked at all of them at once, later only the newest. */
export const mergesMax = 5;

/** Decides what is asked, in which documents: all of it in one wherever it fits. */
export function planReads(memory: Memory, repo: Repo, query: ObserveQuery): ReadPlan {
  const revisions = joined(query.revisions).map(({ revision, ...wanted }) => ({
    revision,
    ...recall(memory, { repo, commit: revision }, wanted),
  }));
  const parts: readonly Part[] = [
    ...split({ paths: query.paths, folders: query.folders }).map((wanted) => ({ kind: 'head', wanted }) as const),
    ...revisions.filter(isAsked).flatMap(revisionParts),
    ...query.lanes.map((lane, index) => lanePart(memory, repo, { lane, index })),
  ];
  const documents = pack(parts);
  if (documents.length <= documentsMax) return { revisions, documents };
  const files = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  throw new HostError(
    'refused',
    `One decision would have to read ${files} files, more than ${documentFilesMax * documentsMax}`,
  );
}

/** A revision is asked for when something of it is missing, or nothing is known that would prove it exists. */
function isAsked({ known, missing }: RevisionPlan): boolean {
  const knownCount = Object.keys(known.files).length + Object.keys(known.folders).length;
  return knownCount === 0 || missing.paths.length + missing.folders.length > 0;
}

/** One entry for each revision, whatever was wanted of it how often. */
function joined(queries: readonly RevisionQuery[]): readonly RevisionQuery[] {
  const byRevision = Map.groupBy(queries, ({ revision }) => revision);
  return [...byRevision].map(([revision, same]) => ({
    revision,
    paths: [...new Set(same.flatMap(({ paths }) => paths))],
    folders: [...new Set(same.flatMap(({ folders }) => folders))],
  }));
}

function revisionParts({ revision, missing }: RevisionPlan, index: number): readonly Part[] {
  const pieces = split(missing);
  return pieces.map((wanted, piece) => ({ kind: 'revision', prefix: `r${index}x${piece}`, revision, wanted }));
}

/** In pieces that fit in one document each; at least one piece. */
function split({ paths, folders }: FilesWanted): readonly FilesWanted[] {
  const pieces: FilesWanted[] = [];
  const all = [...paths.map((path) => ({ path, folder: false })), ...folders.map((path) => ({ path, folder: true }))];
  for (let from = 0; from === 0 || from < all.length; from += documentFilesMax) {
    const piece = all.slice(from, from + documentFilesMax);
    pieces.push({
      paths: piece.filter(({ folder }) => !folder).map(({ path }) => path),
      folders: piece.filter(({ folder }) => folder).map(({ path }) => path),
    });
  }
  return pieces;
}

function lanePart(
  memory: Memory,
  repo: Repo,
  { lane, index }: { readonly lane: LaneQuery; readonly index: number },
): Part {
  const [own, spare] = branchesOf(lane);
  const settled = memory.settled.get(settledKey(repo, own)) === true;
  const wanted = lane.paths.length === 0 ? 0 : settled ? 1 : mergesMax;
  // Of a lane with very many files merges are read by themselves: one document holds no more than GitHub answers in time.
  const room = documentFilesMax - 2 - 3 * lane.paths.length;
  const mergesRead = Math.max(0, Math.min(wanted, Math.floor(room / (2 * Math.max(1, lane.paths.length)))));
  const branches = [
    { name: own, mergesRead },
    { name: spare, mergesRead: 0 },
  ];
  return { kind: 'lane', query: lane, prefix: `l${index}`, branches };
}

export function settledKey(repo: Repo, branch: string): string {
  return `${repo.id} ${branch}`;
}

/** Files a part makes GitHub look up. */
function sizeOf(part: Part): number {
  if (part.kind !== 'lane') return part.wanted.paths.length + part.wanted.folders.length;
  const merges = part.branches.reduce((sum, { mergesRead }) => sum + mergesRead, 0);
  return 2 + part.query.paths.length * (1 + part.branches.length + 2 * merges);
}

function pack(parts: readonly Part[]): readonly (readonly Part[])[] {
  const documents: Part[][] = [[]];
  let size = 0;
  for (const part of parts) {
    const current = documents.at(-1) ?? [];
    if (current.length > 0 && size + sizeOf(part) > documentFilesMax) {
      documents.push([part]);
      size = sizeOf(part);
    } else {
      current.push(part);
      size += sizeOf(part);
    }
  }
  return documents;
}

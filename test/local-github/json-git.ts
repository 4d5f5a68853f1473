import { accountByEmail } from './accounts.ts';
import { isVerified } from './commits.ts';
import { isoTime, repositoryPage, repositoryUrl, userJson } from './json-repo.ts';
import { nodeId } from './node-id.ts';
import type { Commit, Oid, Signature, TreeEntry } from './object-store.ts';
import type { Repo } from './repos.ts';
import type { World } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

const msPerSecond = 1000;

function verificationJson(world: World, commit: Commit): Json {
  const verified = isVerified(world, commit);
  const reason = verified ? 'valid' : commit.signature === undefined ? 'unsigned' : 'invalid';
  return {
    verified,
    reason,
    signature: commit.signature ?? null,
    payload: commit.signature === undefined ? null : commit.signed,
    verified_at: verified ? isoTime(Math.floor(commit.committer.atMs / msPerSecond) * msPerSecond) : null,
  };
}

function personJson(person: Signature): Json {
  return { name: person.name, email: person.email, date: isoTime(person.atMs) };
}

export function commitPage(world: World, repo: Repo, oid: Oid): string {
  return `${repositoryPage(world, repo)}/commit/${oid}`;
}

/** A commit as the Git database API shows it. */
export function gitCommitJson(world: World, repo: Repo, oid: Oid): Json {
  const commit = repo.store.commit(oid);
  const url = `${repositoryUrl(world, repo)}/git`;
  return {
    sha: oid,
    node_id: nodeId('C', repo.id, oid),
    url: `${url}/commits/${oid}`,
    html_url: commitPage(world, repo, oid),
    author: personJson(commit.author),
    committer: personJson(commit.committer),
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    message: commit.message.trimEnd(),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: commitPage(world, repo, sha),
    })),
    verification: verificationJson(world, commit),
  };
}

/** A commit as lists and the `status` webhook show it. */
export function commitListJson(world: World, repo: Repo, oid: Oid): Json {
  const commit = repo.store.commit(oid);
  const url = `${repositoryUrl(world, repo)}/commits/${oid}`;
  const account = (person: Signature): Json | null => {
    const known = accountByEmail(world, person.email);
    return known ? userJson(world, known) : null;
  };
  const { author, committer, tree, message, verification } = gitCommitJson(world, repo, oid);
  return {
    sha: oid,
    node_id: nodeId('C', repo.id, oid),
    url,
    html_url: commitPage(world, repo, oid),
    comments_url: `${url}/comments`,
    commit: {
      author,
      committer,
      tree,
      message,
      verification,
      comment_count: 0,
      url: `${repositoryUrl(world, repo)}/git/commits/${oid}`,
    },
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repositoryUrl(world, repo)}/commits/${sha}`,
      html_url: commitPage(world, repo, sha),
    })),
  };
}

/** `blob`, `tree` or, for a submodule, `commit`. */
export function entryType(entry: Pick<TreeEntry, 'mode'>): 'blob' | 'tree' | 'commit' {
  if (entry.mode === '40000') return 'tree';
  return entry.mode === '160000' ? 'commit' : 'blob';
}

export function treeEntryJson(world: World, repo: Repo, entry: TreeEntry & { readonly path: string }): Json {
  const type = entryType(entry);
  const shared = { path: entry.path, mode: entry.mode.padStart(6, '0'), type, sha: entry.oid };
  const url = `${repositoryUrl(world, repo)}/git/${type}s/${entry.oid}`;
  if (type === 'commit') return shared;
  return type === 'blob' ? { ...shared, size: repo.store.read(entry.oid)?.data.length ?? 0, url } : { ...shared, url };
}

export function refJson(world: World, repo: Repo, name: string, oid: Oid): Json {
  const url = `${repositoryUrl(world, repo)}/git`;
  return {
    ref: name,
    node_id: nodeId('REF', repo.id, name),
    url: `${url}/${name}`,
    object: { sha: oid, type: 'commit', url: `${url}/commits/${oid}` },
  };
}

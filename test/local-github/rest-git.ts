import { accountOf } from './accounts.ts';
import { resolveCommit } from './checks.ts';
import { demandWorkflows, gitHubSignature, isFilePath, signatureOf, signed, writeCommit } from './commits.ts';
import { type Fields, fieldsList, inner, optionalText, optionalTime, text, texts, truth } from './fields.ts';
import { entryType, gitCommitJson, refJson, treeEntryJson } from './json-git.ts';
import { repositoryPage, repositoryUrl } from './json-repo.ts';
import { nodeId } from './node-id.ts';
import type { CommitParts, Oid, Signature } from './object-store.ts';
import { createRef, deleteRef, readRef, updateRef } from './refs.ts';
import type { Repo } from './repos.ts';
import { onRepo, type RestAnswer, type RestRequest, type Route } from './rest.ts';
import { forbidden, notFound, unprocessable } from './rule-error.ts';
import type { Scope } from './scope.ts';
import { editTree, entryAt, type FileEntry, isTree, type TreeEdit, walkTree } from './trees.ts';

const reads = ['contents'];
const writes = { reads, level: 'write' } as const;

export const gitRoutes: readonly Route[] = [
  onRepo('GET', '/git/trees/{tree_sha}', { reads, query: ['recursive'], run: getTree }),
  onRepo('POST', '/git/trees', { ...writes, body: ['base_tree', 'tree'], run: createTree }),
  onRepo('POST', '/git/blobs', { ...writes, body: ['content', 'encoding'], run: createBlob }),
  onRepo('GET', '/git/blobs/{file_sha}', { reads, run: getBlob }),
  onRepo('POST', '/git/commits', {
    ...writes,
    body: ['message', 'tree', 'parents', 'author', 'committer'],
    run: createCommit,
  }),
  onRepo('GET', '/git/commits/{commit_sha}', { reads, run: getCommit }),
  onRepo('GET', '/git/ref/{ref}', { reads, run: getRef }),
  onRepo('POST', '/git/refs', {
    ...writes,
    body: ['ref', 'sha'],
    run: (scope, repo, { body }) => {
      const [name, oid] = [text(body, 'ref'), text(body, 'sha')];
      createRef(scope, repo, name, oid);
      return { status: 201, body: refJson(scope.world, repo, name, oid) };
    },
  }),
  onRepo('PATCH', '/git/refs/{ref}', {
    ...writes,
    body: ['sha', 'force'],
    run: (scope, repo, { body, params }) => {
      const update = { name: `refs/${params['ref']}`, oid: text(body, 'sha'), force: truth(body, 'force') };
      updateRef(scope, repo, update);
      return { status: 200, body: refJson(scope.world, repo, update.name, update.oid) };
    },
  }),
  onRepo('DELETE', '/git/refs/{ref}', {
    ...writes,
    run: (scope, repo, { params }) => {
      deleteRef(scope, repo, `refs/${params['ref']}`);
      return { status: 204 };
    },
  }),
  onRepo('GET', '/contents/{path}', { reads, query: ['ref'], run: getContents }),
];

function getRef(scope: Scope, repo: Repo, { params }: RestRequest): RestAnswer {
  const name = `refs/${params['ref']}`;
  const oid = readRef(scope, repo, name);
  if (oid === undefined) throw notFound('No such ref');
  return { status: 200, body: refJson(scope.world, repo, name, oid) };
}

/** A tree by its own id, by a commit's or by a branch's name. */
function treeOid(scope: Scope, repo: Repo, text: string): Oid {
  const oid = readRef(scope, repo, `refs/heads/${text}`) ?? text;
  const type = repo.store.read(oid)?.type;
  if (type === 'tree') return oid;
  if (type !== 'commit') throw notFound('No such tree');
  return repo.store.commit(oid).tree;
}

function getTree(scope: Scope, repo: Repo, { params, query }: RestRequest): RestAnswer {
  const oid = treeOid(scope, repo, params['tree_sha'] ?? '');
  const max = scope.world.settings.treeEntriesMax;
  const entries: FileEntry[] = [];
  let truncated = false;
  const all =
    query['recursive'] === undefined
      ? repo.store.tree(oid).map((entry) => ({ ...entry, path: entry.name }))
      : walkTree(repo.store, oid);
  for (const entry of all) {
    truncated = entries.length >= max;
    if (truncated) break;
    entries.push(entry);
  }
  const url = `${repositoryUrl(scope.world, repo)}/git/trees/${oid}`;
  return {
    status: 200,
    body: { sha: oid, url, tree: entries.map((entry) => treeEntryJson(scope.world, repo, entry)), truncated },
  };
}

function createTree(scope: Scope, repo: Repo, { body }: RestRequest): RestAnswer {
  const base = optionalText(body, 'base_tree');
  const before = base === undefined ? undefined : treeOid(scope, repo, base);
  const edits = new Map<string, TreeEdit>();
  for (const item of fieldsList(body, 'tree')) {
    const path = text(item, 'path');
    if (!isFilePath(path)) throw unprocessable(`tree.path contains a malformed path component: ${path}`);
    if (item['sha'] === null && (before === undefined || !entryAt(repo.store, before, path)))
      throw unprocessable('GitRPC::BadObjectState');
    edits.set(path, treeEdit(repo, item));
  }
  demandWorkflows(scope, repo, [...edits.keys()]);
  const sha = editTree(repo.store, before, edits);
  const url = `${repositoryUrl(scope.world, repo)}/git/trees/${sha}`;
  const tree = repo.store.tree(sha).map((entry) => treeEntryJson(scope.world, repo, { ...entry, path: entry.name }));
  return { status: 201, body: { sha, url, tree, truncated: false } };
}

/** `sha: null` takes a path away; `content` is text that becomes a blob. */
function treeEdit(repo: Repo, item: Fields): TreeEdit {
  if (item['sha'] === null) return undefined;
  const mode = text(item, 'mode').replace(/^0/, '');
  const content = optionalText(item, 'content');
  if (content !== undefined) return { mode, oid: repo.store.write({ type: 'blob', data: Buffer.from(content) }) };
  const oid = text(item, 'sha');
  const found = repo.store.read(oid)?.type;
  if (mode !== '160000' && found !== entryType({ mode }))
    throw unprocessable(`tree.sha ${oid} is not a valid ${entryType({ mode })}`);
  return { mode, oid };
}

function createBlob(scope: Scope, repo: Repo, { body }: RestRequest): RestAnswer {
  const encoding = optionalText(body, 'encoding') === 'base64' ? 'base64' : 'utf8';
  const sha = repo.store.write({ type: 'blob', data: Buffer.from(text(body, 'content'), encoding) });
  return { status: 201, body: { sha, url: `${repositoryUrl(scope.world, repo)}/git/blobs/${sha}` } };
}

function getBlob(scope: Scope, repo: Repo, { params }: RestRequest): RestAnswer {
  const sha = params['file_sha'] ?? '';
  const object = repo.store.read(sha);
  if (object?.type !== 'blob') throw notFound('No such blob');
  const url = `${repositoryUrl(scope.world, repo)}/git/blobs/${sha}`;
  const content = object.data.toString('base64');
  return {
    status: 200,
    body: { sha, url, node_id: nodeId('B', repo.id, sha), size: object.data.length, content, encoding: 'base64' },
  };
}

function personOf(scope: Scope, given: Fields): Signature {
  return {
    name: text(given, 'name'),
    email: text(given, 'email'),
    atMs: optionalTime(given, 'date') ?? scope.world.now(),
  };
}

/** An App that names no author gets a commit of its bot's, signed by GitHub; whoever names one gets an unsigned commit. */
function createCommit(scope: Scope, repo: Repo, { body }: RestRequest): RestAnswer {
  const parents = texts(body, 'parents');
  const tree = text(body, 'tree');
  if (repo.store.read(tree)?.type !== 'tree') throw unprocessable('Tree SHA does not exist');
  const bad = parents.find((parent) => repo.store.read(parent)?.type !== 'commit');
  if (bad !== undefined) throw unprocessable(`Parent SHA does not exist or is not a commit object: ${bad}`);
  const named = body['author'] !== undefined || body['committer'] !== undefined;
  const own = signatureOf(scope.world, accountOf(scope.actor));
  const author = body['author'] === undefined ? own : personOf(scope, inner(body, 'author'));
  const signs = scope.actor.kind === 'installation' && !named;
  const committer = body['committer'] === undefined ? author : personOf(scope, inner(body, 'committer'));
  const parts: CommitParts = { tree, parents, author, committer, message: text(body, 'message'), signature: undefined };
  const oid = writeCommit(
    repo,
    signs ? signed(scope.world, { ...parts, committer: gitHubSignature(scope.world) }) : parts,
  );
  return { status: 201, body: gitCommitJson(scope.world, repo, oid) };
}

function getCommit(scope: Scope, repo: Repo, { params }: RestRequest): RestAnswer {
  const oid = params['commit_sha'] ?? '';
  if (repo.store.read(oid)?.type !== 'commit') throw notFound('No such commit');
  return { status: 200, body: gitCommitJson(scope.world, repo, oid) };
}

/** Largest file the contents API gives as JSON. */
const contentBytesMax = 1_048_576;

function getContents(scope: Scope, repo: Repo, { params, query }: RestRequest): RestAnswer {
  const ref = optionalText(query, 'ref') ?? repo.defaultBranch;
  const path = (params['path'] ?? '').replace(/\/$/, '');
  const commit = readRef(scope, repo, `refs/heads/${ref}`) ?? resolveOrMissing(repo, ref);
  const entry = entryAt(repo.store, repo.store.commit(commit).tree, path);
  if (!entry) throw notFound('No such file');
  const place = { repo, ref, path };
  if (!isTree(entry))
    return { status: 200, body: { ...contentJson(scope, place, entry), ...fileContent(repo, entry) } };
  const children = repo.store.tree(entry.oid);
  const body = children.map((child) =>
    contentJson(scope, { repo, ref, path: path === '' ? child.name : `${path}/${child.name}` }, child),
  );
  return { status: 200, body };
}

function resolveOrMissing(repo: Repo, ref: string): Oid {
  try {
    return resolveCommit(repo, ref);
  } catch {
    throw notFound(`No commit found for the ref ${ref}`);
  }
}

interface ContentPlace {
  readonly repo: Repo;
  readonly ref: string;
  readonly path: string;
}

function contentType(entry: { readonly mode: string }): string {
  return { '40000': 'dir', '120000': 'symlink', '160000': 'submodule' }[entry.mode] ?? 'file';
}

function contentJson(
  scope: Scope,
  { repo, ref, path }: ContentPlace,
  entry: { readonly mode: string; readonly oid: Oid },
): Fields {
  const api = repositoryUrl(scope.world, repo);
  const folder = isTree({ ...entry, name: '' });
  const url = `${api}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${folder ? 'trees' : 'blobs'}/${entry.oid}`;
  const html = `${repositoryPage(scope.world, repo)}/${folder ? 'tree' : 'blob'}/${encodeURI(ref)}/${encodeURI(path)}`;
  return {
    type: contentType(entry),
    name: path.split('/').at(-1),
    path,
    sha: entry.oid,
    size: folder ? 0 : (repo.store.read(entry.oid)?.data.length ?? 0),
    url,
    git_url: git,
    html_url: html,
    download_url: folder ? null : `${html}?raw=true`,
    _links: { self: url, git, html },
  };
}

function fileContent(repo: Repo, entry: { readonly mode: string; readonly oid: Oid }): Fields {
  const data = repo.store.read(entry.oid)?.data ?? Buffer.alloc(0);
  switch (contentType(entry)) {
    case 'symlink':
      return { target: data.toString('utf8') };
    case 'submodule':
      return { submodule_git_url: 'https://github.com/' };
    default:
      if (data.length > contentBytesMax) throw forbidden('This API returns blobs up to 1 MB in size.');
      return { content: data.toString('base64'), encoding: 'base64' };
  }
}

import { z } from 'zod';

/** One promotion from dev to staging. */
export interface RestOrder {
  readonly url: string;
  /** `owner/name`. */
  readonly repo: string;
  readonly token: string;
  readonly application: string;
  readonly revision: string;
}

const file = z.object({ content: z.string() });
const withSha = z.object({ sha: z.string() });
const ref = z.object({ object: withSha });
const commit = z.object({ tree: withSha });
const pull = z.object({ number: z.number() });

type Ask = <Shape extends z.ZodType>(shape: Shape, path: string, body?: object) => Promise<z.infer<Shape>>;

function asking({ url, repo, token }: RestOrder): Ask {
  return async (shape, path, body) => {
    const answer = await fetch(`${url}/repos/${repo}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
    return shape.parse(await answer.json());
  };
}

/**
 * A promotion as a script does it that keeps nothing in memory and makes one REST call for each thing. It checks less than Pawl:
 * neither that the revision is on the default branch nor what the lane ran before, nor whose commits a branch holds. Answers
 * the number of the pull request.
 */
export async function promoteByRest(order: RestOrder): Promise<number> {
  const { repo, application, revision } = order;
  const ask = asking(order);
  const text = async (path: string, at: string) =>
    Buffer.from((await ask(file, `/contents/${path}?ref=${at}`)).content, 'base64').toString('utf8');
  const path = `apps/${application}/staging/kustomization.yaml`;
  const branch = `by-rest/staging/${application}`;

  const config = await text('.github/pawl.yaml', 'main');
  const source = await text(`apps/${application}/dev/kustomization.yaml`, revision);
  const current = await text(path, 'main');
  const [tag = ''] = /newTag: "[^"]+"/.exec(source) ?? [];
  const open = await ask(z.array(pull), `/pulls?state=open&head=${repo.split('/')[0]}:${branch}`);
  if (!config.includes('staging:') || open[0] !== undefined) throw new Error('There is nothing to do.');

  const { object: head } = await ask(ref, '/git/ref/heads/main');
  const { tree: base } = await ask(commit, `/git/commits/${head.sha}`);
  const content = current.replace(/newTag: "[^"]+"/, tag);
  const blob = await ask(withSha, '/git/blobs', { content, encoding: 'utf-8' });
  const entry = { path, mode: '100644', type: 'blob', sha: blob.sha };
  const tree = await ask(withSha, '/git/trees', { base_tree: base.sha, tree: [entry] });
  const message = `Promote ${application} to staging`;
  const made = await ask(withSha, '/git/commits', { message, tree: tree.sha, parents: [head.sha] });
  await ask(z.object({}), '/git/refs', { ref: `refs/heads/${branch}`, sha: made.sha });
  return (await ask(pull, '/pulls', { title: message, body: tag, head: branch, base: 'main' })).number;
}

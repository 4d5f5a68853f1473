import { type Client, client, type GraphqlAnswer, installationToken } from './client.ts';
import { type Fields, inner, text } from './fields.ts';
import type { LocalGitHub } from './local-github.ts';
import type { AppHandle } from './people.ts';

export const permissions = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write' } as const;

/** Branch, commit and pull request in one document, as a promotion writes them. */
const promotion = `mutation Promote($repo: ID!, $name: String!, $branch: String!, $ref: String!, $head: GitObjectID!, $content: Base64String!) {
  createRef(input: { repositoryId: $repo, name: $ref, oid: $head }) { ref { name target { oid } } }
  createCommitOnBranch(input: {
    branch: { repositoryNameWithOwner: $name, branchName: $branch }
    expectedHeadOid: $head
    message: { headline: "Promote web to v2", body: "Pawl-Application: web" }
    fileChanges: { additions: [{ path: "prod/web.yaml", contents: $content }] }
  }) { commit { oid message author { user { login } } signature { isValid wasSignedByGitHub } parents(first: 5) { nodes { oid } } } }
  createPullRequest(input: { repositoryId: $repo, headRefName: $branch, baseRefName: "main", title: "Promote web" }) {
    pullRequest { number mergeable headRefName baseRefName author { __typename login } }
  }
}`;

/** A fresh repo with `dev/web.yaml` at v2 and `prod/web.yaml` at v1, and the App's bot speaking to it. */
export interface Stage {
  /** `owner/name`. */
  readonly repo: string;
  readonly repoId: string;
  readonly bot: Client;
  /** The promotion of v2 as one document, on a branch that starts at the head of main. */
  promote(branch: string): Promise<GraphqlAnswer>;
  /** Fields of the repo, by GraphQL. */
  read(fields: string): Promise<Fields>;
}

let count = 0;

/** Makes a stage. `issuedAtMs` is the time by the server's clock, where that is not the machine's. */
export async function stage(github: LocalGitHub, app: AppHandle, issuedAtMs = Date.now()): Promise<Stage> {
  count += 1;
  const name = `config-${count}`;
  const repo = `acme/${name}`;
  github.createRepo({ owner: 'acme', name, files: { 'dev/web.yaml': 'tag: v2\n', 'prod/web.yaml': 'tag: v1\n' } });
  const bot = client(
    github,
    await installationToken(github, app, { installation: github.install(app, 'acme', [repo]), issuedAtMs }),
  );
  const read = async (fields: string): Promise<Fields> => {
    const { data, errors } = await bot.graphql(`{ repository(owner: "acme", name: "${name}") { ${fields} } }`);
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return inner(data, 'repository');
  };
  const repoId = text(await read('id'), 'id');
  return {
    repo,
    repoId,
    bot,
    read,
    promote: (branch) => {
      const content = Buffer.from('tag: v2\n').toString('base64');
      const variables = {
        repo: repoId,
        name: repo,
        branch,
        ref: `refs/heads/${branch}`,
        head: github.head(repo, 'main'),
        content,
      };
      return bot.graphql(promotion, variables);
    },
  };
}

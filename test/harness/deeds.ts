import type { SeenRequest } from '../local-github/faults.ts';
import { smallApplication, versionFiles } from './config-repo.ts';
import type { Story } from './story.ts';

/** Something that makes Pawl write to GitHub, and the request by which it does. */
export interface Deed {
  readonly name: string;
  /** What has to be there before. */
  readonly prepare: (story: Story, application: string) => Promise<unknown>;
  /** May fail when Pawl dies meanwhile. */
  readonly run: (story: Story, application: string) => Promise<unknown>;
  readonly isWrite: (request: SeenRequest) => boolean;
  /** Mutations of that request: while one fails, the others have their effect. */
  readonly mutations: readonly string[];
}

const dev = (application: string) => ({ application, environment: 'dev' });
const staging = (application: string) => ({ application, environment: 'staging' });

type Request = Pick<Deed, 'isWrite' | 'mutations'>;

function document(...mutations: readonly string[]): Request {
  return { isWrite: ({ fields }) => fields.join() === mutations.join(), mutations };
}

function rest(end: string): Request {
  return { isWrite: ({ method, path }) => method === 'POST' && path.endsWith(end), mutations: [] };
}

const nothing = async (): Promise<void> => undefined;
const opened = (story: Story, application: string) => story.release(application, '1.0', '1.1');
const newer = (story: Story, application: string) => story.release(application, '1.1', '1.2');

async function merged(story: Story, application: string): Promise<void> {
  await opened(story, application);
  await story.merge(staging(application));
}

const bumped = (story: Story, application: string) => story.bump({ ...staging(application), from: '1.0', to: '1.1' });
const degraded = (story: Story, application: string) => story.runs({ ...staging(application), state: 'degraded' });

/** Every kind of write there is. */
export const deeds: readonly Deed[] = [
  {
    name: 'open a pull request',
    prepare: nothing,
    run: opened,
    ...document('createRef', 'createCommitOnBranch', 'createPullRequest'),
  },
  { name: 'make the tree of a newer candidate', prepare: opened, run: newer, ...rest('/git/trees') },
  { name: 'make the commit of a newer candidate', prepare: opened, run: newer, ...rest('/git/commits') },
  {
    name: 'move a branch onto a newer candidate',
    prepare: opened,
    run: newer,
    ...document('updateRefs', 'updatePullRequest'),
  },
  {
    name: 'say that a pull request is stopped',
    prepare: opened,
    run: (story, application) => story.runs({ ...dev(application), state: 'degraded' }),
    ...document('updatePullRequest'),
  },
  {
    name: 'stop a pull request',
    prepare: opened,
    run: (story, application) => story.runs({ ...dev(application), state: 'degraded' }),
    ...document('convertPullRequestToDraft'),
  },
  { name: 'say why a pull request is closed', prepare: opened, run: bumped, ...document('addComment') },
  { name: 'close a pull request', prepare: opened, run: bumped, ...document('closePullRequest', 'updateRefs') },
  { name: 'say that a promotion went wrong', prepare: merged, run: degraded, ...document('addComment') },
  { name: 'note that a promotion went wrong', prepare: merged, run: degraded, ...document('updatePullRequest') },
  {
    name: 'write down a decline',
    prepare: opened,
    run: (story, application) => story.close(staging(application)),
    ...document('createCommitOnBranch'),
  },
];

/** Small applications `app-01`, `app-02`, …: as many as are asked for. */
export function manyApplications(count: number, versions: Readonly<Record<string, string>>) {
  const names = Array.from({ length: count }, (_, index) => `app-${String(index + 1).padStart(2, '0')}`);
  const files: Readonly<Record<string, string>> = Object.assign(
    {},
    ...names.map((name) => smallApplication(name, versions)),
  );
  return { names, files };
}

/** All that a deed left behind on GitHub for one application, without what differs from one application to the next. */
export function leftBehind(story: Story, application: string): unknown {
  const { github, repo } = story;
  const neutral = (text: string): string =>
    text
      .replaceAll(application, 'APPLICATION')
      .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'GITHUB')
      .replace(/#\d+/g, '#N')
      .replace(/\b[0-9a-f]{7,64}\b/g, 'HEX')
      .replace(/\d\d \w{3} \d{4}, \d\d:\d\d UTC/g, 'TIME');
  const pulls = story.pulls(staging(application)).map(({ title, body, state, draft, comments, head }) => ({
    title: neutral(title),
    body: neutral(body),
    state,
    draft,
    comments: comments.map((comment) => neutral(comment.body)),
    commits: github
      .log(repo, head.sha)
      .filter(({ message }) => message.includes(`Pawl-Application: ${application}`))
      .map(({ message }) => neutral(message)),
  }));
  const declined = github.branches(repo).includes('pawl/state')
    ? github.file(repo, 'pawl/state', `lanes/staging/${application}.json`)
    : undefined;
  return {
    pulls,
    branches: github
      .branches(repo)
      .filter((branch) => branch.endsWith(application))
      .map(neutral),
    files: versionFiles(staging(application)).map((path) => neutral(story.file(path))),
    declined: neutral(declined ?? 'nothing').replace(/: \d+/g, ': NUMBER'),
  };
}

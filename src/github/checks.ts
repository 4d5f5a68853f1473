import type { Problem } from '../domain/problem.ts';
import type { Repo } from '../domain/repo.ts';
import { plainText } from '../domain/text.ts';
import type { ConfigReport } from '../ports/git-host.ts';
import type { GitHubContext } from './memory.ts';

/** Name of the check run that shows the verdict on the configuration. */
const configCheck = 'promotion/config';

/** Annotations GitHub takes in one request. */
const annotationsMax = 50;

const titleCharactersMax = 255;
const summaryCharactersMax = 65_535;

/** Characters of one annotation's message; GitHub allows 64 kB. */
const messageCharactersMax = 5000;

/** Shows the verdict on the configuration as a completed check run on a commit (1 request). */
export async function reportConfig({ client }: GitHubContext, repo: Repo, report: ConfigReport): Promise<void> {
  const { problems } = report;
  await client.rest(repo.installationId, 'write', (octokit) =>
    octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      owner: repo.owner,
      repo: repo.name,
      name: configCheck,
      head_sha: report.commit,
      status: 'completed',
      conclusion: report.conclusion,
      output: {
        title: plainText(report.title, titleCharactersMax),
        summary: summaryOf(report.summary, problems.length - annotationsMax),
        annotations: problems.slice(0, annotationsMax).map(annotationOf),
      },
    }),
  );
}

function summaryOf(summary: string, unlisted: number): string {
  const note = unlisted > 0 ? `\n\n${unlisted} more mistakes are not marked in the file.` : '';
  return `${cut(summary, summaryCharactersMax - note.length)}${note}`;
}

function annotationOf({ file, line, column, message, hint }: Problem) {
  return {
    path: file,
    start_line: line,
    end_line: line,
    start_column: column,
    end_column: column,
    annotation_level: 'failure' as const,
    message: cut(`${message} ${hint}`.trim(), messageCharactersMax),
  };
}

/** Cuts without leaving half of a pair of surrogates. */
function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  return `${text.slice(0, charactersMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

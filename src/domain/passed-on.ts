import type { Report } from './report.ts';

/**
 * A report about another repo as the repo keeps it that takes versions from there: a subject of its own, so that it never takes the
 * place of a report about the repo itself, and never counts as one. `from` is the other repo as `owner/name`.
 */
export function passedOn(report: Report, from: string): Report {
  const repository = from.toLowerCase();
  return { ...report, repository, subject: `${repository} ${report.subject}` };
}

/** The repo a report was passed on from, in lower case; undefined for a report about the repo that keeps it. */
export function passedOnFrom({ repository, subject }: Pick<Report, 'repository' | 'subject'>): string | undefined {
  // Subjects begin with the name of their source, which holds no blank and no slash.
  return subject.startsWith(`${repository} `) ? repository : undefined;
}

/** The subject as its source named it, for people. */
export function subjectAtSource(report: Pick<Report, 'repository' | 'subject'>): string {
  const from = passedOnFrom(report);
  return from === undefined ? report.subject : report.subject.slice(from.length + 1);
}

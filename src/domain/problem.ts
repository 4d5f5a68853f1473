/** One mistake in a text a person wrote: where it is, what is wrong and what to write instead. Lines and columns from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** One line for logs and terminals: `.github/pawl.yaml:4:3: … Write …`. */
export function describeProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message} ${problem.hint}`.trimEnd();
}

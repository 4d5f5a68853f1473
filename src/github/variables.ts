/** GraphQL's types of the variables that documents are given. */
type VariableType =
  | 'String!'
  | 'ID!'
  | 'Int!'
  | 'GitObjectID!'
  | 'CreateRefInput!'
  | 'UpdateRefsInput!'
  | 'CreateCommitOnBranchInput!'
  | 'CreatePullRequestInput!'
  | 'UpdatePullRequestInput!'
  | 'ConvertPullRequestToDraftInput!'
  | 'MarkPullRequestReadyForReviewInput!'
  | 'AddCommentInput!'
  | 'ClosePullRequestInput!'
  | 'ReopenPullRequestInput!';

/**
 * The variables of one document. Every text from outside goes through here and never into the document itself.
 * Equal texts share one variable.
 */
export interface VariableList {
  /** The name to write in the document: `$v0`. */
  add(type: VariableType, value: unknown): string;
  /** `($v0: String!, $v1: ID!)`, or nothing. */
  declarations(): string;
  values(): Readonly<Record<string, unknown>>;
}

export function variableList(): VariableList {
  const types: VariableType[] = [];
  const values: unknown[] = [];
  const known = new Map<string, string>();
  return {
    add(type, value) {
      const key = typeof value === 'string' ? `${type} ${value}` : undefined;
      const before = key === undefined ? undefined : known.get(key);
      if (before !== undefined) return before;
      const name = `$v${types.length}`;
      types.push(type);
      values.push(value);
      if (key !== undefined) known.set(key, name);
      return name;
    },
    declarations() {
      const list = types.map((type, index) => `$v${index}: ${type}`);
      return list.length === 0 ? '' : `(${list.join(', ')})`;
    },
    values: () => Object.fromEntries(values.map((value, index) => [`v${index}`, value])),
  };
}

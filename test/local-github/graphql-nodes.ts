import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Account } from './accounts.ts';
import type { Fields } from './fields.ts';
import type { Commit, Oid, Signature, TreeEntry } from './object-store.ts';
import type { Comment, PullRequest, Review, TimelineEvent } from './pull-requests.ts';
import type { Label, Repo } from './repos.ts';
import type { Scope } from './scope.ts';

/** What stands behind an object of each GraphQL type. */
export interface Behind {
  readonly Repository: { readonly repo: Repo };
  readonly Ref: { readonly repo: Repo; readonly name: string; readonly oid: Oid };
  readonly Commit: { readonly repo: Repo; readonly commit: Commit };
  readonly Tree: { readonly repo: Repo; readonly oid: Oid };
  readonly Blob: { readonly repo: Repo; readonly oid: Oid };
  readonly TreeEntry: { readonly repo: Repo; readonly entry: TreeEntry; readonly path: string };
  readonly Comparison: { readonly repo: Repo; readonly base: Oid; readonly head: Oid };
  readonly GitActor: { readonly signature: Signature };
  readonly GpgSignature: { readonly repo: Repo; readonly commit: Commit };
  readonly User: { readonly account: Account };
  readonly Bot: { readonly account: Account };
  readonly Organization: { readonly account: Account };
  readonly Label: { readonly repo: Repo; readonly label: Label };
  readonly PullRequest: { readonly repo: Repo; readonly pull: PullRequest };
  readonly PullRequestCommit: { readonly repo: Repo; readonly pull: PullRequest; readonly commit: Commit };
  readonly PullRequestReview: { readonly repo: Repo; readonly pull: PullRequest; readonly review: Review };
  readonly IssueComment: { readonly repo: Repo; readonly pull: PullRequest; readonly comment: Comment };
  readonly ClosedEvent: EventBehind;
  readonly ReopenedEvent: EventBehind;
  readonly MergedEvent: EventBehind;
  readonly ConvertToDraftEvent: EventBehind;
  readonly ReadyForReviewEvent: EventBehind;
  readonly HeadRefDeletedEvent: EventBehind;
  readonly HeadRefForcePushedEvent: EventBehind;
}

export interface EventBehind {
  readonly repo: Repo;
  readonly pull: PullRequest;
  readonly event: TimelineEvent;
}

export type TypeName = keyof Behind;

/** An object of the graph: its type, and what stands behind it. */
export class GraphNode<Name extends TypeName = TypeName> {
  readonly __typename: Name;
  readonly behind: Behind[Name];

  constructor(name: Name, behind: Behind[Name]) {
    this.__typename = name;
    this.behind = behind;
  }
}

export function node<Name extends TypeName>(name: Name, behind: Behind[Name]): GraphNode<Name> {
  return new GraphNode(name, behind);
}

/** An object whose fields are all known when it is made, such as what a mutation answers. */
export class PlainObject {
  readonly values: Fields;

  constructor(values: Fields) {
    this.values = values;
  }
}

export interface Field {
  /** Arguments it honours. One that is given and not honoured is an error, never silently ignored. */
  readonly args: readonly string[];
  readonly resolve: (source: unknown, args: Fields, scope: Scope, info: GraphQLResolveInfo) => unknown;
}

export type TypeFields = Readonly<Record<string, Field>>;

type Resolve<Name extends TypeName> = (
  behind: Behind[Name],
  args: Fields,
  scope: Scope,
  info: GraphQLResolveInfo,
) => unknown;

/** A field, with the arguments it honours in front of its function if it has any. */
type FieldOf<Name extends TypeName> = Resolve<Name> | readonly [readonly string[], Resolve<Name>];

function parseBehind<Name extends TypeName>(name: Name, source: unknown): Behind[Name] {
  if (source instanceof GraphNode && source.__typename === name) return source.behind as Behind[Name];
  throw new Error(`local GitHub: a ${name} is resolved from something else`);
}

/** The fields of a type that this server answers. */
export function fieldsOf<Name extends TypeName>(
  name: Name,
  fields: Readonly<Record<string, FieldOf<Name>>>,
): TypeFields {
  const made = Object.entries(fields).map(([field, given]): [string, Field] => {
    const [args, run] = typeof given === 'function' ? [[], given] : given;
    return [
      field,
      { args, resolve: (source, values, scope, info) => run(parseBehind(name, source), values, scope, info) },
    ];
  });
  return Object.fromEntries(made);
}

const perPageMax = 100;

interface Bounds {
  readonly first: number | undefined;
  readonly last: number | undefined;
}

function boundsOf(args: Fields, field: string): Bounds {
  const bound = (name: string): number | undefined => {
    const value = args[name];
    if (typeof value !== 'number') return undefined;
    if (value > perPageMax || value < 0) {
      const message = `Requesting ${value} records on the \`${field}\` connection exceeds the \`${name}\` limit of ${perPageMax} records.`;
      throw new GraphQLError(message, { extensions: { type: 'EXCESSIVE_PAGINATION' } });
    }
    return value;
  };
  return { first: bound('first'), last: bound('last') };
}

/** Arguments every connection honours. */
export const connectionArgs = ['first', 'last', 'after', 'before'];

/** A connection over a list, with its pages. Its items need a bound to be seen, its count does not. */
export function connection(items: readonly unknown[], args: Fields, info: GraphQLResolveInfo): PlainObject {
  const { first, last } = boundsOf(args, info.fieldName);
  const position = (cursor: unknown): number =>
    Number(Buffer.from(String(cursor), 'base64').toString('utf8').replace('cursor:', ''));
  let start = args['after'] === undefined || args['after'] === null ? 0 : position(args['after']);
  let end = args['before'] === undefined || args['before'] === null ? items.length : position(args['before']) - 1;
  if (first !== undefined) end = Math.min(end, start + first);
  if (last !== undefined) start = Math.max(start, end - last);
  const cursor = (index: number): string => Buffer.from(`cursor:${index + 1}`).toString('base64');
  const shown = items.slice(start, end);
  const bounded =
    (values: unknown): (() => unknown) =>
    () => {
      if (first !== undefined || last !== undefined) return values;
      const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${info.fieldName}\` connection.`;
      throw new GraphQLError(message, { extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' } });
    };
  return new PlainObject({
    totalCount: items.length,
    nodes: bounded(shown),
    edges: bounded(shown.map((item, index) => new PlainObject({ node: item, cursor: cursor(start + index) }))),
    pageInfo: new PlainObject({
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: shown.length > 0 ? cursor(start) : null,
      endCursor: shown.length > 0 ? cursor(end - 1) : null,
    }),
  });
}

import { schema as published } from '@octokit/graphql-schema';
import {
  buildSchema,
  type DocumentNode,
  executeSync,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getOperationAST,
  isScalarType,
  parse,
  validate,
} from 'graphql';
import { type Fields, isFields, optionalText } from './fields.ts';
import { accountTypes } from './graphql-accounts.ts';
import { gitTypes } from './graphql-git.ts';
import { mutationFields } from './graphql-mutations.ts';
import { PlainObject, type TypeFields } from './graphql-nodes.ts';
import { pullTypes } from './graphql-pulls.ts';
import { queryFields, repoTypes } from './graphql-queries.ts';
import { notHonoured, RuleError } from './rule-error.ts';
import type { Scope } from './scope.ts';

const types: Readonly<Record<string, TypeFields>> = {
  ...accountTypes,
  ...gitTypes,
  ...repoTypes,
  ...pullTypes,
  Query: queryFields,
  Mutation: mutationFields,
};

let built: GraphQLSchema | undefined;

/** GitHub's published schema, built once per process: that takes a fifth of a second. */
export function gitHubSchema(): GraphQLSchema {
  if (!built) {
    built = buildSchema(published.idl, { assumeValid: true, assumeValidSDL: true });
    demandText(built, 'GitObjectID', /^[0-9a-f]{40}$/);
    demandText(built, 'DateTime', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    demandText(built, 'GitRefname', /^refs\/./);
    demandText(built, 'Base64String', /^[A-Za-z0-9+/=\s]*$/);
  }
  return built;
}

/** The published schema names these types and leaves open what they look like. */
function demandText(schema: GraphQLSchema, name: string, pattern: RegExp): void {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`${name} is no scalar of GitHub's schema`);
  const check = (value: unknown): string => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new GraphQLError(`${JSON.stringify(value)} is not a valid ${name}`);
  };
  type.serialize = check;
  type.parseValue = check;
  type.parseLiteral = (literal) => check('value' in literal ? literal.value : undefined);
}

/** What GitHub answers and this server cannot: also remembered, since a client may carry on with what it got. */
function unsupported(scope: Scope, message: string): GraphQLError {
  scope.world.violations.push(message);
  return new GraphQLError(message);
}

/** Answers a field from its resolver; a field or argument without one is an error that names it. */
const resolveField: GraphQLFieldResolver<unknown, Scope> = (source, args: Fields, scope, info) => {
  const where = `${info.parentType.name}.${info.fieldName}`;
  const field = types[info.parentType.name]?.[info.fieldName];
  if (!field) {
    if (source instanceof PlainObject && info.fieldName in source.values) {
      const value = source.values[info.fieldName];
      return typeof value === 'function' ? value() : value;
    }
    throw unsupported(scope, `The local GitHub has no resolver for ${where}.`);
  }
  const given = info.fieldNodes.flatMap((one) => one.arguments ?? []).map((one) => one.name.value);
  const ignored = given.find((name) => !field.args.includes(name) && args[name] !== undefined && args[name] !== null);
  if (ignored !== undefined) throw unsupported(scope, notHonoured(where, `the argument ${ignored}`).message);
  try {
    return field.resolve(source, args, scope, info);
  } catch (error) {
    if (error instanceof GraphQLError) throw error;
    const refused = error instanceof RuleError ? error : undefined;
    if (refused && refused.status !== 501)
      throw new GraphQLError(refused.message, { extensions: { type: refused.type } });
    throw unsupported(scope, error instanceof Error ? error.message : String(error));
  }
};

/** What a document asks for, or why it cannot be asked. */
export type PreparedDocument =
  | {
      readonly document: DocumentNode;
      readonly writes: boolean;
      readonly name: string | undefined;
      readonly fields: readonly string[];
    }
  | { readonly errors: readonly GraphQLError[] };

/** Documents remembered after parsing and validating, which costs more than executing most. */
const documentsKeptMax = 500;
const prepared = new Map<string, PreparedDocument>();

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Fields;
  readonly operationName: string | undefined;
}

/** The request in a body; undefined when it is none. */
export function parseGraphqlRequest(body: unknown): GraphqlRequest | undefined {
  if (!isFields(body) || typeof body['query'] !== 'string') return undefined;
  const variables = isFields(body['variables']) ? body['variables'] : {};
  return { query: body['query'], variables, operationName: optionalText(body, 'operationName') };
}

export function prepare(request: GraphqlRequest): PreparedDocument {
  const key = `${request.operationName ?? ''}\n${request.query}`;
  const known = prepared.get(key);
  if (known) return known;
  const made = prepareAnew(request);
  if (prepared.size >= documentsKeptMax) prepared.clear();
  prepared.set(key, made);
  return made;
}

function prepareAnew(request: GraphqlRequest): PreparedDocument {
  let document: DocumentNode;
  try {
    document = parse(request.query);
  } catch (error) {
    return { errors: error instanceof GraphQLError ? [error] : [] };
  }
  const errors = validate(gitHubSchema(), document);
  if (errors.length > 0) return { errors };
  const operation = getOperationAST(document, request.operationName);
  if (!operation) return { errors: [new GraphQLError('An operation name is required')] };
  const fields = operation.selectionSet.selections.flatMap((one) => (one.kind === 'Field' ? [one.name.value] : []));
  const name = operation.name?.value ?? fields.join('+');
  return { document, writes: operation.operation === 'mutation', name, fields };
}

/** Errors as GitHub writes them: the type beside the message, not below `extensions`. */
export function errorJson(error: GraphQLError): Fields {
  const { type, ...extensions } = error.extensions;
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(error.path ? { path: error.path } : {}),
    ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
    locations: error.locations ?? [],
    message: error.message,
  };
}

/** Executes a document. Mutation fields run one after the other; when one fails the next still run. */
export function runGraphql(scope: Scope, request: GraphqlRequest): Fields {
  const ready = prepare(request);
  if ('errors' in ready) return { errors: ready.errors.map(errorJson) };
  const result = executeSync({
    schema: gitHubSchema(),
    document: ready.document,
    variableValues: request.variables,
    ...(request.operationName === undefined ? {} : { operationName: request.operationName }),
    contextValue: scope,
    fieldResolver: resolveField,
  });
  const errors = result.errors?.map(errorJson);
  if (result.data === undefined) return { errors };
  return errors ? { data: result.data, errors } : { data: result.data };
}

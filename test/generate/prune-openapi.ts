import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes `test/local-github/openapi.json`: of GitHub's published OpenAPI descriptions only the operations and the webhooks that
 * the local GitHub speaks, and the schemas they need, as plain JSON schema without examples and descriptions.
 *
 *   npm pack @octokit/openapi@23.0.2 @octokit/openapi-webhooks@12.1.0     (in some temporary folder; never dependencies: 385 MB)
 *   tar xzf octokit-openapi-23.0.2.tgz --one-top-level=rest package/generated/api.github.com.json
 *   tar xzf octokit-openapi-webhooks-12.1.0.tgz --one-top-level=webhooks package/generated/api.github.com.json
 *   node test/generate/prune-openapi.ts {rest,webhooks}/package/generated/api.github.com.json
 */
const operations: Readonly<Record<string, readonly Method[]>> = {
  '/app': ['get'],
  '/app/hook/deliveries': ['get'],
  '/app/hook/deliveries/{delivery_id}': ['get'],
  '/app/hook/deliveries/{delivery_id}/attempts': ['post'],
  '/app/installations': ['get'],
  '/app/installations/{installation_id}': ['get'],
  '/app/installations/{installation_id}/access_tokens': ['post'],
  '/installation/repositories': ['get'],
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/check-runs': ['post'],
  '/repos/{owner}/{repo}/check-runs/{check_run_id}': ['get', 'patch'],
  '/repos/{owner}/{repo}/collaborators/{username}/permission': ['get'],
  '/repos/{owner}/{repo}/commits/{ref}/check-runs': ['get'],
  '/repos/{owner}/{repo}/contents/{path}': ['get'],
  '/repos/{owner}/{repo}/deployments': ['post'],
  '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses': ['post'],
  '/repos/{owner}/{repo}/dispatches': ['post'],
  '/repos/{owner}/{repo}/git/blobs': ['post'],
  '/repos/{owner}/{repo}/git/blobs/{file_sha}': ['get'],
  '/repos/{owner}/{repo}/git/commits': ['post'],
  '/repos/{owner}/{repo}/git/commits/{commit_sha}': ['get'],
  '/repos/{owner}/{repo}/git/ref/{ref}': ['get'],
  '/repos/{owner}/{repo}/git/refs': ['post'],
  '/repos/{owner}/{repo}/git/refs/{ref}': ['patch', 'delete'],
  '/repos/{owner}/{repo}/git/trees': ['post'],
  '/repos/{owner}/{repo}/git/trees/{tree_sha}': ['get'],
  '/repos/{owner}/{repo}/installation': ['get'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['get', 'patch'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions': ['post'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/{issue_number}/labels': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': ['delete'],
  '/repos/{owner}/{repo}/pulls': ['get', 'post'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['get', 'patch'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/merge': ['put'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/reviews': ['get', 'post'],
  '/repos/{owner}/{repo}/statuses/{sha}': ['post'],
};

/** Webhooks by the names of the description: event, a hyphen, the action. */
const webhooks: readonly string[] = [
  'check-run-completed',
  'check-run-created',
  'create',
  'delete',
  'deployment-created',
  'deployment-status-created',
  'installation-created',
  'installation-deleted',
  'installation-repositories-added',
  'installation-repositories-removed',
  'issue-comment-created',
  'issue-comment-edited',
  'pull-request-closed',
  'pull-request-converted-to-draft',
  'pull-request-edited',
  'pull-request-labeled',
  'pull-request-opened',
  'pull-request-ready-for-review',
  'pull-request-reopened',
  'pull-request-review-submitted',
  'pull-request-synchronize',
  'pull-request-unlabeled',
  'push',
  'repository-dispatch-sample.collected',
  'status',
];

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function childOf(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? value[key] : undefined;
}

/** Keys that say nothing about which values are right. `format: uri-template` and `repo.nodes` are unknown to the validator. */
const droppedKeys = new Set([
  'description',
  'example',
  'examples',
  'title',
  'deprecated',
  'externalDocs',
  'default',
  'summary',
]);

/** JSON schema of an OpenAPI 3.0 schema: `nullable` becomes a type or a branch, and words for people go. */
function toJsonSchema(value: Json, isMapOfNames = false): Json {
  if (Array.isArray(value)) return value.map((item: Json) => toJsonSchema(item));
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) {
    if (!isMapOfNames && (key === 'nullable' || key.startsWith('x-') || droppedKeys.has(key))) continue;
    if (!isMapOfNames && (key === 'enum' || key === 'required' || key === 'const')) kept[key] = child;
    else kept[key] = toJsonSchema(child, !isMapOfNames && (key === 'properties' || key === 'patternProperties'));
  }
  const mended = isMapOfNames ? kept : alternatives(kept);
  return !isMapOfNames && value['nullable'] === true ? orNull(mended) : mended;
}

/** The published text joins what GitHub offers as alternatives: an account is a user or an enterprise, never both. */
function alternatives(schema: Record<string, Json>): Record<string, Json> {
  const { allOf, ...rest } = schema;
  const requires = (name: string) =>
    Array.isArray(allOf) && allOf.some((part) => JSON.stringify(childOf(part, 'required') ?? '').includes(`"${name}"`));
  return allOf !== undefined && requires('login') && requires('slug') ? { ...rest, anyOf: allOf } : schema;
}

function orNull(schema: Record<string, Json>): Json {
  const { type, enum: values } = schema;
  if (Array.isArray(values) && !values.includes(null)) schema['enum'] = [...values, null];
  if (typeof type === 'string') return { ...schema, type: [type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}

class Pruner {
  readonly #document: Json;
  readonly #schemas: Record<string, Json> = {};

  constructor(document: Json) {
    this.#document = document;
  }

  /** Follows `#/components/…` references of parameters, responses and request bodies. */
  #resolve(value: Json | undefined): Json | undefined {
    const reference = childOf(value, '$ref');
    if (typeof reference !== 'string') return value;
    let found: Json | undefined = this.#document;
    for (const key of reference.slice(2).split('/')) found = childOf(found, key);
    return this.#resolve(found);
  }

  #schema(value: Json | undefined): Json {
    const schema = toJsonSchema(value ?? {});
    this.#collect(schema);
    return schema;
  }

  #collect(value: Json): void {
    if (Array.isArray(value)) for (const item of value) this.#collect(item);
    if (!isObject(value)) return;
    const reference = value['$ref'];
    if (typeof reference === 'string') this.#collectSchema(reference.replace('#/components/schemas/', ''));
    for (const child of Object.values(value)) this.#collect(child);
  }

  #collectSchema(name: string): void {
    if (name in this.#schemas) return;
    const found = childOf(childOf(childOf(this.#document, 'components'), 'schemas'), name);
    if (found === undefined) throw new Error(`the schema ${name} is missing`);
    this.#schemas[name] = true;
    this.#schemas[name] = this.#schema(found);
  }

  #body(holder: Json | undefined): Json | undefined {
    const content = childOf(this.#resolve(holder), 'content');
    const json = childOf(content, 'application/json') ?? childOf(content, 'application/scim+json');
    return json === undefined ? undefined : this.#schema(childOf(json, 'schema'));
  }

  #operation(path: string, method: Method): Json {
    const operation = childOf(childOf(childOf(this.#document, 'paths'), path), method);
    if (!isObject(operation)) throw new Error(`${method} ${path} is not in the description`);
    const parameters = operation['parameters'];
    const kept = (Array.isArray(parameters) ? parameters : []).map((item: Json) => {
      const parameter = this.#resolve(item);
      const [name, place] = [childOf(parameter, 'name') ?? '', childOf(parameter, 'in') ?? ''];
      return { name, in: place, schema: this.#schema(childOf(parameter, 'schema')) };
    });
    const responses: Record<string, Json> = {};
    for (const [status, response] of Object.entries(operation['responses'] ?? {}))
      responses[status] = this.#body(response) ?? false;
    const body = this.#body(operation['requestBody']);
    const required = childOf(this.#resolve(operation['requestBody']), 'required') === true;
    return {
      operationId: operation['operationId'] ?? '',
      parameters: kept,
      ...(body === undefined ? {} : { body, required }),
      responses,
    };
  }

  #components(): Json {
    return { schemas: Object.fromEntries(Object.entries(this.#schemas).sort(([a], [b]) => (a < b ? -1 : 1))) };
  }

  #version(): Json {
    return childOf(childOf(this.#document, 'info'), 'version') ?? '';
  }

  /** The operations, and what they refer to. */
  pruneOperations(): JsonObject {
    const paths: Record<string, Record<string, Json>> = {};
    for (const [path, methods] of Object.entries(operations)) {
      paths[path] = {};
      for (const method of methods) paths[path][method] = this.#operation(path, method);
    }
    return { version: this.#version(), paths, components: this.#components() };
  }

  /** Schemas of the bodies of the webhooks, and what they refer to. */
  pruneWebhooks(): JsonObject {
    const described = childOf(this.#document, 'webhooks');
    const bodies = webhooks.map((name): [string, Json] => {
      const body = this.#body(childOf(childOf(childOf(described, name), 'post'), 'requestBody'));
      if (body === undefined) throw new Error(`the webhook ${name} is not in the description`);
      return [name, body];
    });
    return { version: this.#version(), bodies: Object.fromEntries(bodies), components: this.#components() };
  }
}

function parseDocument(text: string): Json {
  return JSON.parse(text) as Json;
}

const [rest, hooks] = process.argv.slice(2).map((path) => new Pruner(parseDocument(readFileSync(path, 'utf8'))));
if (!rest || !hooks)
  throw new Error('Say where the two descriptions are: node test/generate/prune-openapi.ts <rest> <webhooks>');
const target = new URL('../local-github/openapi.json', import.meta.url);
const source = 'GitHub REST API description, https://github.com/github/rest-api-description, MIT licence';
writeFileSync(target, `${JSON.stringify({ source, ...rest.pruneOperations(), webhooks: hooks.pruneWebhooks() })}\n`);

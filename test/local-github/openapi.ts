import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type Fields, fieldsList, inner, isFields, optionalText, text } from './fields.ts';

/** What is wrong with a value, one line each; empty when nothing is. */
export type Complaints = readonly string[];

/** GitHub's published description of an operation, ready to check with. */
export interface Operation {
  readonly path: string;
  readonly method: string;
  /** Names of the query parameters GitHub knows. */
  readonly queryNames: readonly string[];
  /** Turns query texts into the types the description names and complains about the rest. */
  checkQuery(query: Readonly<Record<string, string>>): { readonly query: Fields; readonly complaints: Complaints };
  checkBody(body: unknown): Complaints;
  /** Complaints about an answer; an undocumented status is one. */
  checkAnswer(status: number, body: unknown): Complaints;
}

const complaintsMax = 20;

function complaintsOf(validate: ValidateFunction, value: unknown): Complaints {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  return errors
    .slice(0, complaintsMax)
    .map((error) => `${error.instancePath || 'body'} ${error.message} ${JSON.stringify(error.params)}`);
}

/** The pruned description next to this file, read and compiled once per process. */
class Description {
  readonly #document: Fields;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  readonly #queryAjv = new Ajv({ strict: false, allErrors: true, logger: false, coerceTypes: 'array' });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: Fields) {
    this.#document = document;
    for (const ajv of [this.#ajv, this.#queryAjv]) {
      addFormats.default(ajv);
      ajv.addSchema({ $id: 'github', components: document['components'] });
    }
  }

  #compile(key: string, schema: unknown, ajv = this.#ajv): ValidateFunction {
    const known = this.#compiled.get(key);
    if (known) return known;
    const made = ajv.compile(absolute(schema));
    this.#compiled.set(key, made);
    return made;
  }

  operation(method: string, path: string): Operation {
    const found = inner(inner(this.#document, 'paths'), path)[method.toLowerCase()];
    if (!isFields(found)) throw new Error(`openapi.json has no ${method} ${path}: add it to prune-openapi.ts`);
    const key = `${method} ${path}`;
    const parameters = fieldsList(found, 'parameters').filter((one) => one['in'] === 'query');
    const properties = Object.fromEntries(parameters.map((one) => [text(one, 'name'), one['schema']]));
    return {
      path,
      method,
      queryNames: Object.keys(properties),
      checkQuery: (query) => {
        const copy: Record<string, unknown> = { ...query };
        const validate = this.#compile(`${key} query`, { type: 'object', properties }, this.#queryAjv);
        return { complaints: complaintsOf(validate, copy), query: copy };
      },
      checkBody: (body) => {
        if (found['body'] === undefined || (body === undefined && found['required'] !== true)) return [];
        return complaintsOf(this.#compile(`${key} body`, found['body']), body ?? {});
      },
      checkAnswer: (status, body) => this.#checkAnswer(key, inner(found, 'responses'), { status, body }),
    };
  }

  #checkAnswer(
    key: string,
    responses: Fields,
    answer: { readonly status: number; readonly body: unknown },
  ): Complaints {
    const schema = responses[`${answer.status}`];
    // Descriptions leave out errors that every operation may answer with.
    if (schema === undefined) return answer.status >= 400 ? [] : [`the status ${answer.status} is not described`];
    if (schema === false) return answer.body === undefined ? [] : ['a body where none is described'];
    return complaintsOf(this.#compile(`${key} ${answer.status}`, schema), answer.body);
  }
}

/** References into the description, made to work from any schema. */
function absolute(value: unknown): Fields {
  return JSON.parse(JSON.stringify(value).replaceAll('"$ref":"#/', '"$ref":"github#/'));
}

let document: Fields | undefined;
let description: Description | undefined;

function readDocument(): Fields {
  if (!document) {
    const parsed: unknown = JSON.parse(readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'));
    if (!isFields(parsed)) throw new Error('openapi.json holds no object');
    document = parsed;
  }
  return document;
}

/** What GitHub says of an operation, by method and path template such as `/repos/{owner}/{repo}`. */
export function operation(method: string, path: string): Operation {
  description ??= new Description(readDocument());
  return description.operation(method, path);
}

/** All operations in the pruned description, such as `GET /app`. */
export function describedOperations(): readonly string[] {
  const paths = Object.entries(inner(readDocument(), 'paths'));
  return paths.flatMap(([path, methods]) =>
    Object.keys(isFields(methods) ? methods : {}).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

let webhookAjv: Ajv | undefined;
const webhookChecks = new Map<string, ValidateFunction>();

/** What GitHub's description of a webhook finds wrong with a payload. Compiling takes long, so the server itself does not ask. */
export function webhookComplaints(event: string, payload: Fields): Complaints {
  const described = inner(readDocument(), 'webhooks');
  const bodies = inner(described, 'bodies');
  const action = optionalText(payload, 'action');
  const hyphens = (name: string): string => name.replaceAll('_', '-');
  const names = [hyphens(event), `${hyphens(event)}-${hyphens(action ?? '')}`, `${hyphens(event)}-sample.collected`];
  const name = names.find((one) => one in bodies);
  if (name === undefined) return [`no description of ${event} ${action ?? ''}`];
  if (!webhookAjv) {
    webhookAjv = new Ajv({ strict: false, allErrors: true, logger: false });
    addFormats.default(webhookAjv);
    // The addresses of bots have square brackets, which the published format does not allow and GitHub sends all the same.
    webhookAjv.addFormat('email', /^\S+@\S+$/);
    webhookAjv.addSchema({ $id: 'github', components: described['components'] });
  }
  const validate = webhookChecks.get(name) ?? webhookAjv.compile(absolute(bodies[name]));
  webhookChecks.set(name, validate);
  return complaintsOf(validate, payload);
}

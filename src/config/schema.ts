import { z } from 'zod';
import { nameCharactersMax } from '../domain/lane.ts';
import type { EditorEntry, Registries, SourceEntry } from './registries.ts';
import {
  branchMistake,
  checkedText,
  fieldTextMistake,
  loginMistake,
  nameText,
  pathTextMistake,
  repoMistake,
  slugMistake,
  targetPatternMistake,
  withdrawMistake,
} from './schema-texts.ts';

/** The version of the format this program reads. */
export const formatVersion = 1;

/** Environments of a repo: more make no promotion order that a person can follow. */
export const environmentsMax = 100;
/** Targets of one environment. */
export const targetsMax = 100;
/** Rules for applications; one with `{application}` serves any number of them. */
export const applicationRulesMax = 200;
/** Files with promoted fields in one rule. */
export const promoteRulesMax = 20;
/** Ways to recognise reports. */
export const syncsMax = 50;
/** Repos that may take versions from one. */
export const feedsMax = 20;
/** Accounts that may send the reports of one sync. */
export const sendersMax = 20;

/** GitHub asks for at most 80 new things a minute; a repo needs far fewer pull requests than this. */
const pullRequestsMax = 100;

export const defaultLimits = { openPullRequests: 10, newPullRequestsPerHour: 10, newPullRequestsFirstHour: 2 } as const;
export const defaultWithdrawAfter = '15m';

/** Keys beside the editor's own in an entry of `promote`. */
export const promoteKeys = ['in', 'create'] as const;

/** Values of a new file that a person fills in. */
const leaveMax = 50;

/** What may be said of a file that the target does not have. */
export const createSchema = z.union([
  z.literal(true),
  z.strictObject({
    leave: z
      .array(z.string().min(1))
      .min(1)
      .max(leaveMax)
      .readonly()
      .describe('Keys of values that a person fills in.'),
  }),
]);
/** Keys beside the source's own fields in an entry of `syncs`. */
export const syncKeys = ['source', 'senders', 'everyApplication', 'everyTarget'] as const;

/** The schema of the whole file. The editor's part of an entry of `promote` is judged by the editor's own schema. */
export function configSchema(registries: Registries): z.ZodType {
  return z.strictObject(configShape(registries)).meta({
    title: 'Pawl',
    description: 'How versions of applications move through the environments of this repo.',
  });
}

/** Names of the keys allowed at the root, in an environment, an application and the limits. */
export const allowedKeys = {
  root: ['version', 'environments', 'applications', 'syncs', 'groups', 'limits', 'withdrawAfter', 'feeds'],
  group: ['applications', 'batch'],
  environment: ['after', 'targets', 'branch', 'repo'],
  application: ['name', 'path', 'order', 'promote'],
  found: ['found', 'except', 'labels'],
  limits: Object.keys(defaultLimits),
} as const;

function configShape(registries: Registries) {
  return {
    version: z.literal(formatVersion).describe('Version of this format.'),
    environments: z.record(nameText('Name of an environment.'), environmentSchema()).describe('The promotion order.'),
    applications: z
      .array(applicationSchema())
      .min(1)
      .max(applicationRulesMax)
      .describe('Where the files of the applications are, and what moves in them.'),
    syncs: z.array(syncSchema(registries)).max(syncsMax).optional().describe('How reports are recognised.'),
    limits: limitsSchema().optional().describe('How many promotion pull requests there may be.'),
    withdrawAfter: checkedText(withdrawMistake, {
      description: 'How long an open pull request whose source went bad stays open.',
      default: defaultWithdrawAfter,
      examples: ['15m', '1h', '2d'],
    }).optional(),
    groups: z
      .record(nameText('Name of a group; its lanes are called by it.'), groupSchema())
      .optional()
      .describe('Applications that are promoted together, in one pull request for each environment.'),
    feeds: z
      .array(checkedText(repoMistake, { description: 'A config repo, `owner/name`.' }))
      .min(1)
      .max(feedsMax)
      .optional()
      .describe('Config repos that may take versions from this one; each of them names this one too.'),
  };
}

/** Names or patterns of one group, and applications of one pull request. */
const membersMax = 50;
const batchMax = 100;

function groupSchema() {
  return z.strictObject({
    applications: z
      .array(
        z
          .string()
          .min(1)
          .max(nameCharactersMax)
          .regex(/^[A-Za-z0-9._*-]+$/u, 'Write the name of an application; `*` stands for any characters.'),
      )
      .min(1)
      .max(membersMax)
      .describe('Its members; `*` stands for any characters.'),
    batch: z
      .record(nameText('Name of an environment.'), z.int().min(1).max(batchMax))
      .optional()
      .describe('How many applications one pull request moves at most, by environment.'),
  });
}

function environmentSchema() {
  const shape = {
    after: z
      .union([nameText('Name of an environment.'), z.array(nameText('Name of an environment.')).min(1)])
      .optional()
      .describe('The environments it takes versions from. Without it, promotion never writes to it.'),
    targets: z
      .union([z.array(nameText('Name of a target.')).min(1).max(targetsMax), foundSchema()])
      .optional()
      .describe('The places it deploys to. Without it there is one, named like the environment.'),
    branch: checkedText(branchMistake, {
      description: 'Branch its files are on, where that is not the default one.',
    }).optional(),
    repo: checkedText(repoMistake, {
      description: 'Config repo its files are in, `owner/name`, where that is not this one. Promotion only reads it.',
    }).optional(),
  };
  return z.strictObject(shape).nullable();
}

function foundSchema() {
  const pattern = (description: string) => checkedText(targetPatternMistake, { description });
  return z.strictObject({
    found: pattern(
      'A path for each target: `clusters/prod-*`, `clusters/prod-{region}-{ring}`, `tenants/{target}/prod`.',
    ),
    except: z.array(pattern('Paths that are no target.')).max(exceptMax).optional(),
    labels: z.record(z.string(), z.string()).optional().describe('Labels of every target.'),
  });
}

/** Paths that are told to be no target. */
const exceptMax = 20;

function applicationSchema() {
  return z.strictObject({
    name: nameText('The one application this is for; without it, every application the path matches.').optional(),
    path: checkedText(pathTextMistake, {
      description: 'Folder of an application: `apps/{application}/{environment}[/{target}]`.',
    }),
    order: z
      .record(nameText('Name of an environment.'), orderSchema())
      .optional()
      .describe('Its own promotion order: the environments it has, and what each comes after. Needs `name`.'),
    promote: z.array(promoteSchema).min(1).max(promoteRulesMax).describe('What may move; nothing else is written.'),
  });
}

function orderSchema() {
  return z.union([nameText('Name of an environment.'), z.array(nameText('Name of an environment.'))]).nullable();
}

/** One entry of `promote`; its keys depend on the editors, see `promote.ts` and the JSON schema below. */
const promoteSchema = z.record(z.string(), z.unknown());

function limitsSchema() {
  const count = (least: number, description: string, standard: number) =>
    z.int().min(least).max(pullRequestsMax).optional().meta({ description, default: standard });
  return z.strictObject({
    openPullRequests: count(1, 'Promotion pull requests open at once.', defaultLimits.openPullRequests),
    newPullRequestsPerHour: count(1, 'New ones in an hour.', defaultLimits.newPullRequestsPerHour),
    newPullRequestsFirstHour: count(
      1,
      'New ones in the first hour after the first valid configuration.',
      defaultLimits.newPullRequestsFirstHour,
    ),
  });
}

function syncSchema(registries: Registries): z.ZodType {
  const [first, ...others] = Object.entries(registries.sources).map(([name, source]) => sourceSchema(name, source));
  return first === undefined ? z.never() : z.discriminatedUnion('source', [first, ...others]);
}

function sourceSchema(name: string, source: SourceEntry) {
  const fields = Object.entries(source.fields).map(([field, description]) => {
    return [field, checkedText(fieldTextMistake, { description }).optional()] as const;
  });
  const senders = z
    .array(checkedText(name === 'check-run' ? slugMistake : loginMistake, { description: 'A GitHub account.' }))
    .min(1)
    .max(sendersMax)
    .describe(name === 'check-run' ? 'Slugs of the GitHub Apps that may send it.' : 'Accounts that may send it.');
  const every = (whose: string) => z.boolean().optional().describe(`A report speaks for every ${whose}.`);
  const shape = {
    ...Object.fromEntries(fields),
    source: z.literal(name),
    ...(source.event === undefined ? {} : { senders }),
    everyApplication: every('application of the environment'),
    everyTarget: every('target of the environment'),
  };
  return z.strictObject(shape).describe(source.summary);
}

/** The JSON schema of the configuration, for editors and for the reference. */
export function configJsonSchema(registries: Registries): Record<string, unknown> {
  const entries = Object.values(registries.editors).map(promoteJsonSchema);
  return z.toJSONSchema(configSchema(registries), {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== promoteSchema) return;
      delete jsonSchema.propertyNames;
      delete jsonSchema.additionalProperties;
      Object.assign(jsonSchema, { anyOf: entries });
    },
  });
}

function promoteJsonSchema(editor: EditorEntry): Record<string, unknown> {
  const { $schema, ...own } = z.toJSONSchema(editor.options, {
    io: 'input',
    unrepresentable: 'any',
    // A list that code may not change is one that people may write all the same.
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
    },
  });
  const file = {
    type: 'string',
    default: editor.defaultFile,
    description: 'File below `path`; may hold placeholders: `values-{environment}.yaml`.',
  };
  const create = {
    description: 'Make the file where it is missing, like that of the source; `leave` names values a person fills in.',
    ...z.toJSONSchema(createSchema, { io: 'input', override: ({ jsonSchema }) => void delete jsonSchema.readOnly }),
  };
  delete create.$schema;
  return { ...own, description: editor.summary, properties: { ...own.properties, in: file, create } };
}

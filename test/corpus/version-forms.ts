import { createHash } from 'node:crypto';

/** How the text of a scalar holds a version. */
export type Form =
  /** The text is the version. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'digest' }
  /** 40 hex digits. */
  | { readonly kind: 'commit' }
  /** `v1@sha256:…` */
  | { readonly kind: 'tag and digest'; readonly tag: string; readonly digest: string }
  | {
      readonly kind: 'image';
      readonly name: string;
      readonly tag: string | undefined;
      readonly digest: string | undefined;
    }
  /** `TAG=v1` */
  | { readonly kind: 'assigned'; readonly name: string; readonly value: string }
  /** A URL with `?ref=`. */
  | { readonly kind: 'ref'; readonly ref: string };

/** A version that is put into a scalar: the parts that its form has room for. */
export interface NewVersion {
  readonly tag: string;
  readonly digest: string;
  readonly commit: string;
  /** Whether it is one that a plain scalar holds as it is. */
  readonly ordinary: boolean;
}

const image =
  /^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*(?::[0-9]+(?=\/))?(?:\/[A-Za-z0-9._-]+)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]*))?(?:@(?<digest>[a-z0-9]+:[0-9A-Fa-f]+))?$/u;
const refQuery = /(?<=[?&]ref=)[^&#]+/u;

/** The text as an image with a tag or a digest; undefined for one without, and for what is none. */
export function imageForm(text: string): Form | undefined {
  const groups = image.exec(text)?.groups;
  const { name, tag, digest } = groups ?? {};
  if (name === undefined || (tag === undefined && digest === undefined)) return undefined;
  return { kind: 'image', name, tag, digest };
}

export function refForm(text: string): Form | undefined {
  const ref = refQuery.exec(text)?.[0];
  return ref === undefined ? undefined : { kind: 'ref', ref };
}

export function assignedForm(text: string): Form | undefined {
  const groups = /^(?<name>[\w.-]+)=(?<value>.+)$/u.exec(text)?.groups;
  const { name, value } = groups ?? {};
  return name === undefined || value === undefined ? undefined : { kind: 'assigned', name, value };
}

/** A text that is a version and nothing else. */
export function wholeForm(text: string): Form {
  const groups = /^(?<tag>[A-Za-z0-9_.-]+)@(?<digest>sha256:[0-9a-f]+)$/u.exec(text)?.groups;
  if (groups?.['tag'] !== undefined && groups['digest'] !== undefined) {
    return { kind: 'tag and digest', tag: groups['tag'], digest: groups['digest'] };
  }
  if (/^sha256:/u.test(text)) return { kind: 'digest' };
  return /^[0-9a-f]{40}$/u.test(text) ? { kind: 'commit' } : { kind: 'whole' };
}

/** The text that a scalar of this form has to read as once it holds the version. */
export function textWith(text: string, form: Form, version: NewVersion): string {
  switch (form.kind) {
    case 'whole':
      return version.tag;
    case 'digest':
      return version.digest;
    case 'commit':
      return version.commit;
    case 'tag and digest':
      return `${version.tag}@${version.digest}`;
    case 'assigned':
      return `${form.name}=${version.tag}`;
    case 'ref':
      return text.replace(refQuery, version.tag);
    case 'image': {
      const tag = form.tag === undefined ? '' : `:${version.tag}`;
      return `${form.name}${tag}${form.digest === undefined ? '' : `@${version.digest}`}`;
    }
  }
}

/** Tags that a registry allows and that somebody takes for a number, a date, a boolean or nothing. */
const awkwardTags = [
  '1.10',
  '1e3',
  '0123',
  'on',
  'null',
  '2024-01-02',
  '0x1F',
  '1_000',
  '7e12345',
  '1234567',
  'true',
  'y',
] as const;
/** No registry allows these, but a field that holds any text may. */
const awkwardTexts = [...awkwardTags, '12:30:45', '~', '=', '.inf'] as const;
/** A chart has a whole semantic version; with a hyphen or a plus it may look odd all the same. */
const awkwardCharts = ['1.10.0', '0.0.0', '1.0.0-0123', '1.0.0+1e3', '2024.1.2', '1.0.0-0x1F'] as const;

/** What a field may hold, as far as it is known. */
export type Holds = 'tag' | 'any text' | 'chart version';

const awkward: Readonly<Record<Holds, readonly string[]>> = {
  tag: awkwardTags,
  'any text': awkwardTexts,
  'chart version': awkwardCharts,
};

/** The versions a scalar is to get, each by an edit of its own. `turn` says which of the awkward ones is next. */
export function newVersions(form: Form, turn: number, holds: Holds): readonly NewVersion[] {
  const hash = (text: string) => createHash('sha256').update(`${text} ${turn}`).digest('hex');
  const version = (tag: string, ordinary: boolean): NewVersion => ({
    tag,
    digest: `sha256:${hash(tag)}`,
    commit: hash(tag).slice(0, 40),
    ordinary,
  });
  const ordinary = version('v9.8.7-rc.1', true);
  const odd = awkward[form.kind === 'whole' ? holds : 'tag'];
  const holdsNoTag =
    form.kind === 'digest' || form.kind === 'commit' || (form.kind === 'image' && form.tag === undefined);
  return holdsNoTag ? [ordinary] : [ordinary, version(odd[turn % odd.length] ?? '', false)];
}

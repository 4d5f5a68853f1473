import type { Problem } from '../domain/problem.ts';
import { bare, prose } from './escape.ts';

/** What the check run about the configuration says. */
export interface ConfigCheck {
  readonly conclusion: 'success' | 'failure';
  readonly title: string;
  readonly summary: string;
  readonly problems: readonly Problem[];
}

export type ConfigVerdict =
  | ValidVerdict
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'absent' };

/** A configuration that is right in itself, and what it makes of the repo's files. */
export interface ValidVerdict {
  readonly kind: 'valid';
  readonly applications: readonly string[];
  readonly environments: readonly string[];
  readonly warnings: readonly Problem[];
  /** Whether some of the warnings stop their lanes: two of them would write one field. */
  readonly stops: boolean;
  /** Targets that nobody has reported yet, with what is awaited; not all of them when there are many. */
  readonly silent: readonly { readonly place: string; readonly awaited: readonly string[] }[];
  readonly silentCount: number;
  /** Applications with an order of their own. */
  readonly orders: readonly { readonly application: string; readonly environments: readonly string[] }[];
  /** Environments whose targets are found, with those that are there. */
  readonly found: readonly {
    readonly environment: string;
    readonly targets: readonly string[];
    readonly pattern: string;
  }[];
  /** Files that an environment lacks and the one before it has; not all of them when there are many. */
  readonly lacking: readonly { readonly place: string; readonly paths: readonly string[] }[];
  readonly lackingCount: number;
}

/** Names listed in one line. */
const namesMax = 50;

export function renderConfigCheck(verdict: ConfigVerdict): ConfigCheck {
  switch (verdict.kind) {
    case 'valid':
      return renderValid(verdict);
    case 'invalid':
      return {
        conclusion: 'failure',
        title: `Promotions are stopped: ${count(verdict.problems.length, 'mistake')} in the configuration`,
        summary: [
          'Nothing is promoted until this is mended. Open pull requests stay as they are.',
          '',
          ...list(verdict.problems),
        ].join('\n'),
        problems: verdict.problems,
      };
    case 'absent':
      return {
        conclusion: 'failure',
        title: 'Promotions are paused: there is no configuration',
        summary:
          'The file `.github/pawl.yaml` is gone from the default branch. Open pull requests stay as they are. Put the file back to go on.',
        problems: [],
      };
  }
}

function renderValid(verdict: ValidVerdict): ConfigCheck {
  const { applications, environments, warnings, stops } = verdict;
  const title = stops
    ? 'Configuration is valid, but some lanes are stopped'
    : `Configuration is valid: ${count(applications.length, 'application')}`;
  const names = applications.slice(0, namesMax).map(prose).join(', ');
  const more = applications.length > namesMax ? ` and ${applications.length - namesMax} more` : '';
  return {
    conclusion: stops ? 'failure' : 'success',
    title: bare(title),
    summary: [
      `Promotion order: ${environments.map(prose).join(', ')}. Applications found: ${names === '' ? 'none' : names}${more}.`,
      '',
      ...particulars(verdict),
      ...list(warnings),
      ...silentLines(verdict),
      ...lackingLines(verdict),
    ].join('\n'),
    problems: warnings,
  };
}

/** What differs from the order of all, and what the file does not list. */
function particulars({ orders, found }: ValidVerdict): readonly string[] {
  const own = orders
    .slice(0, namesMax)
    .map(
      ({ application, environments }) => `Order of ${prose(application)} alone: ${environments.map(prose).join(', ')}.`,
    );
  const lines = found.map(({ environment, targets, pattern }) => {
    const names = targets.slice(0, namesMax).map(prose).join(', ');
    const more = targets.length > namesMax ? ` and ${targets.length - namesMax} more` : '';
    const shown = targets.length === 0 ? `none, since nothing in the repo fits ${prose(pattern)}` : `${names}${more}`;
    return `Targets found for ${prose(environment)}: ${shown}.`;
  });
  return own.length + lines.length === 0 ? [] : [...own, ...lines, ''];
}

/** What is new in one environment and not yet in the next one: a person makes the first files. */
function lackingLines({ lacking, lackingCount }: ValidVerdict): readonly string[] {
  if (lackingCount === 0) return [];
  const lines = lacking.map(({ place, paths }) => `- ${prose(place)}: ${paths.map(prose).join(', ')}`);
  const more = lackingCount > lacking.length ? [`- and ${lackingCount - lacking.length} more`] : [];
  return [
    '',
    '**Files to create** (the environment before has them; nothing is promoted into them until they exist; with `create` Pawl makes them):',
    '',
    ...lines,
    ...more,
  ];
}

/** Nothing moves before it is reported, so what is awaited is said at once. */
function silentLines({ silent, silentCount }: ValidVerdict): readonly string[] {
  if (silentCount === 0) return [];
  const lines = silent.map(
    ({ place, awaited }) =>
      `- ${prose(place)}: ${awaited.length === 0 ? 'no entry of `syncs` recognises a report about it' : awaited.map(prose).join('; or ')}`,
  );
  const more = silentCount > silent.length ? [`- and ${silentCount - silent.length} more`] : [];
  return [
    '',
    '**Not reported yet** (nothing is promoted from there until it is; the guides for Argo CD and Flux say how to send reports):',
    '',
    ...lines,
    ...more,
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function list(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ file, line, column, message, hint }) =>
    `- \`${file}:${line}:${column}\` ${prose(message)} ${prose(hint)}`.trimEnd(),
  );
}

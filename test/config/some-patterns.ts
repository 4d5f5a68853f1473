import fc from 'fast-check';
import type { Names } from '../../src/config/pattern.ts';
import { isName } from '../../src/domain/lane.ts';

const someName = fc
  .oneof(
    fc.constantFrom('dev', 'web', 'web-dev', 'dev-dev', 'us-dev', 'a', 'a.b', 'eu', 'eu-1', '1e3', 'x'.repeat(63)),
    fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,10}[A-Za-z0-9])?$/),
  )
  .filter(isName);

/** Names that are easily taken for each other. */
export const someNames: fc.Arbitrary<Names> = fc.record({
  application: someName,
  environment: someName,
  target: someName,
  namesTargets: fc.boolean(),
});

/** Patterns in which the names follow each other in any order, with any separator. */
export const somePatterns: fc.Arbitrary<string> = fc
  .tuple(
    fc.shuffledSubarray(['{application}', '{environment}', '[-{target}]', '{target}', '{application}'], {
      minLength: 1,
    }),
    fc.constantFrom('-', '/', '.', '--', '-x-'),
    fc.constantFrom('', 'apps/', 'web-'),
    fc.constantFrom('', '.yaml', '/dev'),
  )
  .map(([parts, separator, before, after]) => {
    return before + parts.map((part, index) => (index === 0 ? part : `${separator}${part}`)).join('') + after;
  });

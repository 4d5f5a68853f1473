import { describe, expect, test } from 'vitest';
import { describeVersion } from '../../src/domain/version.ts';

describe('describeVersion', () => {
  const digest = `sha256:${'5feceb66'.repeat(8)}`;

  test.each([
    [undefined, 'absent'],
    [{ value: 'v1.2' }, 'v1.2'],
    [{ tag: 'v1.2', digest }, 'v1.2 sha256:5feceb665fec…'],
    [{ repository: 'acme/web', tag: 'v1.2' }, 'acme/web v1.2'],
    [{ tag: '' }, "the chart's appVersion"],
    [{ value: '' }, "the chart's appVersion"],
    [{ repository: 'acme/web', tag: '', digest }, "acme/web the chart's appVersion sha256:5feceb665fec…"],
  ])('of %j is %s', (version, text) => {
    expect(describeVersion(version)).toBe(text);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseMarker,
  parseStatus,
  renderMarker,
  renderStatus,
  withRegion,
  withStatus,
} from '../../src/render/marker.ts';

const word = fc.stringMatching(/^[A-Za-z0-9._/+-]{1,40}$/);

describe('the hidden marker', () => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.record({ lane: word, candidate: word, says: word, title: word }), (marker) => {
        expect(parseMarker(`before\n${renderMarker(marker)}\nafter`)).toEqual(marker);
      }),
    );
  });

  test.each(['', '<!-- pawl:v1 lane=a -->', '<!-- pawl:v2 lane=a candidate=b says=c title=d -->'])(
    '%j is none',
    (text) => {
      expect(parseMarker(text)).toBeUndefined();
    },
  );
});

describe('the status at the top', () => {
  test('is read back and replaced, and what is around it stays', () => {
    const body = `A person's note\n\n${renderStatus('one', '> first')}\n\nmore`;
    expect(parseStatus(body)).toBe('one');
    const next = withStatus(body, 'live', '> $& second');
    expect(parseStatus(next)).toBe('live');
    expect(next).toBe(`A person's note\n\n${renderStatus('live', '> $& second')}\n\nmore`);
  });

  test('is found in a body that a browser sent with carriage returns', () => {
    const body = renderStatus('stopped:1', '> first').replaceAll('\n', '\r\n');
    expect(parseStatus(body)).toBe('stopped:1');
    expect(withStatus(body, 'open:2', '> second')).toBe(renderStatus('open:2', '> second'));
  });

  test('is put on top where a person removed it', () => {
    expect(withStatus('only text', 'live', '> x')).toBe(`${renderStatus('live', '> x')}\n\nonly text`);
  });
});

describe('our part of the body', () => {
  test('takes the place of the old one and keeps what people wrote around it', () => {
    const first = withRegion(undefined, 'one');
    expect(withRegion(`Please look, Bob.\n\n${first}\n\nThanks`, 'two')).toBe(
      'Please look, Bob.\n\n<!-- pawl:begin -->\ntwo\n<!-- pawl:end -->\n\nThanks',
    );
  });

  test('goes above a text from which a person removed it', () => {
    expect(withRegion('Mine now', 'two')).toBe('<!-- pawl:begin -->\ntwo\n<!-- pawl:end -->\n\nMine now');
  });
});

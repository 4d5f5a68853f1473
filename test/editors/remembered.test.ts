import { describe, expect, test } from 'vitest';
import { remembered } from '../../src/editors/remembered.ts';

describe('remembered', () => {
  const counting = (charactersMax: number) => {
    const asked: string[] = [];
    const work = remembered((text) => {
      asked.push(text);
      return text.toUpperCase();
    }, charactersMax);
    return { asked, work };
  };

  test('a text is worked on once', () => {
    const { asked, work } = counting(10);
    expect(['a', 'b', 'a', 'b'].map(work)).toEqual(['A', 'B', 'A', 'B']);
    expect(asked).toEqual(['a', 'b']);
  });

  test('what was asked about longest ago goes first', () => {
    const { asked, work } = counting(4);
    for (const text of ['aa', 'bb', 'aa', 'cc', 'aa', 'bb']) work(text);
    expect(asked).toEqual(['aa', 'bb', 'cc', 'bb']);
  });

  test('a text longer than everything that is kept is not, and drives nothing out', () => {
    const { asked, work } = counting(4);
    for (const text of ['aa', 'too long', 'aa', 'too long']) work(text);
    expect(asked).toEqual(['aa', 'too long', 'too long']);
  });

  test('results that are undefined are kept too', () => {
    let asked = 0;
    const work = remembered(() => {
      asked += 1;
      return undefined;
    }, 4);
    work('a');
    work('a');
    expect(asked).toBe(1);
  });
});

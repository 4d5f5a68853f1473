import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTokenOctokit } from '../../src/github/octokit.ts';
import { createTokens } from '../../src/github/tokens.ts';
import { apiUrl, playToken, setStage } from './stage.ts';

beforeEach(() => nock.disableNetConnect());

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

function tokensOn({ clock, context }: ReturnType<typeof setStage>) {
  const signIn = (token: string) => createTokenOctokit({ apiUrl, timeoutMs: 1000 }, token);
  return createTokens({ app: signIn('the App'), signIn, clock, log: context.log });
}

test('only the token that was refused is dropped, not the one that has taken its place', async () => {
  const stage = setStage();
  const tokens = tokensOn(stage);
  playToken('ghs_first');
  const first = await tokens.get(7);
  tokens.drop(7, first);
  stage.clock.advance(1);
  playToken('ghs_second');
  const second = await tokens.get(7);
  expect(second).not.toBe(first);
  tokens.drop(7, first);
  expect(await tokens.get(7)).toBe(second);
});

test('each installation has its own', async () => {
  const tokens = tokensOn(setStage());
  playToken('ghs_first');
  nock(apiUrl).post('/app/installations/8/access_tokens').reply(201, { token: 'ghs_other' });
  expect(await tokens.get(7)).not.toBe(await tokens.get(8));
});

test('an answer without a token is none', async () => {
  nock(apiUrl).post('/app/installations/7/access_tokens').reply(201, { expires_at: '2026-03-01T13:00:00Z' });
  await expect(tokensOn(setStage()).get(7)).rejects.toThrow('not as documented');
});

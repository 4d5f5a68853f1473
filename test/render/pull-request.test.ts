import { describe, expect, test } from 'vitest';
import { type Reason, reason } from '../../src/domain/reason.ts';
import { plan } from '../../src/promotion/plan.ts';
import type { Proposal } from '../../src/promotion/proposal.ts';
import { renderCommit } from '../../src/render/commit.ts';
import { parseMarker, parseStatus } from '../../src/render/marker.ts';
import { isPersonsDraft, renderNotice, renderPullRequest } from '../../src/render/pull-request.ts';
import { aRevision, aSnapshot, kustomization, noonMs, type World } from '../build/a-snapshot.ts';

function proposed(world: World = {}): { readonly proposal: Proposal; readonly why: Reason } {
  const [lane] = plan(aSnapshot(world)).lanes;
  const action = lane?.actions.find(({ kind }) => kind === 'propose');
  if (lane === undefined || action?.kind !== 'propose') throw new Error('nothing is proposed');
  return { proposal: action.proposal, why: lane.why };
}

const repoUrl = 'https://github.com/acme/config';
const promoted = { merged: [{ before: '0.9', after: '1.0' }] };

function rendered(world: World = {}) {
  return renderPullRequest({ ...proposed(world), present: undefined });
}

describe('a promotion pull request', () => {
  test('says in its first words what it waits for', () => {
    const { title, body } = rendered({ lane: promoted });
    expect(title).toBe('Promote web 1.1 to staging');
    expect(body).toContain(
      '> **Ready for review:** it runs healthy in dev. staging changes when you merge, not before.',
    );
  });

  test('shows what moves from where to where, the proof, the lines, what stays and how to undo it', () => {
    const { body } = rendered({ lane: promoted });
    expect(body).toContain('| web | `web` | `1.0` | **`1.1`** |');
    expect(body).toContain(
      `| dev | [\`a100000\`](${repoUrl}/commit/${aRevision('a1')}) | healthy since 24 Nov 2026, 09:50 UTC | Argo CD \`main:argocd/web-dev\` |`,
    );
    expect(body).toContain('-  newTag: 1.0\n+  newTag: "1.1"');
    expect(body).toContain('`apps/web/staging/kustomization.yaml: replicas[web].count` stays `3` (source: `1`)');
    expect(body).toContain('staging goes back to `1.0`');
  });

  test('says when the source of a proof could not have reported a failure', () => {
    const { proposal, why } = proposed({ lane: promoted });
    const proofs = proposal.candidate.proofs.map((proof) => {
      const report = { ...proof.evidence.report, source: 'github-status', successOnly: true } as const;
      return { ...proof, evidence: { ...proof.evidence, report } };
    });
    const told = { ...proposal, candidate: { ...proposal.candidate, proofs } };
    const { body } = renderPullRequest({ proposal: told, why, present: undefined });
    expect(body).toContain(
      'healthy since 24 Nov 2026, 09:50 UTC (this source can report success only) | commit status',
    );
  });

  test('names the target in every row when there are several', () => {
    const { body } = rendered({ lane: { current: { eu: '1.0', us: '1.0' }, ...promoted } });
    expect(body).toContain('| web | `web` | `eu` | `1.0` | **`1.1`** |');
    expect(body).toContain('| web | `web` | `us` | `1.0` | **`1.1`** |');
  });

  test('says that it is the first of its lane', () => {
    expect(rendered().body).toContain('the first promotion into staging');
  });

  test('says who changed what outside promotion', () => {
    const { body } = rendered({ lane: { current: { staging: '1.0-hotfix' }, ...promoted } });
    expect(body).toContain('staging was changed outside promotion');
    expect(body).toContain(
      '`web` is `1.0-hotfix` (promoted as `1.0`), last changed by erin on 24 Nov 2026, 09:00 UTC: Hotfix',
    );
  });

  test('is not said anew when only times and revisions are new', () => {
    const first = rendered({ lane: promoted });
    const again = proposed({ source: { dev: { revision: aRevision('a2') } }, lane: promoted, nowMs: noonMs + 1 });
    expect(renderPullRequest({ ...again, present: first }).changed).toBe(false);
  });

  test('is said anew when the candidate is', () => {
    const first = rendered({ lane: promoted });
    const next = renderPullRequest({
      ...proposed({ source: { dev: { tag: '1.2' } }, lane: promoted }),
      present: first,
    });
    expect(next).toMatchObject({ changed: true, title: 'Promote web 1.2 to staging' });
    expect(next.body).not.toContain('1.1');
  });

  test('leaves a title and a note of a person alone', () => {
    const first = rendered({ lane: promoted });
    const present = { title: 'URGENT', body: `Bob, please look.\n\n${first.body}` };
    const next = renderPullRequest({
      ...proposed({ source: { dev: { tag: '1.2' } }, lane: promoted }),
      present,
    });
    expect(next.title).toBe('URGENT');
    expect(next.body.startsWith('Bob, please look.\n\n')).toBe(true);
  });

  test('stays below GitHub’s limit however long the files are', () => {
    const settings = `replicas:\n${Array.from({ length: 4000 }, (_, index) => `- name: "app-${index}"\n  count: 1`).join('\n')}\n`;
    const texts = { staging: kustomization('1.0', settings) };
    const { body } = rendered({ lane: { texts, ...promoted } });
    expect(body.length).toBeLessThan(65_000);
    expect(body).toContain('| web | `web` | `1.0` | **`1.1`** |');
  });
});

describe('a stopped pull request', () => {
  const why = reason('bad', 'dev does not prove a candidate for staging.', [
    reason('bad', 'dev is degraded: @all look <!-- x -->'),
  ]);

  test('says so on top, once, and keeps the rest', () => {
    const first = rendered({ lane: promoted });
    const stopped = renderNotice({ why, proposal: undefined }, { ...first, draft: false });
    expect(stopped.changed).toBe(true);
    expect(stopped.body).toContain('**Stopped:** dev does not prove a candidate for staging. Do not merge it now.');
    expect(stopped.body).toContain('| web | `web` | `1.0` | **`1.1`** |');
    expect(stopped.body).not.toContain('@all');
    expect(renderNotice({ why, proposal: undefined }, { ...stopped, draft: true }).changed).toBe(false);
  });

  test('is said anew when it goes on', () => {
    const first = rendered({ lane: promoted });
    const present = renderNotice({ why, proposal: undefined }, { ...first, draft: false });
    const next = renderPullRequest({ ...proposed({ lane: promoted }), present });
    expect(next.changed).toBe(true);
    expect(parseStatus(next.body)).toBe(parseStatus(first.body));
    expect(parseMarker(next.body)).toEqual(parseMarker(first.body));
  });
});

describe('a pull request a person has in hand', () => {
  test('announces a newer candidate and goes on saying what its branch holds', () => {
    const first = rendered({ lane: promoted });
    const { proposal } = proposed({ source: { dev: { tag: '1.2' } }, lane: promoted });
    const why = reason('pinned', 'It has been reviewed, so it stays as it is. Another candidate waits.');
    const next = renderNotice({ why, proposal }, { ...first, draft: false });
    expect(next).toMatchObject({ changed: true, title: 'Promote web 1.1 to staging' });
    expect(next.body).toContain('> **Note:** It has been reviewed, so it stays as it is. Another candidate waits.');
    expect(next.body).toContain('| web | `web` | `1.0` | **`1.1`** |');
    expect(next.body).not.toContain('1.2');
    expect(renderNotice({ why, proposal }, { ...next, draft: false }).changed).toBe(false);
  });
});

describe('a draft', () => {
  const why = reason('bad', 'dev does not prove a candidate for staging.');

  test('that is one because it was stopped is ours, also after a browser edited the text', () => {
    const stopped = renderNotice(
      { why, proposal: undefined },
      {
        ...rendered({ lane: promoted }),
        draft: false,
      },
    );
    expect(isPersonsDraft({ ...stopped, draft: true })).toBe(false);
    expect(isPersonsDraft({ ...stopped, body: stopped.body.replaceAll('\n', '\r\n'), draft: true })).toBe(false);
  });

  test('that a person made stays theirs, also when it was stopped in between', () => {
    const ready = { ...rendered({ lane: promoted }), draft: true };
    expect(isPersonsDraft(ready)).toBe(true);
    expect(isPersonsDraft({ ...renderNotice({ why, proposal: undefined }, ready), draft: true })).toBe(true);
  });

  test('that is one because of drift is ours', () => {
    const drift = rendered({ lane: { current: { staging: '1.0-hotfix' }, ...promoted } });
    expect(isPersonsDraft({ ...drift, draft: true })).toBe(false);
  });
});

test('very many targets still fit', () => {
  const source = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`cluster-${index}`, {}]));
  const { body } = rendered({ source, lane: promoted });
  expect(body.length).toBeLessThan(60_000);
  expect(body).toContain('…and 350 more targets, every one of them healthy with these versions.');
});

describe('its commit', () => {
  test('names application, environments, revision and candidate in trailers', () => {
    const { headline, body } = renderCommit(proposed({ lane: promoted }).proposal);
    expect(headline).toBe('Promote web 1.1 to staging');
    expect(body.split('\n\n').at(-1)).toMatch(
      /^Pawl-Application: web\nPawl-From: dev\nPawl-To: staging\nPawl-Revision: a1[0-9a-f]{38}\nPawl-Candidate: [0-9a-f]{64}$/,
    );
  });
});

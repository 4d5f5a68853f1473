import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { appToken, client } from './client.ts';
import { inner } from './fields.ts';
import { type HookReceiver, receiveHooks } from './hook-receiver.ts';
import { LocalGitHub } from './local-github.ts';
import { webhookComplaints } from './openapi.ts';
import type { AppHandle } from './people.ts';
import { type Stage, stage } from './stage.ts';

const permissions = {
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'write',
  deployments: 'write',
} as const;
const events = [
  'push',
  'create',
  'delete',
  'pull_request',
  'pull_request_review',
  'issue_comment',
  'check_run',
  'status',
  'deployment',
  'deployment_status',
  'repository_dispatch',
];
const secret = 'It is a secret to everybody';

describe('webhooks', () => {
  let github: LocalGitHub;
  let receiver: HookReceiver;
  let app: AppHandle;
  let on: Stage;
  /** Hooks before the test's own. */
  let before = 0;

  beforeAll(async () => {
    github = await LocalGitHub.start();
    receiver = await receiveHooks();
    app = github.createApp({ slug: 'pawl', permissions, events, webhookSecret: secret, webhookUrl: receiver.url });
  });
  afterAll(async () => {
    expect(github.violations).toEqual([]);
    await github.stop();
    await receiver.stop();
  });
  beforeEach(async () => {
    receiver.answerWith(202);
    on = await stage(github, app);
    await github.idle();
    before = receiver.hooks.length;
  });

  const names = async () => {
    await github.idle();
    return receiver.names().slice(before);
  };
  const payloads = () => receiver.hooks.slice(before).map((hook) => hook.payload);

  test('each is signed, has an id of its own, and says where it comes from', async () => {
    github.commit(on.repo, { files: { 'dev/web.yaml': 'tag: v3\n' }, message: 'Größer' });
    await github.idle();
    const hook = receiver.hooks.at(-1);
    expect(hook?.headers).toMatchObject({
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret)
        .update(hook?.body ?? '')
        .digest('hex')}`,
      'x-github-event': 'push',
      'x-github-delivery': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'x-github-hook-installation-target-id': `${app.id}`,
      'x-github-hook-installation-target-type': 'integration',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
      'content-type': 'application/json',
    });
    expect(new Set(receiver.hooks.map((one) => one.guid)).size).toBe(receiver.hooks.length);
    const [repository] = [inner(hook?.payload ?? {}, 'repository')];
    expect(repository).toMatchObject({ full_name: on.repo, default_branch: 'main', owner: { login: 'acme' } });
    expect(hook?.payload).toMatchObject({
      installation: { id: expect.any(Number) },
      sender: { login: 'alex', type: 'User' },
    });
  });

  test('a push says what it added, changed and removed, and whether it was forced', async () => {
    const old = github.head(on.repo, 'main');
    const sha = github.commit(on.repo, {
      files: { 'new.txt': 'n', 'dev/web.yaml': 'tag: v3\n', 'prod/web.yaml': null },
    });
    github.createBranch(on.repo, 'x');
    github.forcePush(on.repo, 'x', { to: old ?? '' });
    github.deleteBranch(on.repo, 'x');
    expect(await names()).toEqual(['push', 'push', 'create', 'push', 'push', 'delete']);
    const pushes = payloads().filter((payload) => 'forced' in payload);
    expect(pushes[0]).toMatchObject({
      ref: 'refs/heads/main',
      before: old,
      after: sha,
      forced: false,
      created: false,
      commits: [
        {
          id: sha,
          added: ['new.txt'],
          modified: ['dev/web.yaml'],
          removed: ['prod/web.yaml'],
          author: { username: 'alex' },
        },
      ],
    });
    expect(pushes[1]).toMatchObject({ ref: 'refs/heads/x', before: '0'.repeat(40), created: true, commits: [] });
    expect(pushes[2]).toMatchObject({ before: sha, after: old, forced: true, commits: [] });
    expect(pushes[3]).toMatchObject({ after: '0'.repeat(40), deleted: true, head_commit: null });
  });

  test('a pull request tells its life, and the bot hears of its own deeds too', async () => {
    await on.promote('x');
    github.commit(on.repo, { branch: 'x', files: { 'note.txt': 'n' } });
    github.edit(on.repo, 1, { title: 'Better', draft: true });
    github.edit(on.repo, 1, { draft: false });
    github.close(on.repo, 1);
    github.reopen(on.repo, 1);
    const sha = github.merge(on.repo, 1);
    expect(await names()).toEqual([
      'push',
      'create',
      'push',
      'pull_request opened',
      'push',
      'pull_request synchronize',
      'pull_request edited',
      'pull_request converted_to_draft',
      'pull_request ready_for_review',
      'pull_request closed',
      'pull_request reopened',
      'push',
      'pull_request closed',
    ]);
    expect(payloads()[3]).toMatchObject({
      sender: { login: 'pawl[bot]', type: 'Bot' },
      pull_request: { user: { login: 'pawl[bot]', type: 'Bot' }, merged: false },
    });
    expect(payloads()[6]).toMatchObject({ changes: { title: { from: 'Promote web' } } });
    expect(payloads()[9]).toMatchObject({ pull_request: { state: 'closed', merged: false, merge_commit_sha: null } });
    expect(payloads().at(-1)).toMatchObject({
      pull_request: {
        merged: true,
        merge_commit_sha: sha,
        merged_by: { login: 'alex' },
        head: { ref: 'x' },
        base: { ref: 'main' },
      },
    });
  });

  test('every payload is as GitHub describes it', async () => {
    await on.promote('x');
    github.commit(on.repo, { branch: 'x', files: { 'note.txt': 'n' } });
    github.comment(on.repo, 1, { body: '/hold' });
    const comment = github.comment(on.repo, 1, { body: 'Held.', by: app });
    github.editComment(on.repo, comment, { body: 'Held by alex.', by: app });
    github.review(on.repo, 1, { event: 'APPROVE' });
    github.edit(on.repo, 1, { title: 'Better', draft: true, addLabels: ['promotion'] });
    github.edit(on.repo, 1, { draft: false, removeLabels: ['promotion'] });
    github.close(on.repo, 1);
    github.reopen(on.repo, 1);
    github.postStatus(on.repo, 'x', { state: 'success', context: 'argocd/web' });
    const deployment = github.postDeployment(on.repo, { ref: 'main', environment: 'dev' });
    github.postDeploymentStatus(on.repo, deployment, { state: 'success' });
    github.postCheckRun(on.repo, 'x', { name: 'sync', conclusion: 'success', by: app });
    github.dispatch(on.repo, 'synced', { payload: { application: 'web' } });
    github.merge(on.repo, 1);
    github.deleteBranch(on.repo, 'x');
    github.uninstall(app, 'acme', [on.repo]);
    github.uninstall(app, 'acme');
    await github.idle();
    const complaints = receiver.hooks.map((hook) => [
      hook.event,
      hook.payload['action'],
      ...webhookComplaints(hook.event, hook.payload),
    ]);
    expect(complaints.filter((one) => one.length > 2)).toEqual([]);
    expect(new Set(receiver.hooks.map((hook) => hook.event))).toEqual(
      new Set([...events, 'installation', 'installation_repositories']),
    );
  });

  test('nothing is sent twice by itself, whatever the answer; what was sent can be listed and sent again', async () => {
    receiver.answerWith(500);
    github.dispatch(on.repo, 'first');
    github.loseDeliveries(1, 'repository_dispatch');
    github.dispatch(on.repo, 'second');
    expect(await names()).toEqual(['repository_dispatch first']);
    receiver.answerWith(202);

    const own = client(github, appToken(app));
    const first = await own.rest('GET', '/app/hook/deliveries?per_page=1');
    expect(first).toMatchObject({
      status: 200,
      body: [{ event: 'repository_dispatch', action: 'second', status_code: 0, redelivery: false }],
    });
    const next = /<[^>]*[?&](cursor=[^&>]+)[^>]*>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await own.rest('GET', `/app/hook/deliveries?per_page=1&${next}`);
    expect(second).toMatchObject({ body: [{ action: 'first', status_code: 500 }] });

    const { id, guid } = Array.isArray(first.body) ? first.body[0] : {};
    const detail = await own.rest('GET', `/app/hook/deliveries/${id}`);
    expect(detail).toMatchObject({
      status: 200,
      body: { guid, request: { payload: { action: 'second' }, headers: { 'x-github-event': 'repository_dispatch' } } },
    });
    expect(await own.rest('POST', `/app/hook/deliveries/${id}/attempts`)).toMatchObject({ status: 202 });
    expect(await names()).toEqual(['repository_dispatch first', 'repository_dispatch second']);
    expect(receiver.hooks.at(-1)?.guid).toBe(guid);
    expect(github.deliveries().at(-1)).toMatchObject({ guid, redelivery: true, statusCode: 202, status: 'OK' });
  });

  test('an App hears only of what it subscribed to, where it is installed', async () => {
    const quiet = await receiveHooks();
    const narrow = github.createApp({
      slug: 'narrow',
      permissions: { pull_requests: 'read' },
      events: ['pull_request'],
      webhookSecret: 's',
      webhookUrl: quiet.url,
    });
    github.install(narrow, 'acme', [on.repo]);
    const elsewhere = github.createRepo({ owner: 'acme', name: 'unheard', files: { a: 'a' } }).fullName;
    await on.promote('x');
    github.commit(elsewhere, { files: { a: 'b' } });
    await github.idle();
    expect(quiet.names()).toEqual(['installation created', 'pull_request opened']);
    await quiet.stop();
    const asked = { slug: 'greedy', permissions: {}, events: ['push'], webhookSecret: 's' };
    expect(() => github.createApp(asked)).toThrow('cannot subscribe to push without the permission contents');
  });
});

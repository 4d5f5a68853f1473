import { createHmac } from 'node:crypto';

/** What one target of an application reports. Times in epoch milliseconds. */
export interface ControllerReport {
  readonly application: string;
  readonly environment: string;
  readonly target?: string;
  readonly revision: string;
  readonly state?: 'healthy' | 'degraded' | 'failed' | 'progressing';
  readonly atMs?: number;
  /** Counter of syncs of this Application in Argo CD. */
  readonly syncId?: number;
  /** What the controller says beside it. */
  readonly message?: string;
}

/** Tells the time, epoch milliseconds. */
export type Now = () => number;

export interface Sent {
  readonly status: number;
  readonly body: string;
}

export interface ArgoCdOptions {
  readonly url: () => Promise<string>;
  readonly instance: string;
  readonly token: string;
  /** Clone address of the config repo. */
  readonly repoUrl: string;
  readonly now: Now;
}

/** Argo CD's notifications, as the configuration in the docs makes them. */
export class ArgoCd {
  readonly #options: ArgoCdOptions;
  #syncs = 0;

  constructor(options: ArgoCdOptions) {
    this.#options = options;
  }

  async report(report: ControllerReport): Promise<Sent> {
    return this.send(this.body(report));
  }

  body(report: ControllerReport): string {
    return JSON.stringify(this.state(report));
  }

  /** The state of one Application, as the template of the docs puts it together. */
  state(report: ControllerReport): object {
    const { application, environment, target, revision, state = 'healthy', atMs = this.#options.now() } = report;
    this.#syncs += 1;
    const name = [application, environment, ...(target === undefined ? [] : [target])].join('-');
    const at = new Date(atMs).toISOString();
    const path = ['apps', application, environment, ...(target === undefined ? [] : [target])].join('/');
    const source = { path, repoURL: this.#options.repoUrl, revision, targetRevision: 'main' };
    return {
      schema: 'argocd-app-state/v1',
      event: state === 'healthy' ? 'deployed' : state === 'failed' ? 'sync-failed' : 'degraded',
      argocd: { instance: this.#options.instance, url: 'https://argocd.example.com' },
      app: {
        name,
        namespace: 'argocd',
        uid: `uid-${name}`,
        project: 'default',
        labels: { 'pawl.dev/environment': environment },
        destination: { namespace: application, server: 'https://kubernetes.default.svc' },
      },
      deployed: { id: report.syncId ?? this.#syncs, deployStartedAt: at, deployedAt: at, sources: [source] },
      operation: {
        phase: state === 'failed' ? 'Failed' : 'Succeeded',
        message:
          state === 'failed'
            ? (report.message ?? 'one or more objects failed to apply')
            : 'successfully synced (all tasks run)',
        startedAt: at,
        finishedAt: at,
        initiatedBy: { automated: true },
        dryRun: false,
        partial: false,
        sources: [source],
      },
      sync: { status: 'Synced', revision },
      health: {
        status: state === 'degraded' ? 'Degraded' : state === 'progressing' ? 'Progressing' : 'Healthy',
        lastTransitionTime: at,
        ...(state === 'degraded' ? { message: report.message ?? 'Deployment exceeded its progress deadline' } : {}),
      },
      hydrator: {},
      images: null,
    };
  }

  async send(body: string): Promise<Sent> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#options.token}` };
    return post(`${await this.#options.url()}/ingest/argocd`, body, headers);
  }
}

export interface FluxOptions {
  readonly url: () => Promise<string>;
  /** Secret of every cluster, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** `owner/name` of the config repo. */
  readonly repository: string;
  readonly now: Now;
}

/** Flux's notification-controller with a `generic-hmac` provider, as the configuration in the docs makes it. */
export class Flux {
  readonly #options: FluxOptions;

  constructor(options: FluxOptions) {
    this.#options = options;
  }

  async report(report: ControllerReport): Promise<Sent> {
    const { environment, target } = report;
    const cluster = [environment, ...(target === undefined ? [] : [target])].join('-');
    return this.send(cluster, this.body(report));
  }

  body(report: ControllerReport): string {
    const { application, environment, target, revision, state = 'healthy', atMs = this.#options.now() } = report;
    const cluster = [environment, ...(target === undefined ? [] : [target])].join('-');
    const healthy = state === 'healthy';
    return JSON.stringify({
      involvedObject: {
        kind: 'Kustomization',
        namespace: 'flux-system',
        name: application,
        uid: `uid-${application}-${cluster}`,
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      },
      severity: healthy ? 'info' : 'error',
      timestamp: new Date(atMs).toISOString(),
      message: healthy
        ? 'Reconciliation finished in 12.3s, next run in 10m0s'
        : (report.message ?? 'health check failed after 5m0s: timeout'),
      reason: healthy ? 'ReconciliationSucceeded' : 'HealthCheckFailed',
      metadata: { cluster, environment, repository: this.#options.repository, revision: `main@sha1:${revision}` },
      reportingController: 'kustomize-controller',
      reportingInstance: 'kustomize-controller-0',
    });
  }

  async send(cluster: string, body: string): Promise<Sent> {
    const secret = this.#options.secrets[cluster] ?? '';
    const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const headers = {
      'content-type': 'application/json',
      'gotk-component': 'kustomize-controller',
      'x-signature': signature,
    };
    return post(`${await this.#options.url()}/ingest/flux`, body, headers);
  }
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<Sent> {
  const answer = await fetch(url, { method: 'POST', body, headers });
  return { status: answer.status, body: await answer.text() };
}

import { instanceSecretCharactersMin, webhookSecretCharactersMin } from './secrets.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One row of the table of settings in the documentation. Without a fallback it must be set. */
export interface SettingRow {
  readonly name: string;
  readonly fallback: string | undefined;
  readonly summary: string;
}

export const settingRows: readonly SettingRow[] = [
  { name: 'APP_ID', fallback: undefined, summary: 'Number of the GitHub App, from its settings page.' },
  {
    name: 'PRIVATE_KEY',
    fallback: undefined,
    summary:
      'Private key of the App: the PEM text, the same with `\\n` for line breaks, or its base64. Or use `PRIVATE_KEY_PATH`.',
  },
  {
    name: 'PRIVATE_KEY_PATH',
    fallback: 'none',
    summary: 'File that holds the private key, in place of `PRIVATE_KEY`.',
  },
  {
    name: 'WEBHOOK_SECRET',
    fallback: undefined,
    summary: `Webhook secret of the App, at least ${webhookSecretCharactersMin} characters.`,
  },
  {
    name: 'WEBHOOK_SECRET_PREVIOUS',
    fallback: 'none',
    summary: 'The secret before it. Set it while you exchange the secret, and remove it afterwards.',
  },
  {
    name: 'PAWL_ARGOCD_TOKENS',
    fallback: 'none',
    summary: `Bearer tokens of Argo CD instances: \`name=token\`, separated by commas or line breaks, at least ${instanceSecretCharactersMin} characters each. A name given twice has an old and a new token.`,
  },
  {
    name: 'PAWL_ARGOCD_TOKENS_PATH',
    fallback: 'none',
    summary: 'File that holds them, in place of `PAWL_ARGOCD_TOKENS`.',
  },
  {
    name: 'PAWL_FLUX_SECRETS',
    fallback: 'none',
    summary: 'Secrets of Flux clusters for providers of type `generic-hmac`, written in the same way.',
  },
  {
    name: 'PAWL_FLUX_SECRETS_PATH',
    fallback: 'none',
    summary: 'File that holds them, in place of `PAWL_FLUX_SECRETS`.',
  },
  {
    name: 'HOST',
    fallback: '127.0.0.1',
    summary: 'Address to listen on. Set it to `0.0.0.0` in a container, or nothing reaches it.',
  },
  { name: 'PORT', fallback: '3000', summary: 'Port to listen on.' },
  {
    name: 'DATA_DIR',
    fallback: 'data',
    summary: 'Folder of the database, on a local disk. One process has it to itself; it is made if it is missing.',
  },
  {
    name: 'GITHUB_API_URL',
    fallback: 'https://api.github.com',
    summary: "Address of GitHub's API; `https://HOST/api/v3` for GitHub Enterprise Server.",
  },
  { name: 'LOG_LEVEL', fallback: 'info', summary: `What is logged: ${logLevels.join(', ')}.` },
];

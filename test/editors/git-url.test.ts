import { expect, test } from 'vitest';
import { repositoryName } from '../../src/editors/git-url.ts';

test.each([
  ['https://github.com/acme/config.git'],
  ['https://github.com/acme/config'],
  ['https://github.com/acme/config/'],
  ['https://bot:secret@github.com/acme/config.git'],
  ['ssh://git@github.com/acme/config.git'],
  ['git@github.com:acme/config.git'],
  ['github.com:acme/config'],
])('%s is one repository', (url) => {
  expect(repositoryName(url)).toBe('github.com/acme/config');
});

test.each([
  ['https://git.example.com:8443/acme/config.git', 'git.example.com:8443/acme/config'],
  ['ssh://git@git.example.com:22/acme/config', 'git.example.com:22/acme/config'],
  ['https://dev.azure.com/acme/shop/_git/config', 'dev.azure.com/acme/shop/_git/config'],
  ['{{ .repoURL }}', '{{ .repoURL }}'],
  ['', ''],
])('%s is %s', (url, name) => {
  expect(repositoryName(url)).toBe(name);
});

import { describe, expect, test } from 'vitest';
import { isRepository, normaliseRepository } from '../../src/sources/repository.ts';

describe('normaliseRepository', () => {
  test.each([
    'https://github.com/acme/gitops-config.git',
    'https://github.com/acme/gitops-config',
    'https://github.com/acme/gitops-config/',
    'https://github.com/acme/gitops-config.git/',
    'HTTPS://GitHub.com/Acme/GitOps-Config.git',
    'http://github.com/acme/gitops-config',
    'https://x-access-token:ghs_secret@github.com/acme/gitops-config.git',
    'https://www.github.com/acme/gitops-config',
    'https://github.com:443/acme/gitops-config',
    'git@github.com:acme/gitops-config.git',
    'org-123@github.com:acme/gitops-config.git',
    'git@github.com:/acme/gitops-config',
    'ssh://git@github.com/acme/gitops-config.git',
    'ssh://git@github.com:22/acme/gitops-config.git',
    'ssh://git@ssh.github.com:443/acme/gitops-config.git',
    'git://github.com/acme/gitops-config.git',
    'git+ssh://git@github.com/acme/gitops-config',
    'github.com/acme/gitops-config',
    '  https://github.com/acme/gitops-config\n',
  ])('%j is one and the same repo', (address) => {
    expect(normaliseRepository(address)).toBe('github.com/acme/gitops-config');
  });

  test.each([
    ['acme/gitops-config', 'acme/gitops-config'],
    ['Acme/.github', 'acme/.github'],
    ['acme/config.git', 'acme/config'],
    ['octo_acme/x_y.z', 'octo_acme/x_y.z'],
    ['https://git.example.com:8443/acme/config.git', 'git.example.com/acme/config'],
    ['https://ghe/acme/config', 'ghe/acme/config'],
  ])('%j is %s', (address, expected) => {
    expect(normaliseRepository(address)).toBe(expected);
  });

  test.each([
    '',
    'gitops-config',
    'https://github.com/acme',
    'https://gitlab.com/group/sub/config.git',
    'https://github.com/acme/gitops-config/tree/main',
    'oci://ghcr.io/acme/charts',
    'file:///srv/git/config.git',
    'acme/..',
    'acme/.git',
    'acme/a b',
    'acme/a%2fb',
    'https://github.com/acme/config?ref=main',
    'https://github.com@evil@x/acme/config',
    `acme/${'x'.repeat(500)}`,
  ])('%j is no repo on a GitHub', (address) => {
    expect(normaliseRepository(address)).toBeUndefined();
  });
});

test.each([
  ['github.com/acme/config', 'Acme/Config', true],
  ['acme/config', 'Acme/Config', true],
  ['github.com/acme/config', 'acme/config-2', false],
  ['github.com/acme/config', 'github.com/acme', false],
  ['github.com/other/config', 'acme/config', false],
])('%s is the repo %s: %s', (normalised, fullName, same) => {
  expect(isRepository(normalised, fullName)).toBe(same);
});

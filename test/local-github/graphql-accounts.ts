import type { Account } from './accounts.ts';
import { fieldsOf, type GraphNode, node, type TypeFields } from './graphql-nodes.ts';
import { accountPage } from './json-repo.ts';

/** An author: an App's bot is a Bot here. */
export function actorNode(account: Account): GraphNode {
  return node(account.type, { account });
}

const user = fieldsOf('User', {
  id: ({ account }) => account.nodeId,
  databaseId: ({ account }) => account.id,
  login: ({ account }) => account.login,
  url: ({ account }, _args, scope) => accountPage(scope.world, account),
});

const bot = fieldsOf('Bot', {
  id: ({ account }) => account.nodeId,
  databaseId: ({ account }) => account.id,
  // GraphQL's Bot goes by the App's slug; REST, `viewer` and the authors of commits say `slug[bot]`. Clients must know both.
  login: ({ account }) => account.login.replace(/\[bot\]$/, ''),
  url: ({ account }, _args, scope) => accountPage(scope.world, account),
});

const organization = fieldsOf('Organization', {
  id: ({ account }) => account.nodeId,
  databaseId: ({ account }) => account.id,
  login: ({ account }) => account.login,
  url: ({ account }, _args, scope) => accountPage(scope.world, account),
});

export const accountTypes: Readonly<Record<string, TypeFields>> = { User: user, Bot: bot, Organization: organization };

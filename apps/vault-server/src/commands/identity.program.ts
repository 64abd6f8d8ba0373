import type { Command } from 'commander';
import type { NewAdministrator } from './identity.command.ts';

// Loaded by who needs it: a program begins sooner without the rest.
const loadIdentity = () => import('./identity.command.ts');

const BESIDE_A_SERVER =
  '\nWith the built-in database the server must be stopped; the API does the same while it runs.\nExit codes: 0 done, 1 not';

/** `vault-server user …` and `vault-server auth …` */
export function addIdentityCommands(program: Command): void {
  addUserCommands(program);
  addAuthCommands(program);
}

function addUserCommands(program: Command): void {
  const user = program.command('user').description('people who may sign in');

  user
    .command('create-admin')
    .description('make an administrator; the first password is said once')
    .requiredOption('--email <address>', 'to sign in with')
    .option('--tenant <name>', 'whose', 'default')
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `\nExample:\n  vault-server user create-admin --email ada@example.org --json\n${BESIDE_A_SERVER}`,
    )
    .action(async (options: NewAdministrator) => {
      process.exitCode = await (await loadIdentity()).createAdministrator(options);
    });

  user
    .command('unlock')
    .description('let somebody sign in again at once, after too many failures or a lock')
    .requiredOption('--email <address>', 'of the user')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', BESIDE_A_SERVER)
    .action(async (options: { email: string; json: boolean }) => {
      process.exitCode = await (await loadIdentity()).unblockUser(options);
    });
}

function addAuthCommands(program: Command): void {
  const auth = program.command('auth').description('what was given out to get in with: take it back, see what it did');

  auth
    .command('revoke-all')
    .description('end every session of everyone, on every server within two seconds and without a restart')
    .option('--user <address>', 'only those of one user')
    .option('--api-keys', 'revoke API keys too', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `\nExample:\n  vault-server auth revoke-all --user ada@example.org --api-keys\n${BESIDE_A_SERVER}`,
    )
    .action(async (options: { user?: string; apiKeys: boolean; json: boolean }) => {
      process.exitCode = await (await loadIdentity()).revokeAll(options);
    });

  auth
    .command('touched')
    .description('list what a user, a session or an API key did, to what, and how often')
    .argument('<credential>', 'an e-mail address, ses_… or key_…')
    .option('--json', 'print one JSON object a line', false)
    .addHelpText('after', BESIDE_A_SERVER)
    .action(async (credential: string, { json }: { json: boolean }) => {
      process.exitCode = await (await loadIdentity()).touched({ credential, json });
    });
}

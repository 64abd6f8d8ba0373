import { Argument, type Command } from 'commander';
import type { KeysOptions } from './keys.command.ts';
import type { InspectOptions, RestoreOptions } from './storage.command.ts';

// Loaded by who needs it: a program begins sooner without the rest.
const loadKeys = () => import('./keys.command.ts');
const loadStorage = () => import('./storage.command.ts');
const loadVerify = () => import('./verify.command.ts');

const VERIFY_HELP = `
Example:
  vault-server verify --deep --json

Compares the database with the store, each commit with its Merkle root, and the audit with its chain. With --deep every
object is read and opened, and every record compared with what was committed. Nothing is changed.
Exit codes: 0 whole (objects that nothing names are listed all the same), 1 damaged or not to be looked at`;

const STORAGE_HELP = `
Example:
  vault-server storage restore --key data/0199a8f2-1111-7000-8000-000000000001 --version-id 3HL4kqtJlcpXroDTDmJ`;
const KEYS_HELP = `
Example:
  vault-server keys rotate root && vault-server keys census

No record is encrypted again: a new root key wraps the tenants' keys, a new tenant key those of its segments.
With a keyring file the server must be stopped for a new root key.`;

/** `vault-server verify`, `storage` and `keys`. */
export function addIntegrityCommands(program: Command): void {
  program
    .command('verify')
    .description('whether the vault is whole: what the database names is there, opens, and is what was committed')
    .option('--deep', 'read and open every object', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', VERIFY_HELP)
    .action(async (options: { deep: boolean; json: boolean }) => {
      process.exitCode = await (await loadVerify()).verify(options);
    });

  addStorageCommands(program);
  addKeysCommands(program);
}

function addStorageCommands(program: Command): void {
  const storage = program.command('storage').description('look at one stored object, or put an earlier version back');

  storage
    .command('inspect')
    .description('what an object is: a file by its header, a stored one also by its row, and whether it opens')
    .argument('[file]', 'an object that was fetched')
    .option('--key <name>', 'one that is in the store, as data/<id>')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  vault-server storage inspect ./object\n\nExit codes: 0 whole, 1 not')
    .action(async (file: string | undefined, options: InspectOptions) => {
      process.exitCode = await (await loadStorage()).inspectObject(file, options);
    });

  storage
    .command('restore')
    .description('put an earlier version back where the object is missing or does not open')
    .requiredOption('--key <name>', 'as data/<id>')
    .option('--version-id <id>', 'of a bucket that keeps versions')
    .option('--from <file>', 'instead: the bytes to put back')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', `${STORAGE_HELP}\n\nExit codes: 0 it opens now, 1 nothing was changed`)
    .action(async (options: RestoreOptions) => {
      process.exitCode = await (await loadStorage()).restoreObject(options);
    });
}

function addKeysCommands(program: Command): void {
  const keys = program
    .command('keys')
    .description('which key wraps what, and wrapping anew')
    .addHelpText('after', KEYS_HELP);

  keys
    .command('census')
    .description('count what is under which key')
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExample:\n  vault-server keys census --json\n\nExit codes: 0 all are here, 1 a root key is missing',
    )
    .action(async (options: KeysOptions) => {
      process.exitCode = await (await loadKeys()).keysCensus(options);
    });

  keys
    .command('rewrap')
    .description('bring every wrapped key under the current ones; safe to run twice, and beside servers')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  vault-server keys rewrap\n\nExit codes: 0 done, 1 not')
    .action(async (options: KeysOptions) => {
      process.exitCode = await (await loadKeys()).keysRewrap(options);
    });

  keys
    .command('rotate')
    .description('make a new root key, or a new key for each tenant, and bring everything under it')
    .addArgument(new Argument('<which>', 'which').choices(['root', 'tenant']))
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  vault-server keys rotate tenant\n\nExit codes: 0 done, 1 not')
    .action(async (which: 'root' | 'tenant', options: KeysOptions) => {
      process.exitCode = await (await loadKeys()).keysRotate(which, options);
    });
}

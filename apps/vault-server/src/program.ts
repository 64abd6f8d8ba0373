import 'reflect-metadata';
import { Argument, Command } from 'commander';
import { VaultError } from '#kernel';
import { addAuditCommands } from './commands/audit.program.ts';
import { addBackupCommands } from './commands/backup.program.ts';
import type { ConfigAction } from './commands/config.command.ts';
import { addDiagnosisCommands } from './commands/diagnosis.program.ts';
import { addIdentityCommands } from './commands/identity.program.ts';
import { addIntegrityCommands } from './commands/integrity.program.ts';
import { addMaintenanceCommand } from './commands/maintenance.program.ts';
import type { MigrateAction } from './commands/migrate.command.ts';
import { version } from './version.ts';

// Loaded by who needs it: a program begins sooner without the rest.
const loadConfig = () => import('./commands/config.command.ts');
const loadMigrate = () => import('./commands/migrate.command.ts');
const loadServe = () => import('./commands/serve.command.ts');

function addServing(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('run the server')
    .action(async () => {
      await (await loadServe()).serve('server');
    });

  program
    .command('worker')
    .description('do jobs and nothing else; answers health checks and metrics')
    .addHelpText(
      'after',
      '\nServers leave jobs to workers with VAULT__JOBS__IN_SERVER=false.\n\nExample:\n  vault-server worker',
    )
    .action(async () => {
      await (await loadServe()).serve('worker');
    });
}

function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date; safe to run twice, and from several places at once')
    .addArgument(new Argument('[action]', 'what to do').choices(['up', 'status', 'down']).default('up'))
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExample:\n  vault-server migrate status --json\n\nExit codes: 0 done, 1 failed, 3 the database is newer than this program',
    )
    .action(async (action: MigrateAction, options: { json: boolean }) => {
      process.exitCode = await (await loadMigrate()).migrate(action, options);
    });
}

function addConfig(program: Command, env: NodeJS.ProcessEnv): void {
  program
    .command('config')
    .description('show the effective settings without secrets, check them, or print the reference of all of them')
    .addArgument(new Argument('[action]', 'what to do').choices(['show', 'validate', 'describe']).default('show'))
    .option('--json', 'print JSON', false)
    .addHelpText('after', '\nExample:\n  vault-server config show\n\nExit codes: 0 right, 1 a setting is wrong')
    .action(async (action: ConfigAction, options: { json: boolean }) => {
      process.exitCode = await (await loadConfig()).config(action, options, env);
    });
}

/** `vault-server …` */
export async function runProgram(env: NodeJS.ProcessEnv): Promise<void> {
  const program = new Command('vault-server')
    .description('LLM Data Vault: the server and its operations commands')
    .version(version, '--version')
    .showHelpAfterError('(see vault-server --help)');

  addServing(program);
  addMigrate(program);
  addConfig(program, env);
  addAuditCommands(program);
  addIdentityCommands(program);
  addMaintenanceCommand(program);
  addDiagnosisCommands(program);
  addIntegrityCommands(program);
  addBackupCommands(program);

  try {
    await program.parseAsync();
  } catch (error) {
    // What an operator can do something about is said in words; anything else is a bug, and shown whole.
    console.error(error instanceof VaultError ? error.message : error);
    process.exitCode = 1;
  }
}

import { Argument, type Command, Option } from 'commander';
import type { MaintenanceAction, MaintenanceOptions } from './maintenance.command.ts';

// Loaded by who needs it: a program begins sooner without the rest.
const loadMaintenance = () => import('./maintenance.command.ts');

const HELP = `
Example:
  vault-server maintenance on --reason "moving to a larger disk"

Reads and sign-in go on; writes are answered 503 MAINTENANCE on every server within two seconds.
With the built-in database the server must be stopped; PUT /api/v1/admin/maintenance does the same while it runs.
Exit codes: 0 done, 1 not`;

/** `vault-server maintenance …` */
export function addMaintenanceCommand(program: Command): void {
  program
    .command('maintenance')
    .description('read and not write for a while, on every server')
    .addArgument(new Argument('[action]', 'what to do').choices(['on', 'off', 'status']).default('status'))
    .option('--reason <text>', 'why, for the audit', 'on the command line')
    .addOption(
      new Option('--source <name>', 'whose switch').choices(['operator', 'deployment-annotation']).default('operator'),
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', HELP)
    .action(async (action: MaintenanceAction, options: MaintenanceOptions) => {
      process.exitCode = await (await loadMaintenance()).maintenance(action, options);
    });
}

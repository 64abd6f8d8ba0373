import type { Command } from 'commander';
import type { CreateOptions, PlaceOptions, RestoreBackupOptions, VerifyOptions } from './backup.command.ts';

// Loaded by who needs it: a program begins sooner without the rest.
const loadBackup = () => import('./backup.command.ts');

const CODES = '\n\nExit codes: 0 done, 1 not; what is wrong is said by name';
const PLACE = 'a folder, a file.tar, or s3://bucket/prefix';

/** `vault-server backup …` */
export function addBackupCommands(program: Command): void {
  const backup = program.command('backup').description('the whole vault at one moment, encrypted and signed');

  backup
    .command('create')
    .description('make a backup and read it back; servers go on writing meanwhile')
    .requiredOption('--to <place>', PLACE)
    .option('--no-blobs', 'list the objects with their hashes, and do not copy them')
    .option('--no-verify', 'do not read it back')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', `\nExample:\n  vault-server backup create --to s3://backups/postgres${CODES}`)
    .action(async (options: CreateOptions) => {
      process.exitCode = await (await loadBackup()).backupCreate(options);
    });

  backup
    .command('verify')
    .description('whether a backup is what was made; needs the root key and no database')
    .requiredOption('--from <place>', PLACE)
    .option('--name <name>', 'the newest when left out')
    .option('--deep', 'read every object too', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', `\nExample:\n  vault-server backup verify --from s3://backups/postgres --deep${CODES}`)
    .action(async (options: VerifyOptions) => {
      process.exitCode = await (await loadBackup()).backupVerify(options);
    });

  addReadingCommands(backup);
}

function addReadingCommands(backup: Command): void {
  backup
    .command('list')
    .description('what there is at a place, oldest first')
    .requiredOption('--from <place>', PLACE)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', `\nExample:\n  vault-server backup list --from /backups${CODES}`)
    .action(async (options: PlaceOptions) => {
      process.exitCode = await (await loadBackup()).backupList(options);
    });

  backup
    .command('restore')
    .description('put a backup into an empty vault that has the same root key')
    .requiredOption('--from <place>', PLACE)
    .option('--name <name>', 'the newest when left out')
    .option('--into-empty', 'into an empty database, which is the only way', false)
    .option('--allow-missing', 'also where objects are nowhere to be had', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', `\nExample:\n  vault-server backup restore --from /backups --into-empty${CODES}`)
    .action(async (options: RestoreBackupOptions) => {
      process.exitCode = await (await loadBackup()).backupRestore(options);
    });
}

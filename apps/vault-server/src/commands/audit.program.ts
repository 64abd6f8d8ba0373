import { type Command, InvalidArgumentError } from 'commander';
import type { ExportOptions, TailOptions } from './audit.command.ts';

// Loaded by who needs it: a program begins sooner without the rest.
const loadAudit = () => import('./audit.command.ts');

const SINCE = 'a time, or how long ago: 24h, 7d, 30m';

/** `24h`, `7d`, `30m`, or a time. */
function time(text: string): Date {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const seconds = { m: 60, h: 3600, d: 86_400 }[unit ?? ''];
  const found = seconds ? new Date(Date.now() - Number(count) * seconds * 1000) : new Date(text);
  if (Number.isNaN(found.getTime()))
    throw new InvalidArgumentError('Expected 24h, 7d, 30m, or a time such as 2026-01-31T00:00:00Z.');
  return found;
}

/** `vault-server audit …` */
export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the record of who did what: verify it, take it out, watch it');

  audit
    .command('verify')
    .description('go over the whole record and say whether it is intact')
    .option('--tenant <name>', 'one tenant; all when left out')
    .option('--json', 'print one JSON object a tenant', false)
    .addHelpText('after', '\nExit codes: 0 intact, 1 not intact')
    .action(async (options: { tenant?: string; json: boolean }) => {
      process.exitCode = await (await loadAudit()).auditVerify(options);
    });

  audit
    .command('export')
    .description('write a signed bundle, which `ldv audit verify` checks without a server')
    .option('--since <time>', SINCE, time)
    .option('--until <time>', 'a time, or how long ago', time)
    .option('--out <file>', 'where to; - is the standard output', '-')
    .option('--tenant <name>', 'whose', 'default')
    .addHelpText('after', '\nExample:\n  vault-server audit export --since 24h --out audit.jsonl')
    .action(async (options: ExportOptions) => {
      process.exitCode = await (await loadAudit()).auditExport(options);
    });

  addLooking(audit);
}

function addLooking(audit: Command): void {
  audit
    .command('tail')
    .description('show the newest events')
    .option('-f, --follow', 'go on with what comes', false)
    .option('--since <time>', SINCE, time)
    .option('--tenant <name>', 'whose', 'default')
    .option('--json', 'print one JSON object an event', false)
    .action(async (options: TailOptions) => {
      process.exitCode = await (await loadAudit()).auditTail(options);
    });

  audit
    .command('keys')
    .description('print the public keys that verify bundles and checkpoints, as PEM')
    .option('--json', 'print what /.well-known/ldv-keys answers', false)
    .action(async (options: { json: boolean }) => {
      process.exitCode = await (await loadAudit()).auditKeys(options);
    });
}

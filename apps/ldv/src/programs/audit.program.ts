import { Command } from 'commander';
import { verifyAudit } from '../commands/audit-verify.command.ts';

export function auditProgram(): Command {
  const audit = new Command('audit').description('the record of who did what');
  audit
    .command('verify')
    .description('say whether an exported audit is whole, and where it first is not')
    .argument('<file>', 'a bundle, plain or gzip; - reads from the standard input')
    .requiredOption('--key <file>', 'public keys: PEM, or the answer of /.well-known/ldv-keys')
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExample:\n  ldv audit verify bundle.jsonl --key pub.pem\n\nExit codes: 0 whole, 1 not whole, 2 it could not be checked',
    )
    .action(async (file: string, options: { key: string; json: boolean }) => {
      process.exitCode = await verifyAudit(file, options);
    });
  return audit;
}

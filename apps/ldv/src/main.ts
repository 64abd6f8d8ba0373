#!/usr/bin/env node
import { Command } from 'commander';
import { verifyAudit } from './commands/audit-verify.command.ts';

const program = new Command('ldv')
  .description('LLM Data Vault on the command line: what needs no server')
  .showHelpAfterError('(see ldv --help)');

program
  .command('audit')
  .description('the record of who did what')
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

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error && 'code' in error ? error.message : error);
  process.exitCode = 2;
}

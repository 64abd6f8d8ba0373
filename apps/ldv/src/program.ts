import { Command } from 'commander';
import { auditProgram } from './programs/audit.program.ts';
import { anonymizeProgram, detectProgram, scanProgram } from './programs/pii.programs.ts';
import { version } from './version.ts';

/** `ldv …` */
export async function runProgram(): Promise<void> {
  const program = new Command('ldv')
    .description('LLM Data Vault on the command line: what needs no server')
    .version(version)
    .showHelpAfterError('(see ldv --help)');

  program.addCommand(scanProgram());
  program.addCommand(anonymizeProgram());
  program.command('pii').description('personal data, for other programs').addCommand(detectProgram());
  program.addCommand(auditProgram());

  // Whoever reads our output may have seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });

  try {
    await program.parseAsync();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}

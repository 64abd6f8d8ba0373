import { Argument, type Command, InvalidArgumentError } from 'commander';
import { type Part, PARTS, TOPICS, type Topic } from '../doctor/finding.ts';
import { showVersion } from './version.command.ts';
import type { DoctorOptions } from './doctor.command.ts';

// Loaded by who needs it: a program begins sooner without the rest.
const loadDoctor = () => import('./doctor.command.ts');

/** `vault-server version`, `openapi`, `check` and `doctor`. */
export function addDiagnosisCommands(program: Command): void {
  addAboutCommands(program);

  program
    .command('check')
    .description('whether one part answers: for scripts and probes')
    .addArgument(new Argument('<part>', 'which').choices([...PARTS]))
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExample:\n  vault-server check db || echo "DB unreachable"\n\nExit codes: 0 it answers, 1 it does not',
    )
    .action(async (part: Part, options: { json: boolean }) => {
      process.exitCode = await (await loadDoctor()).check(part, options);
    });

  program
    .command('doctor')
    .description('what is wrong with what a server stands on, and what to run about it')
    .addArgument(new Argument('[topics...]', 'all of them when left out').choices([...TOPICS]))
    .option('--replicas <number>', 'how many servers there are to be, for the sum of connections', count)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      '\nExample:\n  vault-server doctor db storage\n\nExit codes: 0 nothing is wrong, 1 something is',
    )
    .action(async (topics: Topic[], options: DoctorOptions) => {
      process.exitCode = await (await loadDoctor()).doctor(topics, options);
    });
}

function addAboutCommands(program: Command): void {
  program
    .command('version')
    .description('which version this is')
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', '\nExample:\n  vault-server version --json\n\nExit code: 0')
    .action((options: { json: boolean }) => {
      process.exitCode = showVersion(options);
    });

  program
    .command('openapi')
    .description('print the OpenAPI document of this version; needs no database and no settings')
    .option('--json', 'it is JSON anyway', true)
    .addHelpText('after', '\nExample:\n  vault-server openapi > openapi.json\n\nExit code: 0')
    .action(async () => {
      // The whole application, which no other command loads.
      const { showOpenApi } = await import('./openapi.command.ts');
      process.exitCode = await showOpenApi();
    });
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('expected a number from 1 on');
  return number;
}

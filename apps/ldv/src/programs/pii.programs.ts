import { Command, InvalidArgumentError, Option } from 'commander';
import { piiTypeNamed, type Risk, RISKS, strategies, strategyNamed } from '#pii';
import { anonymizeFile, type AnonymizeOptions } from '../commands/anonymize.command.ts';
import { detectPii, type DetectOptions, LABELS } from '../commands/pii-detect.command.ts';
import { Scan, type ScanOptions } from '../commands/scan.command.ts';
import { FORMATS } from '../scan/reports.ts';
import { version } from '../version.ts';

const streams = { input: process.stdin, output: process.stdout, errors: process.stderr };

const list = (text: string): string[] => text.split(',').filter(Boolean);
const many = (text: string, before: string[]): string[] => [...before, ...list(text)];

/** What all of them search by. */
function searching(command: Command): Command {
  return command
    .option('--types <list>', 'only these types, separated by commas', types)
    .option('--min-confidence <number>', 'leave out what is less sure, from 0 to 1', confidence)
    .option('--locale <tag>', 'such as de or en-GB: national numbers need no word of context');
}

export function detectProgram(): Command {
  return searching(new Command('detect'))
    .description('read from the standard input, and write where personal data of any type is')
    .option('--jsonl', 'lines of {id, text} in, lines of {id, spans: [{start, end, type, score}]} out', false)
    .addOption(
      new Option('--offsets <unit>', 'what start and end count')
        .choices(['utf16', 'codepoint', 'byte'])
        .default('utf16'),
    )
    .addOption(
      new Option('--labels <names>', 'common: NATIONAL_ID for NL_BSN and the like').choices(LABELS).default('common'),
    )
    .option('--explain', 'say by which rule each was found', false)
    .addHelpText(
      'after',
      `\nExample:\n  echo '{"id":1,"text":"Write to jane@example.com"}' | ldv pii detect --jsonl\n\nExit codes: 0 all was read, 2 some lines were not`,
    )
    .action(async (options: DetectOptions) => {
      process.exitCode = await detectPii(options, streams);
    });
}

export function scanProgram(): Command {
  return searching(new Command('scan'))
    .description('search files and folders for personal data and secrets')
    .argument('<path...>', 'files and folders: text, JSON, JSONL, CSV, also .gz and .zst; - is the standard input')
    .addOption(new Option('--fail-on <risk>', 'exit with 3 from this risk on').choices(RISKS.slice(1)).default('low'))
    .addOption(new Option('--format <format>', 'how findings are written').choices(FORMATS).default('table'))
    .option('--baseline <file>', 'findings somebody has looked at: only others count')
    .option('--update-baseline', 'write everything that is found into the baseline', false)
    .option('--include <pattern>', 'only files like this, may be repeated', many, [])
    .option('--exclude <pattern>', 'no files or folders like this, may be repeated', many, [])
    .addHelpText(
      'after',
      '\nExample:\n  ldv scan data --include "*.jsonl" --fail-on high --format sarif > findings.sarif\n\nExit codes: 0 nothing new, 3 something found, 2 something could not be read',
    )
    .action(async (paths: string[], options: Omit<ScanOptions, 'version'> & { failOn: Risk }) => {
      if (options.updateBaseline && options.baseline === undefined)
        throw new Error('--update-baseline needs --baseline');
      process.exitCode = await new Scan({ ...options, version }, streams).run(paths);
    });
}

export function anonymizeProgram(): Command {
  const names = strategies.map(({ name }) => name).join(', ');
  const keyed = strategies.flatMap(({ name, keyed: isKeyed }) => (isKeyed ? [name] : [])).join(', ');
  return searching(new Command('anonymize'))
    .description('take personal data and secrets out of a file')
    .argument('<file>', 'text, JSON, JSONL or CSV, also .gz and .zst; - is the standard input')
    .option(
      '--strategy <name>',
      `what is done with what is found: ${names}; options behind colons, as in mask:last=4`,
      strategy,
      'redact',
    )
    .option('--strategies <list>', 'other strategies by type, such as PERSON=mask,US_SSN=remove', many, [])
    .addOption(
      new Option('--key-file <file>', `the key of ${keyed}: the same value and key give the same`).env('LDV_KEY_FILE'),
    )
    .option('-o, --output <file>', 'where to write; the standard output when left out')
    .option('--in-place', 'write over the file itself', false)
    .option('--backup', 'with --in-place: keep what was there as FILE.bak', false)
    .addHelpText(
      'after',
      '\nExample:\n  ldv anonymize chats.jsonl --strategy mask -o safe.jsonl\n\nExit codes: 0 done, 2 not done',
    )
    .action(async (file: string, options: AnonymizeOptions) => {
      if (options.inPlace && (options.output !== undefined || file === '-' || /\.(gz|zst)$/.test(file))) {
        throw new Error('--in-place is for a plain file, and without --output');
      }
      const counts = await anonymizeFile(file, options, streams);
      const rows = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
      streams.errors.write(`${rows.map(([type, count]) => `${type} ${count}`).join(', ') || 'nothing found'}\n`);
    });
}

function types(text: string): string[] {
  try {
    return list(text).map(piiTypeNamed);
  } catch {
    throw new InvalidArgumentError('there is no such type of personal data.');
  }
}

function strategy(text: string): string {
  try {
    return strategyNamed(text);
  } catch {
    throw new InvalidArgumentError('there is no such strategy.');
  }
}

function confidence(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('expected a number from 0 to 1.');
  return value;
}

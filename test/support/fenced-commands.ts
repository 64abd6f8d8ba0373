// The commands of a document: what stands in its shell fences, one by one.
import { readFileSync } from 'node:fs';

export interface FencedCommand {
  /** Of the heading it is under. */
  section: string;
  line: number;
  text: string;
}

export function fencedCommands(file: string, language = 'sh'): FencedCommand[] {
  const commands: FencedCommand[] = [];
  let section = '';
  let fence: string | null = null;
  let open: FencedCommand | null = null;
  for (const [index, text] of readFileSync(file, 'utf8').split('\n').entries()) {
    const edge = /^```(\w*)/.exec(text);
    if (edge) fence = fence === null ? edge[1]! : null;
    else if (fence === null) section = /^#+ (.+)$/.exec(text)?.[1] ?? section;
    else if (fence === language && text.trim()) {
      const command: FencedCommand = open ?? { section, line: index + 1, text: '' };
      command.text += command.text ? `\n${text}` : text;
      if (!open) commands.push(command);
      // A loop goes on until its end, and everything else after a backslash.
      const goesOn = /^for .*; do$/m.test(command.text) ? !/^done/m.test(command.text) : text.endsWith('\\');
      open = goesOn ? command : null;
    }
  }
  return commands;
}

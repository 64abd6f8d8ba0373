import { isObject, type Value } from '../exact-json.ts';
import type { TemplateName } from '../export.options.ts';
import { type Conversation, conversationFrom, type Message, textOf, type ToolCall, turn } from './conversation.ts';
import { NoFit } from './no-fit.ts';

/** A record in the words of a template. @throws NoFit */
export type Template = (record: Value) => Value;

export const templates: Record<TemplateName, Template> = {
  'openai-chat': openAiChat,
  sharegpt: shareGpt,
  alpaca,
  dpo,
  text,
};

function openAiChat(record: Value): Value {
  const { messages, tools } = answered(conversationFrom(record));
  return { messages: messages.map(openAiMessage), ...(tools !== undefined && { tools }) };
}

function openAiMessage({ role, content, name, calls, answers }: Message): Value {
  if (role === 'tool' && answers === undefined) throw new NoFit('what a tool said names no call that it answers');
  return {
    role,
    content,
    ...(name !== undefined && { name }),
    ...(calls.length > 0 && { tool_calls: calls.map(openAiCall) }),
    ...(answers !== undefined && { tool_call_id: answers }),
  };
}

function openAiCall({ id, name, arguments: given }: ToolCall): Value {
  if (typeof id !== 'string') throw new NoFit('a tool call has no id');
  return { id, type: 'function', function: { name, arguments: given } };
}

/** Somebody is to be learned from: without an answer nothing is. */
function answered(conversation: Conversation): Conversation {
  if (!conversation.messages.some(({ role }) => role === 'assistant'))
    throw new NoFit('no message is of the assistant');
  return conversation;
}

const FROM = { system: 'system', developer: 'system', user: 'human', assistant: 'gpt', tool: 'observation' };

function shareGpt(record: Value): Value {
  const { messages, tools } = answered(conversationFrom(record));
  const conversations = messages.flatMap((message) => [
    ...(message.content === null || (message.content === '' && message.calls.length > 0)
      ? []
      : [{ from: FROM[message.role], value: textOf(message) }]),
    ...message.calls.map(({ name, arguments: given }) => ({
      from: 'function_call',
      value: JSON.stringify({ name, arguments: given }),
    })),
  ]);
  return { conversations, ...(tools !== undefined && { tools: JSON.stringify(tools) }) };
}

function alpaca(record: Value): Value {
  if (isObject(record) && typeof record['instruction'] === 'string' && typeof record['output'] === 'string') {
    const { instruction, input, output, system } = record;
    const asked = { instruction, input: typeof input === 'string' ? input : '', output };
    return { ...asked, ...(typeof system === 'string' && { system }), ...historyOf(record['history']) };
  }
  const { messages } = answered(conversationFrom(record));
  if (messages.some(({ role, calls }) => role === 'tool' || calls.length > 0))
    throw new NoFit('it has no place for tools');
  const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer';
  const system = messages.filter(isSystem).map(textOf).join('\n');
  const turns = messages.filter((message) => !isSystem(message));
  const inTurn = turns.every(({ role }, i) => role === (i % 2 === 0 ? 'user' : 'assistant')) && turns.length % 2 === 0;
  if (!inTurn) throw new NoFit('user and assistant do not speak in turn');
  const pairs = turns.flatMap((_, i) => (i % 2 === 0 ? [[textOf(turns[i]!), textOf(turns[i + 1]!)]] : []));
  const [instruction, output] = pairs.pop() as [string, string];
  return { instruction, input: '', output, ...(system && { system }), ...historyOf(pairs) };
}

function historyOf(history: Value | undefined): { history?: Value } {
  return Array.isArray(history) && history.length > 0 ? { history } : {};
}

/** Texts stay texts; otherwise all three are messages. Without a prompt it is what both answers begin with. */
function dpo(record: Value): Value {
  if (!isObject(record)) throw new NoFit('the record is no object');
  const { input } = record;
  const prompt = record['prompt'] ?? record['instruction'] ?? (isObject(input) ? input['messages'] : undefined);
  const chosen = record['chosen'] ?? record['preferred_output'];
  const rejected = record['rejected'] ?? record['non_preferred_output'];
  if (chosen === undefined || rejected === undefined) throw new NoFit('the record has not two answers');
  if (typeof prompt === 'string' && typeof chosen === 'string' && typeof rejected === 'string') {
    return { prompt, chosen, rejected };
  }
  const answers = [turn('assistant', chosen), turn('assistant', rejected)] as const;
  const asked = prompt === undefined ? sharedBy(...answers) : turn('user', prompt);
  if (asked.length === 0) throw new NoFit('the record has no prompt');
  const [better, worse] = prompt === undefined ? answers.map((each) => each.slice(asked.length)) : answers;
  if (better!.length === 0 || worse!.length === 0) throw new NoFit('an answer is empty');
  return { prompt: asked.map(openAiMessage), chosen: better!.map(openAiMessage), rejected: worse!.map(openAiMessage) };
}

function sharedBy(a: readonly Message[], b: readonly Message[]): Message[] {
  const differs = a.findIndex((message, i) => JSON.stringify(message) !== JSON.stringify(b[i]));
  return a.slice(0, differs < 0 ? a.length : differs);
}

/** Text as it is, a prompt with what completes it, an instruction under headings, a chat in ChatML. */
function text(record: Value): Value {
  if (typeof record === 'string') return { text: record };
  if (!isObject(record)) throw new NoFit('the record is no text');
  const { text: plain, prompt, completion, instruction, input, output } = record;
  if (typeof plain === 'string') return { text: plain };
  if (typeof prompt === 'string' && typeof completion === 'string') return { text: `${prompt}${completion}` };
  if (typeof instruction === 'string' && typeof output === 'string') {
    const given = typeof input === 'string' && input !== '' ? `### Input:\n${input}\n\n` : '';
    return { text: `### Instruction:\n${instruction}\n\n${given}### Response:\n${output}` };
  }
  const { messages } = conversationFrom(record);
  if (messages.some(({ calls }) => calls.length > 0)) throw new NoFit('it has no place for tools');
  return { text: messages.map((each) => `<|im_start|>${each.role}\n${textOf(each)}<|im_end|>\n`).join('') };
}

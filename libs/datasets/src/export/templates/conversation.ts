import { isObject, type Value } from '../exact-json.ts';
import { NoFit } from './no-fit.ts';

type Fields = { [key: string]: Value };

export interface ToolCall {
  id: Value;
  name: string;
  /** JSON text, as models write it. */
  arguments: string;
}

export interface Message {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  /** Text, or parts of it and of other things; null where a model only calls tools. */
  content: string | Value[] | null;
  name?: string;
  calls: ToolCall[];
  /** Which call it answers. */
  answers?: string;
}

export interface Conversation {
  messages: Message[];
  tools?: Value;
}

const ROLES: Record<string, Message['role']> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  model: 'assistant',
  function_call: 'assistant',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
};

/** Messages of any of the known forms: `role` and `content`, or `from` and `value`. @throws NoFit */
export function messagesFrom(value: Value | undefined, field: string): Message[] {
  if (!Array.isArray(value) || value.length === 0) throw new NoFit(`${field} holds no messages`);
  return value.map((each) => messageFrom(each));
}

function messageFrom(value: Value): Message {
  if (!isObject(value)) throw new NoFit('a message is no object');
  const named = value['role'] ?? value['from'];
  const role = typeof named === 'string' ? ROLES[named] : undefined;
  if (!role) throw new NoFit('a message has no known role');
  const content = value['content'] ?? value['value'] ?? null;
  if (named === 'function_call') return { role, content: null, calls: [callFrom(jsonIn(content))] };
  const sent = value['tool_calls'] ?? (value['function_call'] && [value['function_call']]);
  const calls = Array.isArray(sent) ? sent.map((call) => callFrom(call)) : [];
  if (typeof content !== 'string' && !Array.isArray(content) && !(content === null && calls.length > 0)) {
    throw new NoFit('a message has no content');
  }
  const { name, tool_call_id: answers } = value;
  return { role, content, calls, ...text('name', name), ...text('answers', answers) };
}

function text<K extends string>(key: K, value: Value | undefined): { [key in K]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { [key in K]?: string };
}

function callFrom(value: Value): ToolCall {
  const call = isObject(value) && isObject(value['function']) ? value['function'] : value;
  if (!isObject(call) || typeof call['name'] !== 'string') throw new NoFit('a tool call names no function');
  const sent = call['arguments'] ?? {};
  const id = isObject(value) ? (value['id'] ?? null) : null;
  return { id, name: call['name'], arguments: typeof sent === 'string' ? sent : JSON.stringify(sent) };
}

function jsonIn(value: Value): Value {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Value;
  } catch {
    throw new NoFit('a tool call is no JSON');
  }
}

const said = (role: Message['role'], content: string): Message => ({ role, content, calls: [] });

/** A record of any kind that is a conversation, or can be told as one. @throws NoFit */
export function conversationFrom(value: Value): Conversation {
  if (!isObject(value)) throw new NoFit('the record is no object');
  const tools = value['tools'] ?? value['functions'] ?? undefined;
  const told = messagesOf(value);
  if (!told) throw new NoFit('the record is neither a chat, nor a prompt with its completion, nor an instruction');
  const system = value['system'];
  const first =
    typeof system === 'string' && system !== '' && told[0]?.role !== 'system' ? [said('system', system)] : [];
  return { messages: [...first, ...told], ...(tools !== null && tools !== undefined && { tools: jsonIn(tools) }) };
}

function messagesOf(value: Fields): Message[] | null {
  for (const field of ['messages', 'conversations', 'conversation']) {
    if (value[field] !== undefined) return messagesFrom(value[field], field);
  }
  const { prompt, completion, instruction, input, output } = value;
  if (prompt !== undefined && completion !== undefined)
    return [...turn('user', prompt), ...turn('assistant', completion)];
  if (typeof instruction !== 'string' || typeof output !== 'string') return null;
  const asked = typeof input === 'string' && input !== '' ? `${instruction}\n\n${input}` : instruction;
  return [...earlier(value['history']), said('user', asked), said('assistant', output)];
}

/** A text as what somebody said; messages as they are. */
export function turn(role: Message['role'], value: Value | undefined): Message[] {
  return typeof value === 'string' ? [said(role, value)] : messagesFrom(value, 'the prompt or an answer');
}

function earlier(history: Value | undefined): Message[] {
  if (!Array.isArray(history)) return [];
  return history.flatMap((pair) => {
    const [asked, answered] = Array.isArray(pair) ? pair : [];
    if (typeof asked !== 'string' || typeof answered !== 'string') throw new NoFit('history is no list of pairs');
    return [said('user', asked), said('assistant', answered)];
  });
}

/** What a message says, where that is text. @throws NoFit */
export function textOf({ content }: Message): string {
  if (typeof content === 'string') return content;
  const parts = content ?? [];
  const texts = parts.map((part) => (isObject(part) && part['type'] === 'text' ? part['text'] : null));
  if (!texts.every((each) => typeof each === 'string')) throw new NoFit('a message holds something that is no text');
  return texts.join('');
}

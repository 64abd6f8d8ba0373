import { keysOf } from '#pii';
import { isObject, parseExactly, type Value } from '../export/exact-json.ts';

interface Node {
  /** Whether a pointer ends here. */
  isEnd: boolean;
  under: Map<string, Node>;
}

const EVERY = '*';

/** Leaves places out of JSON texts, whatever is there. A text in which there is nothing of the kind stays as it is. */
export class LeftOut {
  readonly #root: Node = { isEnd: false, under: new Map() };

  /** JSON Pointers; `*` is every element of a list, and every member. */
  constructor(pointers: readonly string[]) {
    for (const pointer of pointers) {
      let node = this.#root;
      for (const key of keysOf(pointer)) {
        const next: Node = node.under.get(key) ?? { isEnd: false, under: new Map() };
        node.under.set(key, next);
        node = next;
      }
      node.isEnd = true;
    }
  }

  of(text: string): string {
    if (this.#root.under.size === 0) return text;
    const value = parseExactly(text);
    return cutFrom(value, [this.#root]) ? JSON.stringify(value) : text;
  }
}

/** Whether something was cut. */
function cutFrom(value: Value, nodes: readonly Node[]): boolean {
  if (Array.isArray(value)) return cutFromList(value, nodes);
  if (!isObject(value)) return false;
  let isCut = false;
  for (const key of Object.keys(value)) {
    const there = nodesAt(nodes, key);
    const isGone = there.some(({ isEnd }) => isEnd);
    if (isGone) delete value[key];
    isCut = isGone || (there.length > 0 && cutFrom(value[key]!, there)) || isCut;
  }
  return isCut;
}

function cutFromList(list: Value[], nodes: readonly Node[]): boolean {
  let isCut = false;
  const left = list.filter((each, index) => {
    const there = nodesAt(nodes, String(index));
    if (there.some(({ isEnd }) => isEnd)) return false;
    isCut = (there.length > 0 && cutFrom(each, there)) || isCut;
    return true;
  });
  if (left.length === list.length) return isCut;
  list.splice(0, list.length, ...left);
  return true;
}

function nodesAt(nodes: readonly Node[], key: string): Node[] {
  return nodes.flatMap(({ under }) =>
    [under.get(key), key === EVERY ? undefined : under.get(EVERY)].flatMap((node) => node ?? []),
  );
}

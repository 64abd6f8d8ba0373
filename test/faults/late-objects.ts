// An object store that learns late of what it has: what was stored is not there the first times it is asked for, and a
// list is of another time.
import type { Fault } from './fault-proxy.ts';

export interface ListedObject {
  key: string;
  size: number;
  modified: Date;
}

const GET = /^GET \/[^/? ]+\/?([^? ]*)\??(\S*) HTTP/;

/** What a server answers that sees nothing for so many reads of each key, and lists only these objects. */
export class LateObjects {
  /** How often what is there was called missing, and how many lists were late. */
  missed = 0;
  lists = 0;
  private readonly reads = new Map<string, number>();

  constructor(
    private readonly times: number,
    private readonly listed: readonly ListedObject[],
  ) {}

  get fault(): Fault {
    return { kind: 'http-instead', answer: (request) => this.answer(request) };
  }

  private answer(request: string): string | null {
    const [, key, query] = GET.exec(request) ?? [];
    if (key === undefined) return null;
    if (key === '') return this.list(new URLSearchParams(query));
    const read = this.reads.get(key) ?? 0;
    this.reads.set(key, read + 1);
    if (read >= this.times) return null;
    this.missed += 1;
    return answerOf('404 Not Found', '<Error><Code>NoSuchKey</Code></Error>');
  }

  private list(query: URLSearchParams): string {
    this.lists += 1;
    const [prefix, after] = [query.get('prefix') ?? '', query.get('start-after') ?? ''];
    const entries = this.listed
      .filter(({ key }) => key.startsWith(prefix) && key > after)
      .map(({ key, size, modified }) => {
        const time = modified.toISOString();
        return `<Contents><Key>${key}</Key><Size>${size}</Size><LastModified>${time}</LastModified></Contents>`;
      });
    return answerOf(
      '200 OK',
      `<ListBucketResult><IsTruncated>false</IsTruncated>${entries.join('')}</ListBucketResult>`,
    );
  }
}

function answerOf(status: string, xml: string): string {
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/xml',
    `Content-Length: ${xml.length}`,
    'Connection: close',
    '',
    xml,
  ].join('\r\n');
}

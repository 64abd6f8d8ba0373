import type { Detector } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';
import { isPlaceholder } from '../checks/entropy.ts';

const SCHEME = /[a-z][a-z0-9+.-]{1,24}$/i;
const USER_INFO = /:\/\/([^\s/:@"'<>?#]{0,128}):([^\s/@"'<>]{1,128})@([^\s"'<>,;)\]}]{2,300})/y;
const DATABASES =
  /^(?:postgres|postgresql|mysql|mariadb|mongodb|redis|rediss|amqp|amqps|mssql|sqlserver|oracle|clickhouse|ftp|sftp|ldap|ldaps|smtp|smtps|jdbc|kafka|nats|mqtt|couchdb|cassandra|neo4j|bolt)/i;

/** `scheme://user:password@host`: all of it for databases, the password only for web addresses. */
function lookAtColon(reading: Reading, at: number): number {
  if (reading.code(at + 1) !== 47 || reading.code(at + 2) !== 47) return at;
  USER_INFO.lastIndex = at;
  const match = USER_INFO.exec(reading.text);
  if (!match) return at;
  const [whole, user = '', password = ''] = match;
  const scheme = SCHEME.exec(reading.text.slice(Math.max(reading.from, at - 26), at))?.[0];
  if (scheme === undefined || isPlaceholder(password)) return at;
  const end = Math.min(reading.end, at + whole.length);
  const start = at - scheme.length;
  if (DATABASES.test(scheme)) {
    add(reading, 'CONNECTION_STRING', start, end);
  } else {
    const from = at + 3 + user.length + 1;
    add(reading, 'PASSWORD', from, from + password.length);
  }
  reading.taken = end;
  return end;
}

function add(reading: Reading, type: string, start: number, end: number): void {
  reading.add({
    type,
    start,
    end,
    confidence: 0.95,
    proof: 4,
    detector: 'url-credentials',
    why: 'a user and a password in a URL',
  });
}

export const urlCredentials: Detector = {
  name: 'url-credentials',
  types: ['CONNECTION_STRING', 'PASSWORD'],
  looks: { ':': lookAtColon },
};

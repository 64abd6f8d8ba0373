// How the server treats connections, whatever is asked over them.
import { connect } from 'node:net';
import { startVault, type Vault } from '../support/vault.ts';

describe('connections', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault({
      env: {
        VAULT__CORS_ORIGINS: 'https://console.example.org',
        VAULT__TRUSTED_PROXIES: '127.0.0.1',
        VAULT__REQUEST_TIMEOUT_SECONDS: '1',
        VAULT__RATE_LIMITS__SIGN_IN_PER_MINUTE: '4',
      },
    });
  });
  afterAll(() => vault.remove());

  /** Sends bytes as they are and gives what comes back until the server closes. */
  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const { port, hostname } = new URL(vault.url);
      const socket = connect(Number(port), hostname, () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  }

  it('with two hosts in a request are refused', async () => {
    const answer = await raw(
      'GET /health/live HTTP/1.1\r\nHost: a.example.org\r\nHost: b.example.org\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
  });

  it.each([
    ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n'],
    ['a negative length', 'Content-Length: -1\r\n'],
  ])('with %s are refused', async (_name, header) => {
    const answer = await raw(
      `POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${header}\r\n{}\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
  });

  it('whose body does not come are closed', async () => {
    const head =
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"email"';
    // It resolves when the server has closed; that it does is what is shown.
    expect(await raw(head)).not.toContain('200 OK');
  });

  it('from pages of a listed origin may call the API, and from no other', async () => {
    const ask = (origin: string): Promise<Response> =>
      fetch(`${vault.url}/api/v1/datasets`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
      });
    const listed = await ask('https://console.example.org');
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://console.example.org');
    const other = await ask('https://evil.example.org');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('through a trusted proxy count by the address it names', async () => {
    const signIn = async (address: string): Promise<number> =>
      (
        await vault.post(
          '/auth/login',
          { email: 'x', password: 'y' },
          { token: null, headers: { 'x-forwarded-for': address } },
        )
      ).status;
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push(await signIn('203.0.113.7'));
    expect(statuses.slice(0, 4)).toEqual([401, 401, 401, 401]);
    expect(statuses.at(-1)).toBe(429);
    expect(await signIn('203.0.113.8')).toBe(401);
  });

  it('that come too often are told when to come again', async () => {
    const { status, headers, body } = await vault.post<{ code: string }>(
      '/auth/login',
      { email: 'x', password: 'y' },
      { token: null, headers: { 'x-forwarded-for': '203.0.113.7' } },
    );
    expect([status, body.code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
  });
});

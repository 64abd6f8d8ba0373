// The identity provider of `identity-provider.child.ts`, and a browser that goes there and comes back.
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export class IdentityProvider {
  private constructor(
    private readonly child: ChildProcess,
    readonly issuer: string,
  ) {}

  static async start(redirectUri: string): Promise<IdentityProvider> {
    const script = resolve('test/support/identity-provider.child.ts');
    const child = spawn(process.execPath, ['--no-warnings', script, JSON.stringify({ redirectUri })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const issuer = await new Promise<string>((started, failed) => {
      child.once('exit', (code) => failed(new Error(`the identity provider ended with ${code}`)));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        if (line.startsWith('{')) started((JSON.parse(line) as { issuer: string }).issuer);
      });
    });
    return new IdentityProvider(child, issuer);
  }

  stop(): void {
    this.child.kill();
  }

  /** Who sits before the browser from now on. */
  async becomes(account: { sub: string } & Record<string, unknown>): Promise<void> {
    await fetch(`${this.issuer}/told/account`, { method: 'POST', body: JSON.stringify(account) });
  }

  /** A token that the platform of a program would give it. */
  async token(claims: object, expires?: string): Promise<string> {
    const body = JSON.stringify({ claims, expires });
    return (await fetch(`${this.issuer}/told/token`, { method: 'POST', body })).text();
  }

  /** Follows the provider's redirects until they lead somewhere else, and gives that address. */
  async visit(address: string): Promise<URL> {
    const cookies = new Map<string, string>();
    let next = new URL(address);
    while (next.origin === this.issuer) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
      for (const set of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
        cookies.set(name!, value!);
      }
      const location = answer.headers.get('location');
      if (!location) throw new Error(`the provider answered ${answer.status} ${await answer.text()}`);
      next = new URL(location, next);
    }
    return next;
  }
}

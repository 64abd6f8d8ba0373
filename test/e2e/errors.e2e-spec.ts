// docs/errors.md and the code say the same, in both directions.
import { globSync, readFileSync } from 'node:fs';

const declared = globSync('{libs,apps}/*/src/**/*.ts')
  .filter((file) => !/\.(spec|contract)\.ts$/.test(file))
  .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/defineError\(\s*'([a-z-]+)',\s*'([a-z-]+)'/g)])
  .map(([, code, kind]) => ({ code: code!, kind: kind! }));
const markdown = readFileSync('docs/errors.md', 'utf8');
const described = [...markdown.matchAll(/^### `([a-z-]+)`\n\n(?:(\d{3})\. )?/gm)].map(([, code, status]) => ({
  code: code!,
  status,
}));

describe('docs/errors.md', () => {
  it('describes every error there is, and none there is not', () => {
    expect(described.map(({ code }) => code).sort()).toEqual(declared.map(({ code }) => code).sort());
  });

  it('gives each error the status it has', () => {
    const table = readFileSync('apps/vault-server/src/http/problem.ts', 'utf8');
    const statusOf = (kind: string): string | undefined => new RegExp(`'?${kind}'?: (\\d{3})`).exec(table)?.[1];
    const wrong = described.filter(({ code, status }) => {
      const { kind } = declared.find((error) => error.code === code)!;
      return status !== undefined && status !== statusOf(kind);
    });
    expect(wrong).toEqual([]);
  });
});

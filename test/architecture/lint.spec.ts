import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Diagnostic {
  code: string;
  filename: string;
}

const REPOSITORY = resolve(__dirname, '../..');
const LINES = 'export {};\n' + 'void 0;\n'.repeat(60);

/** Rule, file it is planted in, what the file says. */
const PLANTED: [string, string, string][] = [
  ['no-floating-promises', 'libs/a/src/a.ts', 'const p = async () => 1;\np();\n'],
  ['no-misused-promises', 'libs/a/src/b.ts', '[1].forEach(async () => {\n  await null;\n});\n'],
  ['no-explicit-any', 'libs/a/src/c.ts', 'export const a: any = 1;\n'],
  ['ban-ts-comment', 'libs/a/src/d.ts', '// @ts-ignore\nexport const a: string = 1;\n'],
  ['no-console', 'libs/a/src/e.ts', "console.log('x');\n"],
  ['no-process-env', 'libs/a/src/f.ts', "export const home = process.env['HOME'];\n"],
  [
    'no-restricted-imports',
    'libs/a/src/g.ts',
    "import { HttpException } from '@nestjs/common';\nthrow HttpException;\n",
  ],
  ['no-default-export', 'libs/a/src/h.ts', 'export default 1;\n'],
  ['no-warning-comments', 'libs/a/src/i.ts', '// TODO later\nexport {};\n'],
  ['max-lines', 'libs/a/src/j.ts', '\n'.repeat(201) + 'export {};\n'],
  ['max-lines-per-function', 'libs/a/src/k.ts', `export function f(): void {\n${LINES.slice(11)}}\n`],
  [
    'max-params',
    'libs/a/src/l.ts',
    'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1, g: 1, h: 1) => [a, b, c, d, e, g, h];\n',
  ],
  [
    'max-depth',
    'libs/a/src/m.ts',
    'export function f(a: number): void {\n  if (a) {\n if (a > 1) {\n if (a > 2) {\n if (a > 3) {\n f(a);\n }\n }\n }\n }\n}\n',
  ],
  [
    'switch-exhaustiveness-check',
    'libs/a/src/n.ts',
    "export function f(a: 'x' | 'y'): void {\n  switch (a) {\n    case 'x':\n  }\n}\n",
  ],
  ['only-throw-error', 'libs/a/src/o.ts', "throw 'text';\n"],
  ['no-focused-tests', 'libs/a/src/p.spec.ts', "it.only('x', () => {});\n"],
];

/** What must pass: the same things in the places where they are right. */
const ALLOWED: Record<string, string> = {
  'apps/server/src/main.ts': "console.log(process.env['HOME']);\n",
  'libs/a/src/long.spec.ts': '\n'.repeat(201) + 'export {};\n',
  'libs/config/src/load-settings.ts': "export const home = process.env['HOME'];\n",
};

function diagnostics(files: Record<string, string>): Diagnostic[] {
  const root = mkdtempSync(join(tmpdir(), 'vault-lint-'));
  try {
    for (const name of ['.oxlintrc.json', 'tsconfig.json']) cpSync(join(REPOSITORY, name), join(root, name));
    symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
    writeFileSync(join(root, 'package.json'), '{"type":"module"}');
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const oxlint = join(REPOSITORY, 'node_modules/.bin/oxlint');
    const run = spawnSync(process.execPath, [oxlint, '--format', 'json', 'libs', 'apps'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (!run.stdout.startsWith('{')) throw new Error(run.stdout + run.stderr);
    return (JSON.parse(run.stdout) as { diagnostics: Diagnostic[] }).diagnostics;
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe('the lint rules', () => {
  let found: Diagnostic[];
  beforeAll(() => {
    found = diagnostics({ ...Object.fromEntries(PLANTED.map(([, path, text]) => [path, text])), ...ALLOWED });
  });

  it.each(PLANTED)('report %s in %s', (rule, path) => {
    expect(found.filter(({ filename }) => filename === path).map(({ code }) => code)).toContainEqual(
      expect.stringContaining(`(${rule})`),
    );
  });

  it.each(Object.keys(ALLOWED))('have nothing against %s', (path) => {
    expect(found.filter(({ filename }) => filename === path)).toEqual([]);
  });
});

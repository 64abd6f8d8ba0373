import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

describe('the documents', () => {
  const documents = [...globSync('docs/**/*.md'), 'README.md', 'CONTRIBUTING.md', 'SECURITY.md'];

  it('lead somewhere with every link', () => {
    const broken = documents.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
        .map(([, target]) => target!)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('have a row for every room, whose door begins with its sign', () => {
    const overview = readFileSync('docs/architecture/OVERVIEW.md', 'utf8');
    const rooms = globSync('libs/*').map((folder) => folder.slice('libs/'.length));
    expect(rooms.filter((room) => !overview.includes(`| \`${room}\``))).toEqual([]);
    const sign = (room: string): string => readFileSync(`libs/${room}/src/index.ts`, 'utf8').split('\n', 1)[0]!;
    expect(rooms.filter((room) => !sign(room).startsWith(`// ${room}: `))).toEqual([]);
  });

  it('name files that are there', () => {
    const named = /`((?:libs|apps|test|docs|scripts)\/[\w./{},-]+)`/g;
    const missing = documents.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(named)]
        .map(([, path]) => path!)
        .filter((path) => globSync(path).length === 0)
        .map((path) => `${file}: ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it('say why each dependency is one', () => {
    const text = readFileSync('docs/dependencies.md', 'utf8');
    const [production, development] = text.split('## For development') as [string, string];
    expect(Object.keys(dependencies).filter((name) => !production.includes(`\`${name}\``))).toEqual([]);
    const told = (name: string): boolean => name.startsWith('@types/') || development.includes(`\`${name}\``);
    expect(Object.keys(devDependencies).filter((name) => !told(name))).toEqual([]);
    const named = [...production.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) => cell!.split(', '));
    expect(named.map((name) => name.replaceAll('`', '')).filter((name) => !(name in dependencies))).toEqual([]);
  });
});

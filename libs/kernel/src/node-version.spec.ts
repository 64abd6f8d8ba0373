import { tooOldNode } from './node-version.ts';

describe('a program', () => {
  it.each(['20.19.2', '22.14.0', '18.0.0'])('is not run by Node %s, and says by which', (version) => {
    expect(tooOldNode(version)).toMatch(
      /^Node 22\.15 or newer is needed, and this is \d+\.\d+\.\d+\. .*npx vault-server/,
    );
  });

  it.each(['22.15.0', '23.0.0', '24.21.0'])('is run by Node %s', (version) => {
    expect(tooOldNode(version)).toBeNull();
  });
});

// scripts/rotate-jwt.sh, with a stand-in for kubectl.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('rotate-jwt.sh', () => {
  it('waits until the last of the servers signs with the new key, however they end what they say', () => {
    const dir = mkdtempSync(join(tmpdir(), 'rotate-'));
    // Three pods, of which one learns of the new key when it was asked three times.
    const kubectl = `#!/bin/bash
shift 2
case "$1" in
  get) echo "one two three" ;;
  patch) touch ${dir}/patched ;;
  exec) echo x >> ${dir}/asked-$2; key=aaa
    if [ -f ${dir}/patched ] && { [ $2 != two ] || [ $(wc -l < ${dir}/asked-two) -gt 3 ]; }; then key=bbb; fi
    printf '{"auth":{"jwt_key_id":"%s"}}' $key ;;
esac
`;
    writeFileSync(join(dir, 'kubectl'), kubectl, { mode: 0o755 });
    const env = { PATH: `${dir}:${process.env['PATH']}` };
    const { status, stdout } = spawnSync('scripts/rotate-jwt.sh', { env, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, 'every server signs with the key bbb\n']);
    expect(readFileSync(join(dir, 'asked-two'), 'utf8')).toBe('x\n'.repeat(4));
    rmSync(dir, { recursive: true });
  });
});

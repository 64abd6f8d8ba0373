// The console as a person uses it, in a real browser: `bash scripts/install-services.sh` brings Chromium.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ADMIN, startVault, type Vault } from '../support/vault.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('Swagger UI', () => {
  let vault: Vault;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    vault = await startVault();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    page = await (await browser.newContext({ viewport: { width: 1300, height: 1000 } })).newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${vault.url}/docs`);
    await page.waitForSelector('.opblock');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await vault?.remove();
  });

  /** Opens an operation, sends its example as it stands, and gives the answer's status and body. */
  async function send(id: string, body?: string): Promise<{ status: string; text: string }> {
    // Only what is in view is on the page: the filter brings one tag into it.
    await page.locator('.operation-filter-input').fill(id.split('_')[0]!);
    const block = page.locator(`[id$="${id}"]`);
    await block.scrollIntoViewIfNeeded();
    if ((await block.locator('.execute').count()) === 0) await block.locator('.opblock-summary-control').click();
    const editor = block.locator('textarea.body-param__text');
    if (body !== undefined) await editor.fill(body);
    const live = block.locator('.live-responses-table .response');
    // An earlier answer stays until the next one is there.
    if ((await live.count()) > 0) await block.locator('.btn-clear').click();
    await live.waitFor({ state: 'detached' });
    await block.locator('.execute').click();
    await live.waitFor();
    return {
      status: (await live.locator('.response-col_status').innerText()).trim(),
      text: await live.locator('.microlight').first().innerText(),
    };
  }

  it('signs in with Authorize and the token that its own sign-in gave', async () => {
    const { status, text } = await send('auth_login', JSON.stringify(ADMIN));
    expect(status).toMatch(/^200/);
    const { access_token: token } = JSON.parse(text) as { access_token: string };
    await page.locator('.btn.authorize').first().click();
    const bearer = page.locator('.auth-container').filter({ hasText: 'bearer' });
    await bearer.locator('input').fill(token);
    await bearer.locator('.auth-btn-wrapper .authorize').click();
    await bearer.locator('.auth-btn-wrapper .btn-done').click();
  });

  it('creates a dataset, detects personal data and lists, each with its example as it stands', async () => {
    expect((await send('datasets_create')).status).toMatch(/^201/);
    const detected = await send('pii_detect');
    expect([detected.status.slice(0, 3), detected.text.includes('EMAIL_ADDRESS')]).toEqual(['200', true]);
    const listed = await send('datasets_list');
    expect([listed.status.slice(0, 3), listed.text.includes('support-chat')]).toEqual(['200', true]);
  });

  it('shows what an error is like', async () => {
    const { status, text } = await send('datasets_create');
    expect([status.slice(0, 3), text.includes('DATASET_NAME_TAKEN')]).toEqual(['409', true]);
  });

  it('has nothing to complain about on its console but the answer that was to be refused', async () => {
    await page.screenshot({ path: join(mkdtempSync(join(tmpdir(), 'vault-console-')), 'docs.png') });
    expect(complaints.filter((text) => !text.includes('409'))).toEqual([]);
  });
});

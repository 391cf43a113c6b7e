// The sandbox in a browser: the 3-D Secure page (in `challenge.mjs`) and the inspector, as a person uses it: by what is seen, by the keyboard, in light and dark, wide and narrow.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { challenges } from './challenge.mjs';
import { App, BYTES, KEY, act, mac, start } from './sandbox.mjs';

const { chromium } = await import(process.env.PLAYWRIGHT_CORE);

const screenshots = process.env.SALEKIT_SCREENSHOTS;
if (screenshots) mkdirSync(screenshots, { recursive: true });

const sandbox = await start();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
const app = new App(sandbox);
let passed = 0;
let failed = 0;

/** A page at `hash`. Whatever the browser complains of fails the test. */
async function open(hash = '', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, colorScheme: 'light', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.complaints = [];
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('request', (request) => request.url().startsWith(sandbox.inspector) || page.complaints.push(`loads ${request.url()}`));
  await page.goto(`${sandbox.inspector}${hash}`);
  await page.locator('#link.on').waitFor();
  return page;
}

const picture = async (page, name) => {
  if (screenshots) writeFileSync(join(screenshots, `${name}.png`), await page.screenshot());
};

async function test(name, run) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`failed: ${name}\n${error.stack}`);
  }
}

async function done(page) {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

const message = (page, text) => page.locator('#messages .cell').filter({ hasText: text }).first();
const detail = (page, tab) => page.getByRole('tab', { name: tab }).click();

/** No part of the page is wider than its window. */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Contrast of text with what is behind it (WCAG 2), the lowest of all that is seen. */
const lowestContrast = (page) => page.evaluate(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = ([r, g, b]) => [r, g, b].map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return rgba(getComputedStyle(document.body).backgroundColor);
  };
  let lowest = { ratio: 21 };
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('');
    if (!text || !element.checkVisibility() || element.matches('option')) continue;
    const [a, b] = [luminance(rgba(getComputedStyle(element).color)), luminance(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < lowest.ratio) lowest = { ratio, text };
  }
  return lowest;
});

await test('a sale with 3-D Secure appears live, and its challenge is ended from the page', async () => {
  const page = await open();
  const sale = await app.begin();
  await page.locator('#sales .sale').filter({ hasText: 'initiated' }).click();
  const { token } = (await app.perform(sale, '321')).body.session;
  await page.locator('#title .state.challenge').waitFor();
  for (let count = 0; count < 3; count += 1) await app.status(sale, token);
  await message(page, 'sale status ×3').waitFor();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.locator('#title .state.approved').waitFor();
  assert.match(await page.locator('#live').textContent(), /approved|done/);
  await app.status(sale, token);
  await message(page, 'APPROVED').waitFor();
  // The callback comes when it likes, and its answer is the last step.
  await page.locator('#messages .step').filter({ hasText: /^24$/ }).first().waitFor();
  const steps = await page.locator('#messages .step').allTextContents();
  for (const step of ['2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '18', '19', '20', '21', '22', '23', '24']) {
    assert.ok(steps.includes(step), `step ${step} of ${steps}`);
  }
  assert.deepEqual(await page.locator('.party').allTextContents(), ['consumer', 'app', 'merchant', 'gateway']);
  await message(page, 'perform sale').click();
  await page.locator('#panel').filter({ hasText: '411111••••••1111' }).waitFor();
  assert.equal(await page.getByText('HOPPER').count(), 0);
  assert.ok((await lowestContrast(page)).ratio >= 4.5, JSON.stringify(await lowestContrast(page)));
  await picture(page, 'inspector-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await lowestContrast(page);
  assert.ok(dark.ratio >= 4.5, JSON.stringify(dark));
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(245, 246, 248)');
  await picture(page, 'inspector-dark');
  await done(page);
});

await test('problems are filtered, and the filter is in the address', async () => {
  const page = await open();
  const sale = await app.begin();
  await app.send('GET', `${sandbox.gateway}/nowhere`);
  await app.perform(sale, '123', '0'.repeat(40));
  await message(page, 'unknown path').waitFor();
  const all = await page.locator('#messages .cell').count();
  await page.keyboard.press('!');
  await page.waitForFunction((before) => document.querySelectorAll('#messages .cell').length < before, all);
  assert.equal(await page.locator('#messages tbody tr:not(.problem)').count(), 0);
  assert.match(page.url(), /#.*problems=1/);
  await page.getByLabel('Text').fill('nowhere');
  await page.waitForFunction(() => document.querySelectorAll('#messages .cell').length === 1);
  const again = await open(new URL(page.url()).hash);
  await message(again, 'unknown path').waitFor();
  assert.equal(await again.locator('#messages .cell').count(), 1);
  assert.equal(await again.getByLabel('Only problems').isChecked(), true);
  await page.getByLabel('Text').fill('');
  await page.getByLabel('Parties').selectOption('app-merchant');
  await page.waitForFunction(() => document.querySelectorAll('#messages .cell').length === 0);
  await done(again);
  await done(page);
});

await test('the signature tab explains each mistake', async () => {
  const page = await open();
  const mistakes = {
    key_with_dashes: (sale) => mac(KEY, app.parts(sale).join('')),
    key_as_text: (sale) => mac(KEY.replaceAll('-', ''), app.parts(sale).join('')),
    amount_in_major_units: (sale) => mac(BYTES, app.parts(sale, '10.50').join('')),
    wrong_order: (sale) => mac(BYTES, app.parts(sale).reverse().join('')),
    separators: (sale) => mac(BYTES, app.parts(sale).join('|')),
    other_case: (sale) => mac(BYTES, app.parts(sale).join('').replace('EUR', 'eur')),
    other_encoding: (sale) => Buffer.from(mac(BYTES, app.parts(sale).join('')), 'hex').toString('base64'),
    cut_off: (sale) => mac(BYTES, app.parts(sale).join('')).slice(0, 32),
    unknown: () => '0123456789'.repeat(4),
  };
  for (const [code, signature] of Object.entries(mistakes)) {
    const sale = await app.begin();
    await app.perform(sale, '123', signature(sale));
    await page.goto(`${sandbox.inspector}#sale=${sale.invoice}&tab=signature`);
    await message(page, 'perform sale').click();
    await page.locator(`.mistake[data-code="${code}"]`).waitFor();
    assert.equal(await page.locator('.parts tbody tr').count(), 7);
    if (code === 'amount_in_major_units') await picture(page, 'inspector-signature');
  }
  const sale = await app.begin();
  const session = { checkSignature: mac(BYTES, [app.device, sale.nonce, sale.endpoint, sale.invoice].join('')), nonce: sale.nonce, token: '0'.repeat(32) };
  const answer = { invoiceId: sale.invoice, session, sourceOfFunds: { reference: { serverCardId: '805112' } } };
  await act(sandbox, `api/scripts/${app.device}`, { sales: 1, faults: [{ message: 'check', kind: 'answer_override', answer }] });
  await app.perform(sale, '123');
    await page.goto(`${sandbox.inspector}#sale=${sale.invoice}&tab=signature`);
  await message(page, 'check sale').click();
  await page.locator('.mistake[data-code="server_card_id_missing"]').waitFor();
  await done(page);
});

await test('the keyboard alone is enough', async () => {
  const { invoice_id: invoice } = await act(sandbox, 'api/sales', { security_code: '116' });
  const page = await open(`#sale=${invoice}`);
  await page.locator('#title .state.declined').waitFor();
  const focused = () => page.evaluate(() => document.activeElement.dataset.number ?? document.activeElement.id);
  await page.keyboard.press('j');
  const first = await focused();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  assert.notEqual(await focused(), first);
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.locator('#details .tabs').waitFor();
  await page.waitForFunction(() => document.activeElement.id === 'details');
  await page.keyboard.press('Escape');
  await page.locator('#details .tabs').waitFor({ state: 'hidden' });
  assert.match(await focused(), /^\d+$/, 'the focus is back in the list');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'q');
  await page.keyboard.type('jk!');
  assert.equal(await page.getByLabel('Text').inputValue(), 'jk!');
  await page.getByLabel('Text').fill('');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.locator('#help-dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await page.locator('#link.paused').waitFor();
  const sales = await page.locator('#sales .sale').count();
  await act(sandbox, 'api/sales', { security_code: '116' });
  await page.waitForFunction(() => / [1-9]\d* changes/.test(document.getElementById('link').textContent));
  assert.equal(await page.locator('#sales .sale').count(), sales);
  await page.keyboard.press('p');
  await page.waitForFunction((before) => document.querySelectorAll('#sales .sale').length > before, sales);
  await page.keyboard.press('r');
  await page.waitForFunction((before) => !location.hash.includes(before), invoice);
  await page.locator('#title .state.declined').waitFor();
  await page.keyboard.press('s');
  await page.locator('#script-dialog[open]').waitFor();
  await page.getByLabel('Outcome').selectOption('never_final');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.locator('#scripts li').filter({ hasText: 'never_final' }).waitFor();
  await page.keyboard.press('Escape');
  await done(page);
});

await test('a command for curl is copied', async () => {
  const page = await open('', { permissions: ['clipboard-read', 'clipboard-write'] });
  await message(page, 'perform sale').click();
  await page.locator('#details .tabs').waitFor();
  await page.keyboard.press('c');
  await page.locator('#live').filter({ hasText: 'Copied.' }).waitFor({ state: 'attached' });
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^curl --cacert ca\.pem --request POST 'https:/);
  assert.match(copied, /\$CARD_NUMBER/);
  await done(page);
});

await test('it fits a phone, and nothing moves for those who do not want it', async () => {
  const { invoice_id: invoice } = await act(sandbox, 'api/sales', { security_code: '321', device: 'phone' });
  const page = await open(`#sale=${invoice}`, { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
  await page.locator('#title .state.challenge').waitFor();
  await message(page, 'perform sale').waitFor();
  assert.ok((await overflow(page)) <= 0, 'the diagram');
  await page.locator('#title').scrollIntoViewIfNeeded();
  if (screenshots) writeFileSync(join(screenshots, 'inspector-narrow.png'), await page.screenshot({ fullPage: true }));
  await page.getByRole('button', { name: 'List' }).click();
  await page.locator('#messages table').waitFor();
  assert.ok((await overflow(page)) <= 0, 'the list');
  if (screenshots) writeFileSync(join(screenshots, 'inspector-narrow-list.png'), await page.screenshot({ fullPage: true }));
  await message(page, 'perform sale').click();
  for (const tab of ['Request', 'Response', 'Checks', 'Signature', 'curl']) {
    await detail(page, tab);
    await page.locator(`[role=tab][aria-selected=true]`).filter({ hasText: tab }).waitFor();
    assert.ok((await overflow(page)) <= 0, tab);
  }
  await detail(page, 'Signature');
  if (screenshots) writeFileSync(join(screenshots, 'inspector-narrow-signature.png'), await page.screenshot({ fullPage: true }));
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
  await done(page);
});

await test('faults are switched, and the record is exported, cleared and read in', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Faults on' }).click();
  await page.getByRole('button', { name: 'Faults off' }).click();
  await page.getByRole('button', { name: 'Faults on' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()]);
  const file = await download.path();
  await page.getByRole('button', { name: 'Clear' }).click();
  // A sale that still runs may be seen again at once, so it is the sales that are gone.
  await page.locator('#sales').filter({ hasText: 'No sale yet' }).waitFor();
  await page.locator('#import-file').setInputFiles(file);
  await page.locator('#sales .sale').filter({ hasText: 'imported' }).first().waitFor();
  await done(page);
});

await challenges({ browser, sandbox, app, test, lowestContrast, screenshots });

await browser.close();
sandbox.stop();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

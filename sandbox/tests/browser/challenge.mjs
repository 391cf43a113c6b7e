// The 3-D Secure page in a browser: its states distinguished, by a mouse, a finger or the keyboard, in light and dark, on a phone and
// enlarged.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PHONE = { width: 360, height: 640 };

/** What a phone of that width shows at 200 %: half as many pixels, each twice as large. */
const ENLARGED = { viewport: { width: 180, height: 320 }, deviceScaleFactor: 2 };

export async function challenges({ browser, sandbox, app, test, lowestContrast, screenshots }) {
  /** A challenge of a new sale, at this code. */
  async function challenge(code, options = {}) {
    const sale = await app.begin();
    const { token } = (await app.perform(sale, code)).body.session;
    let url;
    while (!url) {
      url = (await app.status(sale, token)).body.redirectUrl;
      if (!url) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const context = await browser.newContext({ viewport: PHONE, colorScheme: 'light', ignoreHTTPSErrors: true, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.complaints = [];
    page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
    // The browser asks for an icon by itself.
    page.on('request', (request) => request.url().startsWith(sandbox.gateway) || request.url().endsWith('favicon.ico') || page.complaints.push(`loads ${request.url()}`));
    await page.goto(url);
    return { page, sale, token };
  }

  const done = async (page) => {
    assert.deepEqual(page.complaints.filter((text) => !text.includes('favicon')), []);
    await page.context().close();
  };

  const picture = async (page, name) => {
    if (screenshots) writeFileSync(join(screenshots, `${name}.png`), await page.screenshot({ fullPage: true }));
  };

  /** Words that are broken in two, and how far the page is wider than its window. */
  const misfits = (page) => page.evaluate(() => {
    const broken = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const word of node.data.matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(word[0]);
      }
    }
    return { broken, wider: document.documentElement.scrollWidth - window.innerWidth };
  });

  const ends = {
    success: (page) => page.getByLabel('Password of your bank').fill('hint').then(() => page.getByRole('button', { name: 'Confirm' }).click()),
    failure: (page) => page.getByRole('button', { name: 'Fail' }).click(),
    cancelled: (page) => page.locator('main').getByRole('button', { name: 'Cancel' }).click(),
    'timed-out': (page) => page.getByRole('button', { name: 'Expire' }).click(),
  };
  const titles = { success: 'Confirmed', failure: 'Not confirmed', cancelled: 'Cancelled', 'timed-out': 'Too late' };

  /** Its looks, in both schemes and enlarged. */
  async function looks(page, name) {
    const seen = await page.evaluate(() => {
      const icon = document.querySelector('.state');
      return { icon: icon?.innerHTML, color: icon && getComputedStyle(icon).color, text: document.querySelector('main').innerText };
    });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const lowest = await lowestContrast(page);
      assert.ok(lowest.ratio >= 4.5, `${name} ${colorScheme}: ${JSON.stringify(lowest)}`);
      await picture(page, `challenge-${name}${colorScheme === 'dark' ? '-dark' : ''}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    assert.deepEqual(await misfits(page), { broken: [], wider: 0 }, name);
    return seen;
  }

  await test('the five states of the 3-D Secure page differ, and each can be read', async () => {
    const { page } = await challenge('321');
    await page.waitForFunction(() => document.activeElement?.id === 'password');
    const all = [await looks(page, 'waiting')];
    await done(page);
    for (const [name, end] of Object.entries(ends)) {
      const { page: ended } = await challenge('321');
      await end(ended);
      await ended.getByRole('heading', { name: titles[name], exact: true }).waitFor();
      all.push(await looks(ended, name));
      await done(ended);
    }
    for (const part of ['icon', 'color', 'text']) {
      assert.equal(new Set(all.map((seen) => seen[part])).size, 5, part);
    }
  });

  await test('no word of the 3-D Secure page breaks at 200 % of a phone', async () => {
    for (const locale of ['en', 'de', 'ru']) {
      const { page } = await challenge('321', { ...ENLARGED, locale });
      assert.deepEqual(await misfits(page), { broken: [], wider: 0 }, locale);
      if (locale === 'en') await picture(page, 'challenge-waiting-enlarged');
      await page.locator('button[value=fail]').click();
      await page.locator('.state').waitFor();
      assert.deepEqual(await misfits(page), { broken: [], wider: 0 }, `${locale}, ended`);
      if (locale === 'en') await picture(page, 'challenge-failure-enlarged');
      await done(page);
    }
  });

  await test('an empty password is asked for again, a wrong one twice, and the keyboard is enough', async () => {
    const { page, sale, token } = await challenge('321');
    // The browser moves the focus a moment after it has shown the page.
    const focused = () => page.waitForFunction(() => document.activeElement?.id === 'password');
    const alert = (text) => page.getByRole('alert').filter({ hasText: text }).waitFor().then(focused);
    await focused();
    await page.keyboard.press('Enter');
    await alert('Please enter it first.');
    for (const left of [2, 1]) {
      await page.keyboard.type('guess');
      await page.keyboard.press('Enter');
      await alert(`Tries left: ${left}`);
      assert.equal(await page.getByLabel('Password of your bank').inputValue(), '', 'what was typed is gone');
    }
    await looks(page, 'wrong');
    await page.keyboard.type('hint');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    let state = 'PROCESSING';
    while (state === 'PROCESSING') {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ({ state } = (await app.status(sale, token)).body);
    }
    assert.equal(state, 'APPROVED');
    await done(page);
  });

  await test('a one-time code has a number pad, and the page speaks the language of the browser', async () => {
    const { page } = await challenge('325', { locale: 'de' });
    const input = page.getByLabel('Code aus der Nachricht Ihrer Bank');
    assert.equal(await input.getAttribute('inputmode'), 'numeric');
    assert.equal(await input.getAttribute('autocomplete'), 'one-time-code');
    await input.fill('123456');
    await page.getByRole('button', { name: 'Bestätigen' }).click();
    await page.getByRole('heading', { name: 'Bestätigt' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
    await done(page);
  });
}

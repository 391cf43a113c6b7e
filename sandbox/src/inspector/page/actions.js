// The buttons: what can be done to a sale, to the next ones, and to the record.

import { el, fill, byId, announce } from './dom.js';
import { act, get, refreshState, store } from './store.js';

/** Does it, and says what came of it. */
async function attempt(what, doing) {
  try {
    await doing();
    announce(`${what}: done.`);
    return true;
  } catch (error) {
    announce(`${what}: ${error.message}.`);
    return false;
  }
}

const button = (key, text, onclick, attributes = {}) => el('button', { type: 'button', 'data-key': key, onclick, ...attributes }, text);

/** The buttons of a sale, as far as they apply to it now. */
export async function showSaleActions(invoiceId, chooseSale) {
  const bar = byId('sale-actions');
  const of = invoiceId ? await get(`/api/sales/${encodeURIComponent(invoiceId)}`).catch(() => null) : null;
  if (!of) return fill(bar);
  const path = `/api/sales/${encodeURIComponent(invoiceId)}`;
  const offers = new Set(of.actions);
  const post = (what, to, body) => () => attempt(what, () => act(`${path}/${to}`, body));
  const buttons = [];
  if (offers.has('challenge')) {
    for (const [end, text] of [['approve', 'Approve'], ['fail', 'Fail'], ['cancel', 'Cancel'], ['expire', 'Expire']]) {
      buttons.push(button(`challenge-${end}`, text, post(`Challenge: ${text}`, 'challenge', { end })));
    }
  }
  if (offers.has('end') && !offers.has('challenge')) {
    buttons.push(button('end-approve', 'Finish: approve', post('Approve', 'end', { end: 'approve' })));
    buttons.push(button('end-decline', 'Finish: decline', post('Decline', 'end', { end: 'decline' })));
  }
  for (const message of ['check', 'mapping', 'callback']) {
    if (offers.has(`send_${message}`)) buttons.push(button(`send-${message}`, `Send ${message} again`, post(`Send ${message}`, 'send', { message })));
  }
  for (const type of ['reversal', 'chargeback']) {
    if (offers.has(`send_${type}`)) buttons.push(button(`send-${type}`, `Send ${type}`, post(`Send ${type}`, 'send', { message: 'callback', type })));
  }
  if (offers.has('again')) buttons.push(button('again', 'Same sale again', () => again(invoiceId, chooseSale)));
  const label = offers.has('challenge') ? el('span', { class: 'soft' }, 'Challenge:') : null;
  return fill(bar, label, buttons);
}

/** Makes a sale again, and opens it. */
export function again(invoiceId, chooseSale) {
  return attempt('Same sale again', async () => chooseSale((await act(`/api/sales/${encodeURIComponent(invoiceId)}/again`)).invoice_id));
}

export async function toggleFaults() {
  const on = !store.state?.faults_on;
  await attempt(on ? 'Faults on' : 'Faults off', () => act('/api/faults', { on }));
  await refreshState();
}

export const clear = () => attempt('Clear', () => act('/api/clear'));

export function exportRecord() {
  el('a', { href: '/api/export', download: 'sandbox-record.json' }).click();
}

export function importRecord(chooser) {
  const [file] = chooser.files;
  if (!file) return;
  attempt('Import', async () => act('/api/import', JSON.parse(await file.text())));
  chooser.value = '';
}

const field = (text, control) => el('label', {}, el('span', {}, text), control);
const choice = (name, options) => el('select', { name }, options.map(([value, text]) => el('option', { value }, text)));

const closing = (dialog) => button('close', 'Close', () => dialog.close());

/** A sale of the inspector's own test app. */
export function openSale(chooseSale) {
  const dialog = byId('sale-dialog');
  const codes = (store.state?.security_codes ?? []).map(({ code, outcome }) => [code.split(',')[0], `${code}: ${outcome}`]);
  const form = el('form', { method: 'dialog' }, el('h2', { id: 'sale-title' }, 'Test sale'),
    el('p', { class: 'soft' }, 'The inspector plays the app: it makes a sale with a test card by the protocol.'),
    field('Security code', choice('security_code', codes.filter(([code]) => code !== 'any other'))),
    field('Amount in minor units', el('input', { name: 'amount_minor', inputmode: 'numeric', value: '1050', required: true, pattern: '[0-9]+' })),
    field('Currency', el('input', { name: 'currency', value: 'EUR', required: true, pattern: '[A-Z]{3}', size: '4' })),
    field('Device', el('input', { name: 'device', value: 'inspector-0001', required: true, maxlength: '50' })),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'main' }, 'Pay'), closing(dialog)));
  form.addEventListener('submit', () => {
    const given = Object.fromEntries(new FormData(form));
    attempt('Test sale', async () => chooseSale((await act('/api/sales', { ...given, amount_minor: Number(given.amount_minor) })).invoice_id));
  });
  dialog.replaceChildren(form);
  dialog.showModal();
}

const OUTCOMES = ['', 'approve', 'decline', 'challenge', 'fingerprint_then_challenge', 'unanswered_challenge', 'never_final', 'charged_but_never_final'];
const MESSAGES = ['initiate', 'perform', 'status', 'session_token', 'stored_card', 'check', 'mapping', 'callback'];
const FAULTS = ['', 'close_before_processing', 'close_after_processing', 'garbage', 'truncate', 'http', 'http_after_processing', 'gateway_error', 'stall',
  'retry_after', 'unknown_state'];
const VALUES = {
  http: { status: 503 }, http_after_processing: { status: 502 }, gateway_error: { cause: 'SERVER_UNAVAILABLE', http_status: 503 },
  stall: { ms: 5000 }, retry_after: { status: 503, secs: 3 }, unknown_state: { state: 'SOMETHING_NEW' },
};

/** How the next sales go. */
export async function openScript(device) {
  const dialog = byId('script-dialog');
  const text = el('textarea', { name: 'script', rows: '8', spellcheck: 'false', 'aria-label': 'Script as JSON' });
  const words = (list, none) => list.map((word) => [word, word === '' ? none : word.replaceAll('_', ' ')]);
  const form = el('form', { method: 'dialog' }, el('h2', { id: 'script-title' }, 'How the next sale goes'),
    field('Device; * is any', el('input', { name: 'device', value: device || '*', required: true })),
    field('Outcome', choice('outcome', words(OUTCOMES, 'as the security code says'))),
    field('Fault', choice('fault', words(FAULTS, 'none'))),
    field('on message', choice('message', words(MESSAGES, ''))),
    field('For how many sales', el('input', { name: 'sales', inputmode: 'numeric', pattern: '[0-9]*', value: '1' })),
    el('details', {}, el('summary', {}, 'As JSON'), text),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'main' }, 'Set'), closing(dialog)), el('h3', {}, 'In force'), el('ul', { id: 'scripts' }));
  const write = () => {
    const given = Object.fromEntries(new FormData(form));
    const script = {};
    if (given.outcome) script.outcome = given.outcome;
    if (given.sales) script.sales = Number(given.sales);
    if (given.fault) script.faults = [{ message: given.message, kind: given.fault, ...VALUES[given.fault] }];
    text.value = JSON.stringify(script, null, 2);
  };
  form.addEventListener('change', (event) => event.target !== text && write());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt('Script', async () => {
      await act(`/api/scripts/${encodeURIComponent(form.elements.device.value)}`, JSON.parse(text.value));
      await listScripts();
    });
  });
  dialog.replaceChildren(form);
  write();
  dialog.showModal();
  await listScripts();
}

async function listScripts() {
  const { scripts } = await get('/api/scripts');
  const remove = (device) => attempt('Remove', async () => {
    await act(`/api/scripts/${encodeURIComponent(device)}`, undefined, 'DELETE');
    await listScripts();
  });
  const left = ({ sales_left: count }) => (count === null ? 'until removed' : `${count} sales left`);
  const items = scripts.map((it) => el('li', {}, el('code', {}, it.device === '*' ? 'any device' : it.device), ` ${left(it)} `,
    el('code', { class: 'soft' }, it.script ? JSON.stringify(it.script) : ''), button(`remove-${it.device}`, 'Remove', () => remove(it.device))));
  fill(byId('scripts'), items.length ? items : el('li', { class: 'soft' }, 'None.'));
}

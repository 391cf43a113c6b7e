// One exchange in full: request, response, checks, signature, and the command that repeats the request.

import { el, fill, byId, clock, copy, duration } from './dom.js';
import { get } from './store.js';

const TABS = ['request', 'response', 'checks', 'signature', 'curl'];
const NAMES = { request: 'Request', response: 'Response', checks: 'Checks', signature: 'Signature', curl: 'curl' };

let shown = null;

/** The exchange that is open, or nothing. */
export const current = () => shown;

/** Opens an exchange on a tab; `number` 0 closes it. */
export async function show(number, tab, { choose, close }) {
  const pane = byId('details');
  if (!number) {
    shown = null;
    pane.hidden = true;
    return;
  }
  const exchange = await get(`/api/exchanges/${number}`).catch((error) => ({ gone: error.message }));
  pane.hidden = false;
  if (exchange.gone) {
    shown = null;
    fill(pane, bar('Not there any more', close), el('p', { class: 'soft' }, exchange.gone));
    return;
  }
  shown = exchange;
  const chosen = TABS.includes(tab) ? tab : 'request';
  fill(pane, bar(exchange.message, close), facts(exchange), verdict(exchange), tabs(exchange, chosen, choose),
    el('div', { class: 'panel', role: 'tabpanel', id: 'panel', 'aria-labelledby': `tab-${chosen}`, tabindex: '0' }, panel(exchange, chosen)));
}

const bar = (title, close) => el('div', { class: 'bar' }, el('h2', {}, title),
  el('button', { type: 'button', class: 'close', 'data-key': 'close', onclick: close, 'aria-label': 'Close the details (Esc)' }, '✕'));

function facts(it) {
  const rows = [
    ['Number', `${it.number}${it.step === null ? '' : `, step ${it.step}`}${it.imported ? ', imported' : ''}`],
    ['Parties', it.from === it.to ? it.from : `${it.from} → ${it.to}`],
    ['Time', `${clock(it.at_ms)}${it.duration_ms === null ? '' : `, took ${duration(it.duration_ms)}`}`],
    ['Request', it.method ? `${it.method} ${it.path}` : null],
    ['Status', it.status], ['Says', it.says], ['Invoice', it.invoice_id], ['Device', it.device], ['Fault', it.fault],
  ];
  return el('dl', { class: 'facts' }, rows.filter(([, value]) => value !== null && value !== undefined)
    .flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, String(value))]));
}

function verdict(it) {
  if (it.progress === 'open') return el('p', { class: 'verdict' }, '… The answer is awaited.');
  const { accepted, rule, expected, got } = it.verdict;
  if (accepted !== false && !it.problem) {
    return it.kind === 'exchange' ? el('p', { class: 'verdict good' }, '✓ Keeps the rules.') : null;
  }
  return el('div', { class: 'verdict bad' }, el('p', {}, `⚠ ${it.problem ?? rule}`),
    rule && rule !== it.problem ? el('p', {}, `Rule: ${rule}`) : null,
    expected !== null ? el('p', {}, 'Expected: ', el('code', {}, expected)) : null,
    got !== null ? el('p', {}, 'Got: ', el('code', {}, got || 'nothing')) : null);
}

function tabs(it, chosen, choose) {
  const mark = {
    checks: it.checks.some((check) => !check.kept) ? ' ⚠' : '',
    signature: it.signature && !it.signature.matches ? ' ⚠' : '',
  };
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(chosen) + step + TABS.length) % TABS.length];
    Promise.resolve(choose(next)).then(() => setTimeout(() => byId(`tab-${next}`)?.focus(), 50));
  };
  return el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Parts of the exchange', onkeydown: move },
    TABS.map((tab) => el('button', {
      type: 'button', role: 'tab', id: `tab-${tab}`, 'data-key': `tab-${tab}`, 'aria-selected': String(tab === chosen),
      'aria-controls': 'panel', tabindex: tab === chosen ? '0' : '-1', onclick: () => choose(tab),
    }, NAMES[tab] + (mark[tab] ?? ''))));
}

const PANELS = { request: ({ request }) => half(request), response: ({ response }) => half(response), checks, signature, curl };
const panel = (it, tab) => PANELS[tab](it);

function half(it) {
  if (!it) return el('p', { class: 'soft' }, 'There is none.');
  const headers = it.headers.length === 0 ? null : el('table', { class: 'headers' }, el('caption', {}, 'Headers'),
    el('tbody', {}, it.headers.map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value)))));
  const length = el('h3', {}, `Body, ${it.length} bytes`);
  return [length, it.form === 'none' ? el('p', { class: 'soft' }, 'Empty.') : el('pre', {}, pretty(it)), headers];
}

function pretty({ body, form }) {
  if (form !== 'json') return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function checks(it) {
  if (it.checks.length === 0) return el('p', { class: 'soft' }, 'There are no rules for this one.');
  const sorted = [...it.checks].sort((a, b) => Number(a.kept) - Number(b.kept));
  return el('table', { class: 'checks' },
    el('thead', {}, el('tr', {}, ['', 'Rule', 'Expected', 'Got'].map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, sorted.map((check) => el('tr', { class: check.kept ? '' : 'problem' },
      el('td', {}, el('span', { class: check.kept ? 'good' : 'bad' }, check.kept ? '✓' : '⚠', el('span', { class: 'hidden' }, check.kept ? ' kept' : ' broken'))),
      el('td', {}, check.rule), el('td', {}, check.expected), el('td', {}, check.got || 'nothing')))));
}

function signature({ signature: it }) {
  if (!it) return el('p', { class: 'soft' }, 'This message carries no signature, or its answer has not come.');
  const result = it.matches
    ? el('p', { class: 'verdict good' }, `✓ ${it.member} matches.`)
    : el('div', { class: 'verdict bad' }, el('p', {}, `⚠ ${it.member} does not match.`),
      it.mistake ? el('p', { class: 'mistake', 'data-code': it.mistake.code }, el('strong', {}, 'Likely mistake: '), it.mistake.text) : null);
  const parts = el('table', { class: 'parts' }, el('caption', {}, 'Parts, in this order'),
    el('tbody', {}, it.parts.map((part, place) => el('tr', {}, el('td', { class: `num p${place % 6}` }, String(place + 1)),
      el('th', { scope: 'row' }, part.name), el('td', {}, el('code', {}, part.value || '(empty)'))))));
  const joined = el('p', { class: 'joined' }, it.parts.map((part, place) => el('code', { class: `p${place % 6}`, title: part.name }, part.value)));
  const how = it.algorithm === 'hmac-sha1' ? 'HMAC-SHA1 under the key’s bytes, as hex of either case'
    : 'SHA-1 over the joined text and the key’s text, as lower-case hex';
  return [result, parts, el('h3', {}, 'Joined, with nothing between'), joined,
    it.is_shortened ? el('p', { class: 'soft' }, 'The access token is shortened here. The value was computed with the whole one.') : null,
    el('dl', { class: 'facts' },
      el('dt', {}, 'Method'), el('dd', {}, how),
      el('dt', {}, 'Key'), el('dd', {}, el('code', {}, it.key_text)),
      it.algorithm === 'hmac-sha1' ? [el('dt', {}, 'Key bytes'), el('dd', {}, el('code', {}, bytes(it.key_bytes)))] : [],
      el('dt', {}, 'Expected'), el('dd', {}, el('code', {}, it.expected)),
      el('dt', {}, 'Received'), el('dd', {}, compared(it.received ?? '', it.expected)))];
}

const bytes = (hex) => hex.match(/../g)?.join(' ') ?? '';

/** The received value, with the characters marked that differ. */
function compared(received, expected) {
  if (!received) return el('em', {}, 'nothing');
  const runs = [];
  [...received].forEach((character, place) => {
    const differs = character !== expected[place];
    if (runs.at(-1)?.differs === differs) runs.at(-1).text += character;
    else runs.push({ text: character, differs });
  });
  return el('code', {}, runs.map((run) => (run.differs ? el('mark', {}, run.text) : run.text)));
}

function curl(it) {
  if (!it.curl) return el('p', { class: 'soft' }, it.imported ? 'An imported exchange has none.' : 'There is none.');
  const variables = [...new Set(it.curl.match(/\$[A-Z_]{4,}/g) ?? [])];
  return [el('pre', {}, it.curl),
    el('p', {}, el('button', { type: 'button', 'data-key': 'copy', onclick: () => copy(it.curl) }, 'Copy', el('kbd', { 'aria-hidden': 'true' }, 'c'))),
    el('p', { class: 'soft' }, 'The authority’s certificate is at ', el('a', { href: '/ca.pem', download: 'ca.pem' }, '/ca.pem'), '.',
      variables.length ? ` Not kept, so set them first: ${variables.join(', ')}.` : '')];
}

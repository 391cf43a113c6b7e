// The page: what is chosen, and when what is drawn again.

import { byId, el, fill, announce, clock, copy } from './dom.js';
import * as store from './store.js';
import * as filter from './filter.js';
import { diagram, list } from './diagram.js';
import * as details from './details.js';
import * as actions from './actions.js';
import * as keys from './keys.js';

const STATES = {
  initiated: ['○', 'initiated'], processing: ['◐', 'processing'], challenge: ['◆', 'challenge'],
  approved: ['✓', 'approved'], declined: ['✕', 'declined'], void: ['⊘', 'void'],
};

let paused = false;
let missed = 0;
let drawing = false;
/** What was drawn while paused. */
let frozen = null;

const exchanges = () => frozen?.exchanges ?? store.inOrder();
const sales = () => frozen?.sales ?? [...store.store.sales.values()].sort((a, b) => a.started_at_millis - b.started_at_millis);

/** What the middle shows: of the chosen sale or of all, through the filters. */
function visible() {
  const chosen = filter.read();
  return exchanges().filter((it) => (!chosen.sale || it.invoice_id === chosen.sale) && filter.passes(it, chosen));
}

const chooseExchange = (number) => filter.write({ x: String(number) });
const chooseSale = (invoiceId) => filter.write({ sale: invoiceId, x: '' });
const closeDetails = () => {
  const { x, view } = filter.read();
  focusDetails = false;
  filter.write({ x: '' });
  (document.querySelector(`#messages [data-number="${x}"]`) ?? byId('main')).focus();
  return view;
};

function drawSales() {
  const chosen = filter.read();
  const narrowed = filter.isFiltering(chosen);
  const passing = narrowed ? new Set(exchanges().filter((it) => filter.passes(it, chosen)).map((it) => it.invoice_id)) : null;
  const shown = sales().filter((sale) => !passing || passing.has(sale.invoice_id)).reverse();
  const entry = (key, current, onclick, ...children) => el('li', {}, el('button', {
    type: 'button', class: 'sale', 'data-key': key, 'aria-current': current ? 'true' : false, onclick,
  }, ...children));
  const all = entry('all', !chosen.sale, () => chooseSale(''), el('span', { class: 'amount' }, 'All messages'), el('span', { class: 'soft' }, String(exchanges().length)));
  const items = shown.map((sale) => {
    const [icon, word] = STATES[sale.state];
    return entry(sale.invoice_id, sale.invoice_id === chosen.sale, () => chooseSale(sale.invoice_id),
      el('span', { class: `state ${sale.state}` }, el('span', { 'aria-hidden': 'true' }, `${icon} `), word),
      el('span', { class: 'amount' }, sale.amount ?? ''),
      el('span', { class: 'soft id' }, `${clock(sale.started_at_millis).slice(0, 8)} · ${sale.device ?? '?'}`),
      el('span', { class: 'soft id' }, sale.invoice_id.slice(0, 13), sale.imported ? ' · imported' : ''),
      sale.problems ? el('span', { class: 'bad count' }, `⚠ ${sale.problems}`) : null);
  });
  const none = items.length ? null : el('li', { class: 'soft empty' }, narrowed ? 'No sale passes the filters.' : 'No sale yet. “Test sale” makes one.');
  fill(byId('sales'), all, items, none);
}

function drawMessages() {
  const chosen = filter.read();
  const sale = sales().find((it) => it.invoice_id === chosen.sale);
  const asList = chosen.view === 'list' || (!chosen.sale && chosen.view !== 'diagram');
  const [icon, word] = sale ? STATES[sale.state] : ['', ''];
  fill(byId('title'), sale
    ? [el('span', { class: `state ${sale.state}` }, `${icon} ${word}`), ` ${sale.amount ?? ''} `, el('span', { class: 'soft id' }, sale.invoice_id),
      sale.reason ? el('span', { class: 'soft' }, ` ${sale.reason}`) : null]
    : [chosen.sale ? 'A sale that is not on record' : 'All messages']);
  byId('view-diagram').setAttribute('aria-pressed', String(!asList));
  byId('view-list').setAttribute('aria-pressed', String(asList));
  const shown = visible();
  const draw = asList ? list : diagram;
  const nothing = el('p', { class: 'soft empty' }, filter.isFiltering(chosen) ? 'Nothing passes the filters.' : 'Nothing yet. What the servers see appears here as it happens.');
  fill(byId('messages'), shown.length ? draw(asList ? shown : shown.slice(-300), Number(chosen.x), chooseExchange) : nothing);
}

function drawFilters() {
  const chosen = filter.read();
  const form = byId('filters');
  const messages = [...new Set(exchanges().map((it) => it.message))].sort();
  const select = form.elements.message;
  const known = [...select.options].slice(1).map((option) => option.value);
  if (messages.join('|') !== known.join('|')) {
    select.replaceChildren(el('option', { value: '' }, 'all'), ...messages.map((name) => el('option', { value: name }, name)));
  }
  for (const name of ['q', 'party', 'message', 'status']) {
    if (form.elements[name] !== document.activeElement || name !== 'q') form.elements[name].value = chosen[name];
  }
  form.elements.problems.checked = Boolean(chosen.problems);
}

function drawTop() {
  const { linked, state } = store.store;
  const text = !linked ? 'not connected; trying again' : paused ? `paused; ${missed} changes since` : 'live';
  if (byId('link').textContent !== text) byId('link').textContent = text;
  byId('link').className = `link ${!linked ? 'off' : paused ? 'paused' : 'on'}`;
  byId('pause').setAttribute('aria-pressed', String(paused));
  byId('faults').setAttribute('aria-pressed', String(state?.faults_on ?? true));
  byId('faults').textContent = state?.faults_on === false ? 'Faults off' : 'Faults on';
}

let drawnDetails = '';
/** Whether the details take the focus once they are there. */
let focusDetails = false;
let drawnActions = '';

/** Everything that is cheap, and the rest if it is another one than before. */
function draw() {
  drawing = false;
  const chosen = filter.read();
  byId('panes').classList.toggle('has-details', Boolean(chosen.x));
  byId('panes').classList.toggle('has-sale', Boolean(chosen.sale));
  drawTop();
  drawFilters();
  drawSales();
  drawMessages();
  const exchange = store.store.exchanges.get(Number(chosen.x));
  const wanted = `${chosen.x} ${chosen.tab} ${exchange?.progress} ${exchange?.says} ${exchange?.problem}`;
  if (wanted !== drawnDetails) {
    drawnDetails = wanted;
    details.show(Number(chosen.x), chosen.tab, { choose: (tab) => filter.write({ tab }), close: closeDetails }).then(takeFocus);
  }
  const sale = store.store.sales.get(chosen.sale);
  const offered = `${chosen.sale} ${sale?.state} ${sale?.imported}`;
  if (offered !== drawnActions) {
    drawnActions = offered;
    actions.showSaleActions(chosen.sale, chooseSale);
  }
}

function redraw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(draw);
}

function togglePause() {
  paused = !paused;
  missed = 0;
  frozen = paused ? { exchanges: exchanges(), sales: sales() } : null;
  announce(paused ? 'Paused. The record goes on.' : 'Live again.');
  redraw();
}

/** Moves the focus to the message before or after. */
function move(step) {
  const cells = [...document.querySelectorAll('#messages .cell')];
  const { x } = filter.read();
  let place = cells.indexOf(document.activeElement.closest?.('.cell'));
  if (place < 0) place = cells.findIndex((cell) => cell.dataset.number === x);
  const next = cells[place < 0 ? (step > 0 ? 0 : cells.length - 1) : Math.max(0, Math.min(cells.length - 1, place + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function moveSale(step) {
  const buttons = [...document.querySelectorAll('#sales .sale')];
  const place = buttons.findIndex((button) => button.getAttribute('aria-current'));
  buttons[Math.max(0, Math.min(buttons.length - 1, place + step))]?.click();
}

function takeFocus() {
  if (focusDetails && !byId('details').hidden) {
    byId('details').focus();
    focusDetails = false;
  }
}

function openFocused() {
  const cell = document.activeElement.closest?.('.cell');
  if (!cell) return;
  focusDetails = true;
  if (cell.dataset.number === filter.read().x) takeFocus();
  else chooseExchange(cell.dataset.number);
}

function copyCurl() {
  const it = details.current();
  if (it?.curl) copy(it.curl);
  else announce('Open a message first.');
}

const openScript = () => actions.openScript(store.store.sales.get(filter.read().sale)?.device);
const openSale = () => actions.openSale(chooseSale);

function start() {
  const on = (id, listener) => byId(id).addEventListener('click', listener);
  on('new-sale', openSale);
  on('script', openScript);
  on('faults', actions.toggleFaults);
  on('pause', togglePause);
  on('clear', () => { filter.write({ sale: '', x: '' }); actions.clear(); });
  on('export', actions.exportRecord);
  on('import', () => byId('import-file').click());
  on('help', keys.openHelp);
  on('view-diagram', () => filter.write({ view: 'diagram' }));
  on('view-list', () => filter.write({ view: 'list' }));
  byId('import-file').addEventListener('change', ({ target }) => actions.importRecord(target));
  const form = byId('filters');
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', () => filter.write({
    q: form.elements.q.value, party: form.elements.party.value, message: form.elements.message.value,
    status: form.elements.status.value, problems: form.elements.problems.checked ? '1' : '',
  }));
  window.addEventListener('hashchange', redraw);
  keys.listen({
    j: () => move(1), k: () => move(-1), J: () => moveSale(1), K: () => moveSale(-1),
    Enter: openFocused, Escape: closeDetails, '/': () => form.elements.q.focus(),
    '!': () => filter.write({ problems: filter.read().problems ? '' : '1' }),
    c: copyCurl, r: () => filter.read().sale && actions.again(filter.read().sale, chooseSale),
    s: openScript, p: togglePause, '?': keys.openHelp,
  });
  store.listen((what, it) => {
    if (paused && (what === 'sale' || what === 'exchange')) missed += 1;
    const { sale, before } = it ?? {};
    if (what === 'sale' && before && before.state !== sale.state && sale.invoice_id === filter.read().sale) {
      announce(`The sale is ${STATES[sale.state][1]}.`);
    }
    redraw();
  });
  store.follow();
  redraw();
}

start();

// The messages of a sale: as the sequence diagram of the documents, or as a list.

import { el, clock, duration } from './dom.js';

const PARTIES = ['consumer', 'app', 'merchant', 'gateway'];

/** The first line of each half-column: a lifeline is in the middle of its column. */
const line = (party) => 2 * PARTIES.indexOf(party) + 2;

/** Polls that say the same, one after the other, are one arrow: the first, and how often. */
function folded(exchanges) {
  const rows = [];
  for (const it of exchanges) {
    const last = rows.at(-1);
    const repeats = it.message === 'sale status' && !it.problem && it.progress === 'done';
    if (repeats && last && last.repeats && last.it.says === it.says) {
      last.count += 1;
      last.until = it.at_ms;
      last.numbers.push(it.number);
    } else {
      rows.push({ it, count: 1, until: it.at_ms, repeats, numbers: [it.number] });
    }
  }
  return rows;
}

/** In one millisecond the diagram's order decides. */
const inOrder = (a, b) => a.at - b.at || (a.step && b.step ? a.step - b.step : 0) || a.place - b.place;

/** A request and its answer are an arrow each, in the order in which they happened. */
function arrows(rows) {
  const all = [];
  for (const row of rows) {
    const { it } = row;
    if (it.kind === 'event') {
      all.push({ row, at: it.at_ms, step: it.step, from: it.from, to: it.to, text: eventText(it), half: 'event' });
      continue;
    }
    const times = row.count > 1 ? ` ×${row.count}` : '';
    all.push({ row, at: it.at_ms, step: it.step, from: it.from, to: it.to, text: it.message + times, half: 'request' });
    if (it.kind === 'connection') continue;
    if (it.progress === 'open') continue;
    const step = it.step === null ? null : it.step + 1;
    const text = it.status === null ? 'no answer' : it.says ?? `HTTP ${it.status}`;
    const at = row.until + (it.duration_ms ?? 0);
    all.push({ row, at, step, from: it.to, to: it.from, text, half: 'answer', lost: it.status === null });
  }
  return all.map((arrow, place) => ({ ...arrow, place })).sort(inOrder);
}

const eventText = (it) => (it.says ? `${it.message}: ${it.says}` : it.message);

function arrow({ row, step, from, to, text, half, lost }, selected, choose) {
  const { it } = row;
  const [a, b] = [line(from), line(to)];
  const alone = a === b;
  const label = el('span', { class: 'label' }, step === null ? '' : el('b', { class: 'step' }, String(step)), ' ', text,
    it.problem && half !== 'answer' ? el('span', { class: 'bad', title: it.problem }, ' ⚠') : null);
  const classes = ['arrow', half, alone ? 'alone' : a < b ? 'right' : 'left', it.problem ? 'problem' : '', lost ? 'lost' : '',
    it.fault ? 'fault' : '', it.progress === 'open' ? 'open' : ''];
  const shaft = el('span', { class: classes.filter(Boolean).join(' ') }, label);
  shaft.style.gridColumn = alone ? `${Math.min(a - 1, 7)} / span 2` : `${Math.min(a, b)} / ${Math.max(a, b)}`;
  const spoken = `${step === null ? '' : `step ${step}, `}${half}, ${from} to ${to}: ${text}${it.problem ? `, problem: ${it.problem}` : ''}`;
  return el('li', { class: 'row' }, el('button', {
    type: 'button', class: 'cell', 'data-key': `${half}-${it.number}`, 'data-number': it.number,
    'aria-label': spoken, 'aria-current': row.numbers.includes(selected) ? 'true' : false,
    onclick: () => choose(it.number),
  }, shaft));
}

/** Time in which nothing happened, with a height that grows with it. */
function gap(ms) {
  const height = Math.min(48, 10 + 12 * Math.log10(ms / 40));
  const element = el('li', { class: 'gap', 'aria-hidden': 'true' }, el('span', {}, duration(ms)));
  element.style.height = `${height}px`;
  return element;
}

/** The diagram of these exchanges, oldest first. */
export function diagram(exchanges, selected, choose) {
  const heads = PARTIES.map((party) => el('span', { class: 'party' }, party));
  const items = [];
  let last = null;
  for (const it of arrows(folded(exchanges))) {
    const quiet = last === null ? 0 : it.at - last;
    if (quiet >= 50) items.push(gap(quiet));
    items.push(arrow(it, selected, choose));
    last = it.at;
  }
  return el('div', { class: 'diagram' },
    el('div', { class: 'parties', 'aria-hidden': 'true' }, heads),
    el('div', { class: 'lanes', 'aria-hidden': 'true' }, PARTIES.map(() => el('i'))),
    el('ol', { class: 'rows' }, items));
}

/** At most as many rows are drawn; the newest ones. */
const LONGEST = 400;

/** The same as a table, newest first. */
export function list(exchanges, selected, choose) {
  const shown = exchanges.slice(-LONGEST).reverse();
  const row = (it) => el('tr', { class: it.problem ? 'problem' : '', 'aria-current': it.number === selected ? 'true' : false },
    el('td', { class: 'when' }, clock(it.at_ms)),
    el('td', { class: 'num' }, it.step ?? ''),
    el('td', { class: 'who' }, it.from === it.to ? it.from : `${it.from} → ${it.to}`),
    el('td', { class: 'what' }, el('button', {
      type: 'button', class: 'cell', 'data-key': `list-${it.number}`, 'data-number': it.number, onclick: () => choose(it.number),
    }, it.kind === 'event' ? eventText(it) : it.message)),
    el('td', { class: 'num' }, it.status ?? (it.progress === 'open' ? '…' : '')),
    el('td', { class: 'num' }, duration(it.duration_ms)),
    el('td', { class: 'says' }, it.problem ? el('span', { class: 'bad' }, `⚠ ${it.problem}`) : it.kind === 'event' ? '' : it.says ?? ''));
  const head = ['Time', 'Step', 'From → to', 'Message', 'Status', 'Took', 'Says'].map((name) => el('th', { scope: 'col' }, name));
  return el('div', { class: 'table' },
    exchanges.length > LONGEST ? el('p', { class: 'soft' }, `The newest ${LONGEST} of ${exchanges.length}; filter for others.`) : null,
    el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, shown.map(row))));
}

// The keyboard. Keys do nothing while somebody types, or while a dialog is open.

import { el, byId } from './dom.js';
import { store } from './store.js';

export const KEYS = [
  ['j / k', 'next or previous message'], ['J / K', 'next or previous sale'], ['Enter', 'open the details'],
  ['Esc', 'close the details'], ['/', 'filter by text'], ['!', 'only problems'], ['c', 'copy as curl'],
  ['r', 'make this sale again'], ['s', 'script the next sale'], ['p', 'pause'], ['?', 'this help'],
];

const types = (element) => element.matches('input, select, textarea, [contenteditable]');

/** Calls the action of a key. `actions` are by key. */
export function listen(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (types(event.target) && !(event.key === 'Escape' || event.target.type === 'checkbox')) return;
    // A button is pressed by Enter in the browser's own way.
    if (event.key === 'Enter' && event.target.closest('button, a, summary') && !event.target.closest('.cell')) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** The keys, and where everything is. */
export function openHelp() {
  const dialog = byId('help-dialog');
  const state = store.state;
  const addresses = state ? [
    ['Gateway', state.gateway_url], ['Merchant', state.merchant_url], ['Endpoint id', state.endpoint_id],
    ['Control key', state.control_key], ['Version', state.version],
  ] : [];
  const pairs = (list, mark) => el('dl', { class: 'facts' }, list.flatMap(([name, value]) => [el('dt', {}, mark ? el('kbd', {}, name) : name), el('dd', {}, value)]));
  dialog.replaceChildren(el('h2', { id: 'help-title' }, 'Keys'), pairs(KEYS, true), el('h2', {}, 'Addresses'), pairs(addresses, false),
    el('p', {}, el('a', { href: '/ca.pem', download: 'ca.pem' }, 'Certificate to trust'), ' · ', el('a', { href: '/api/openapi.json' }, 'API as OpenAPI')),
    el('h2', {}, 'Security codes'), pairs((state?.security_codes ?? []).map(({ code, outcome }) => [code, outcome]), false),
    el('div', { class: 'buttons' }, el('button', { type: 'button', onclick: () => dialog.close() }, 'Close')));
  dialog.showModal();
}

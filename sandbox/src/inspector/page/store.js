// What the server's record holds, as far as this page knows it; and the calls that change something.

export const store = {
  sales: new Map(),
  exchanges: new Map(),
  state: null,
  linked: false,
};

const listeners = new Set();

/** Calls `listener` with what changed: `sale`, `exchange`, `link`, `state`; and the sale or exchange. */
export const listen = (listener) => listeners.add(listener);
const tell = (what, it) => listeners.forEach((listener) => listener(what, it));

const forget = () => {
  store.sales.clear();
  store.exchanges.clear();
  tell('cleared');
};

/** Follows the record from here on. The browser reconnects by itself, and says where it was. */
export function follow() {
  const source = new EventSource('/events');
  const link = (linked) => {
    store.linked = linked;
    tell('link');
  };
  source.addEventListener('open', () => {
    link(true);
    refreshState();
  });
  source.addEventListener('error', () => link(false));
  source.addEventListener('reset', forget);
  source.addEventListener('cleared', forget);
  source.addEventListener('sale', ({ data }) => {
    const sale = JSON.parse(data);
    const before = store.sales.get(sale.invoice_id);
    store.sales.set(sale.invoice_id, sale);
    tell('sale', { sale, before });
  });
  source.addEventListener('exchange', ({ data }) => {
    const exchange = JSON.parse(data);
    store.exchanges.set(exchange.number, exchange);
    // The record keeps 5,000, and so does the page.
    if (store.exchanges.size > 5000) store.exchanges.delete(store.exchanges.keys().next().value);
    if (store.sales.size > 500) store.sales.delete(store.sales.keys().next().value);
    tell('exchange', exchange);
  });
}

async function answer(response) {
  if (response.ok) return response.status === 204 ? null : response.json();
  const body = await response.json().catch(() => null);
  throw new Error(body?.error?.message ?? `HTTP ${response.status}`);
}

export const get = async (path) => answer(await fetch(path));

/** A call that changes something: it needs the header, which no other site can set. */
export async function act(path, body, method = 'POST') {
  const headers = { 'X-SaleKit-Inspector': '1' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return answer(await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) }));
}

export async function refreshState() {
  store.state = await get('/api/state').catch(() => null);
  tell('state');
}

/** In the order of their numbers; the record sends what changed last, last. */
export const inOrder = () => [...store.exchanges.values()].sort((a, b) => a.number - b.number);

// What is shown, kept in the fragment of the address, so that a view can be sent to somebody or come back to.

const NAMES = ['sale', 'x', 'tab', 'view', 'q', 'party', 'message', 'status', 'problems'];

/** What the fragment says. */
export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(NAMES.map((name) => [name, given.get(name) ?? '']));
}

/** Changes some of it, and leaves the rest. */
export function write(changes) {
  const next = { ...read(), ...changes };
  const wanted = new URLSearchParams(NAMES.filter((name) => next[name]).map((name) => [name, next[name]]));
  const hash = wanted.toString();
  if (hash === location.hash.slice(1)) return;
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname);
  window.dispatchEvent(new Event('hashchange'));
}

const between = (it) => [it.from, it.to].sort().join('-');

const statusClass = (it) => {
  if (it.kind !== 'exchange') return '';
  if (it.progress === 'open') return 'open';
  return it.status === null ? 'none' : String(Math.floor(it.status / 100));
};

/** Whether an exchange is to be shown. Text is looked for in everything the list shows. */
export function passes(it, filter) {
  if (filter.problems && !it.problem) return false;
  if (filter.party && between(it) !== filter.party) return false;
  if (filter.message && it.message !== filter.message) return false;
  if (filter.status && statusClass(it) !== filter.status) return false;
  if (!filter.q) return true;
  const text = [it.invoice_id, it.device, it.message, it.method, it.path, it.status, it.says, it.problem, it.fault];
  return filter.q.toLowerCase().split(/\s+/).every((word) => text.join(' ').toLowerCase().includes(word));
}

export const isFiltering = (filter) => Boolean(filter.q || filter.party || filter.message || filter.status || filter.problems);

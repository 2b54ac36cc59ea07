// What the one who looks has chosen: queue, theme, language, token. The address's part
// behind # goes first, so that a television can be told all of it by its address:
// /#queue=sales&theme=dark&lang=ja&rows=all&token=...
import { languages } from './texts.js';

const themes = ['auto', 'dark', 'light'];
const turns = ['turns', 'all']; // of queues that do not fit

// A browser may forbid either storage: then the choice lasts as long as the page.
function memory(storage) {
  const own = new Map();
  return {
    get(name) {
      try {
        return storage().getItem(`najimi.${name}`) ?? own.get(name);
      } catch {
        return own.get(name);
      }
    },
    set(name, value) {
      own.set(name, value);
      try {
        if (value === undefined) storage().removeItem(`najimi.${name}`);
        else storage().setItem(`najimi.${name}`, value);
      } catch { /* it is in `own` */ }
      if (value === undefined) own.delete(name);
    },
  };
}

const lasting = memory(() => localStorage);
const passing = memory(() => sessionStorage);

const fromHash = () => new URLSearchParams(location.hash.slice(1));

// A token does not stay in the address, where others would read it.
export function takeToken() {
  const hash = fromHash();
  const token = hash.get('token');
  if (token === null) return;
  passing.set('token', token);
  hash.delete('token');
  history.replaceState(null, '', hash.size || [...hash].length ? `#${hash}` : location.pathname);
}

export const token = () => passing.get('token');
export const setToken = (value) => passing.set('token', value);

export const queue = () => fromHash().get('queue');

export function hashOf(name) {
  const hash = fromHash();
  if (name === null) hash.delete('queue');
  else hash.set('queue', name);
  return `#${hash}`;
}

export function language() {
  const served = document.documentElement.dataset.served;
  return [fromHash().get('lang'), lasting.get('language'), served].find((one) => languages.includes(one)) ?? 'en';
}

export function theme() {
  return [fromHash().get('theme'), lasting.get('theme')].find((one) => themes.includes(one)) ?? 'auto';
}

export function rows() {
  return [fromHash().get('rows'), lasting.get('rows')].find((one) => turns.includes(one)) ?? 'turns';
}

function choose(name, inHash, value) {
  const hash = fromHash();
  lasting.set(name, value);
  if (!hash.has(inHash)) return;
  hash.set(inHash, value);
  history.replaceState(null, '', `#${hash}`);
}

export const setLanguage = (value) => choose('language', 'lang', value);
export const setRows = (value) => choose('rows', 'rows', value);
export const nextTheme = () => choose('theme', 'theme', themes[(themes.indexOf(theme()) + 1) % themes.length]);

export const isDark = () => theme() === 'dark' ||
  (theme() === 'auto' && !matchMedia('(prefers-color-scheme: light)').matches);

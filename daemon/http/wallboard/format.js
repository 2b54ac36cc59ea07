// Figures as people read them, and the few things every part does to the document.

export const NOTHING = '–';

// 75000 → "1:15", 3600000 → "1:00:00".
export function span(ms) {
  if (ms === null || ms === undefined) return NOTHING;
  const seconds = Math.floor(ms / 1000);
  const two = (number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function percent(share) {
  return share === null || share === undefined ? NOTHING : String(Math.round(share * 100));
}

// "2026-11-20" → "20 Nov".
export function dayOf(day, language) {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(language === 'en' ? 'en-GB' : language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

export function count(number) {
  return number === null || number === undefined ? NOTHING : String(number);
}

// make('p', {class: 'x', text: 'y'}, child...)
export function make(tag, about = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (name === 'text') element.textContent = value;
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

// What is the same stays untouched: nothing flickers, nothing is read out twice.
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function mark(element, name, on) {
  if (element.classList.contains(name) !== on) element.classList.toggle(name, on);
}

export const by = (id) => document.getElementById(id);

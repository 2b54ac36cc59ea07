// The figures of now: tiles for what is chosen, a row for each queue.
import { by, count, dayOf, make, mark, NOTHING, percent, put, span } from './format.js';
import { hashOf, language, rows as rowsChosen } from './choices.js';
import { Turns } from './turns.js';

const STATES = ['ready', 'offered', 'talking', 'wrapup', 'paused', 'unreachable'];

// Where each figure is in a queue's part of /v1/wallboard, and how it is written.
const FIGURES = {
  waiting: [(of) => of.waiting, count],
  longest: [(of) => of.longest_wait_ms, span],
  expected: [(of) => of.expected_wait_ms, span],
  holding: [(of) => of.holding, count],
  service_level: [(of) => of.today?.service_level ?? null, percent, '%'],
  own_share: [(of) => of.today?.own_share ?? null, percent, '%'],
  reachable: [(of) => of.today?.reachable_own_share ?? null, percent, '%'],
  holdout: [(of) => of.holdout, (share) => (share < 0.01 ? String(share * 100) : percent(share)), '%'],
  provisional: [(of) => of.today?.fcr.provisional ?? null, percent, '%'],
  final: [(of) => of.today?.fcr.final ?? null, percent, '%'],
  fcr: [(of) => of.today?.fcr.provisional ?? of.today?.fcr.final ?? null, percent, '%'],
  window: [(of) => of.today?.fcr.window_ms ?? null, (ms) => count(ms && ms / 3600000), 'h'],
  answered: [(of) => of.today?.answered ?? null, count],
  abandoned: [(of) => of.today?.abandoned ?? null, count],
  mean_wait: [(of) => of.today?.mean_wait_ms ?? null, span],
};
for (const state of STATES) FIGURES[state] = [(of) => of.agents[state], count];

// Of today's contacts: what is final later is provisional now. Final is an earlier day's.
function fcrKind(of) {
  if (typeof of.today?.fcr.provisional === 'number') return 'provisional';
  return typeof of.today?.fcr.final === 'number' ? 'final' : undefined;
}

function wordOf(say, name, board) {
  return name === 'final' && board.final_day ? say('final_of', { day: dayOf(board.final_day, language()) }) : say(name);
}

// Which figure an alarm is about.
const ALARMED = { waiting: 'waiting', longest_wait_ms: 'longest', service_level: 'service_level', agents: 'ready' };

// `under` and `kind` say what the great figure is, where the title does not; the strip below
// it shows the agents' states, or how much of the whole a share is.
const TILES = [
  { title: 'waiting', figure: 'waiting', foot: ['longest', 'expected', 'holding'] },
  { title: 'agents', figure: 'ready', under: 'ready', strip: STATES.slice(0, 5), foot: ['talking', 'offered', 'wrapup', 'paused', 'unreachable'] },
  { title: 'service_level', figure: 'service_level', strip: ['share'], foot: ['answered', 'abandoned', 'mean_wait'] },
  { title: 'own_share_long', figure: 'own_share', strip: ['share'], foot: ['reachable', 'holdout'] },
  { title: 'fcr', about: 'fcr_long', figure: 'fcr', kind: fcrKind, strip: ['share'], foot: ['final', 'window'] },
];

const COLUMNS = ['waiting', 'longest', 'expected', 'ready', 'offered', 'talking', 'wrapup', 'paused', 'service_level', 'own_share', 'provisional'];

// An element that holds one figure: for eyes its digits, for ears what they mean.
function slot(name, tag = 'span') {
  return make(tag, { class: 'figure', 'data-figure': name });
}

function fill(element, of, say) {
  const name = element.dataset.figure;
  const [find, write, unit] = FIGURES[name];
  const value = find(of);
  const text = write(value);
  if (element.dataset.value === String(value) && element.dataset.text === text) return;
  element.dataset.value = String(value);
  element.dataset.text = text;
  if (text === NOTHING) {
    element.replaceChildren(make('span', { 'aria-hidden': 'true', text }), make('span', { class: 'unseen', text: say('unknown') }));
  } else {
    element.replaceChildren(text, ...(unit ? [make('span', { class: 'unit', text: unit })] : []));
  }
  mark(element, 'none', text === NOTHING);
  mark(element, 'zero', value === 0);
}

function alarmsOf(board, name) {
  return new Set(board.alarms.filter((one) => one.queue === name).map((one) => ALARMED[one.what]));
}

function tile({ title, about, figure, under, foot, strip = [] }, say) {
  const agents = title === 'agents';
  const list = make('dl', { class: 'foot' }, ...foot.map((name) => make('div', { 'data-line': name },
    make('dt', {}, ...(agents ? [make('span', { class: `swatch state-${name}`, 'aria-hidden': 'true' })] : []), say(name)),
    slot(name, 'dd'))));
  const value = make('p', { class: 'value' }, slot(figure), ...(under ? [make('span', { class: 'under', text: say(under) })] : []));
  return make('article', { class: `tile tile-${title}`, 'aria-label': say(about ?? title) },
    make('h3', { title: about && say(about) }, make('span', { class: 'sign', 'aria-hidden': 'true', text: '▲' }), say(title), ' ', make('span', { class: 'kind' })), value,
    make('div', { class: 'strip', 'aria-hidden': 'true' }, ...strip.map((part) => make('span', { class: `state-${part}`, 'data-part': part }))), list);
}

export class Figures {
  constructor(say) {
    this.say = say;
    by('tiles').replaceChildren(...TILES.map((one) => tile(one, say)));
    // The roles are said, since a telephone shows the rows as cards.
    by('queue-table').tHead.replaceChildren(make('tr', { role: 'row' }, make('th', { scope: 'col', role: 'columnheader', text: say('queue') }),
      ...COLUMNS.map((name) => make('th', { scope: 'col', role: 'columnheader', class: `of-${name}`, text: this.column(name) }))));
    by('queue-table').tBodies[0].replaceChildren();
    this.rows = new Map();
    this.turns = new Turns(say, () => this.board && this.showRows(this.board));
  }

  // What a column is called: under FCR nobody could say which.
  column(name) {
    return this.say(name === 'provisional' ? 'fcr_provisional' : name);
  }

  showTiles(board, of, alarmed) {
    for (const element of by('tiles').querySelectorAll('.figure')) fill(element, of, this.say);
    for (const [index, { figure, foot, kind }] of TILES.entries()) {
      const article = by('tiles').children[index];
      const word = kind?.(of);
      mark(article, 'alarm', alarmed.has(figure) || foot.some((name) => alarmed.has(name)));
      mark(article.querySelector('.value'), 'alarm', alarmed.has(figure));
      for (const line of article.querySelectorAll('[data-line]')) mark(line, 'alarm', alarmed.has(line.dataset.line));
      put(article.querySelector('.kind'), word ? wordOf(this.say, word, board) : '');
      for (const line of article.querySelectorAll('[data-line=final] dt')) put(line, wordOf(this.say, 'final', board));
      for (const part of article.querySelectorAll('[data-part]')) {
        const share = part.dataset.part === 'share';
        part.style[share ? 'width' : 'flexGrow'] = share ? `${(FIGURES[figure][0](of) ?? 0) * 100}%` : String(of.agents[part.dataset.part]);
      }
    }
  }

  row(name) {
    if (!this.rows.has(name)) {
      this.rows.set(name, make('tr', { 'data-queue': name, role: 'row' },
        make('th', { scope: 'row', role: 'rowheader' }, make('span', { class: 'sign', 'aria-hidden': 'true', text: '▲' }), make('a', { href: hashOf(name), text: name })),
        ...COLUMNS.map((column) => make('td', { class: `of-${column}`, role: 'cell', 'data-label': this.column(column) }, slot(column)))));
    }
    return this.rows.get(name);
  }

  showRows(board) {
    by('board').dataset.rows = rowsChosen(); // how high a row is: before they are measured
    const rows = board.queues.map((queue) => {
      const row = this.row(queue.name);
      const alarmed = alarmsOf(board, queue.name);
      mark(row, 'alarm', alarmed.size > 0);
      for (const element of row.querySelectorAll('.figure')) {
        fill(element, queue, this.say);
        mark(element.parentElement, 'alarm', alarmed.has(element.dataset.figure));
      }
      row.querySelector('a').setAttribute('href', hashOf(queue.name));
      return row;
    });
    this.turns.fit(rows, (all) => this.layOut(all));
    this.layOut(this.turns.of(rows));
    this.turns.show();
  }

  layOut(rows) {
    const body = by('queue-table').tBodies[0];
    if (rows.length !== body.children.length || rows.some((row, index) => row !== body.children[index])) body.replaceChildren(...rows);
  }

  // `of` is the chosen queue's part of the board, or the whole's.
  show(board, of, name) {
    // Limits are a queue's: of all of them together, the rows below say whose is passed.
    this.showTiles(board, of, name === null ? new Set() : alarmsOf(board, name));
    by('each').hidden = name !== null || board.queues.length < 2;
    by('board').dataset.density = board.queues.length <= 4 ? 'few' : board.queues.length <= 8 ? 'some' : 'many';
    this.board = by('each').hidden ? undefined : board;
    if (this.board) this.showRows(board);
  }

  // The longest wait goes on between two messages; its data-value stays what was sent.
  tick(of, elapsedMs) {
    if (this.board) this.turns.tick();
    const element = by('tiles').querySelector('[data-figure=longest]');
    if (of.longest_wait_ms > 0) put(element, span(of.longest_wait_ms + elapsedMs));
  }
}

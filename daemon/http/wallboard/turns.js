// Where not all queues fit on a screen that nobody touches, they take turns; whoever is there
// can turn the pages by hand, or have all of them.
import * as choices from './choices.js';
import { by, make, put } from './format.js';

const TURN_MS = 10000;
const LEAST_ROWS = 3;

// Screens where everything is to be seen at a glance: the others scroll.
const wide = matchMedia('(min-width: 1181px) and (min-height: 700px)');
const still = matchMedia('(prefers-reduced-motion: reduce)');

export class Turns {
  constructor(say, turned) {
    Object.assign(this, { say, turned, page: 0, size: Infinity, total: 0, turnedAt: performance.now(), fitted: undefined });
    this.range = make('span', { class: 'range' });
    this.hand = [['‹', 'turn_back', -1], ['›', 'turn_on', 1]].map(([text, key, by_]) => {
      const button = make('button', { type: 'button', class: 'switch', text, 'aria-label': say(key), title: say(key) });
      button.addEventListener('click', () => this.turn(by_));
      return button;
    });
    this.all = make('button', { type: 'button', class: 'switch', id: 'turns-all' });
    this.all.addEventListener('click', () => {
      choices.setRows(choices.rows() === 'all' ? 'turns' : 'all');
      this.fitted = undefined;
      this.turned();
    });
    by('turns').replaceChildren(this.hand[0], this.range, this.hand[1], this.all);
  }

  get pages() {
    return Math.max(1, Math.ceil(this.total / this.size));
  }

  turn(steps) {
    this.page = (this.page + steps + this.pages) % this.pages;
    this.turnedAt = performance.now();
    this.turned();
  }

  // Those of `rows` whose turn it is.
  of(rows) {
    this.total = rows.length;
    this.page = Math.min(this.page, this.pages - 1);
    return rows.slice(this.page * this.size, (this.page + 1) * this.size);
  }

  // How many fit, found by laying out all of them; again when something else needs another
  // height. `layOut` puts all rows there.
  fit(rows, layOut) {
    const others = [by('alarms'), by('banner')].map((e) => e.offsetHeight);
    const facts = JSON.stringify([innerWidth, innerHeight, rows.length, ...others, choices.rows(), choices.language()]);
    if (facts === this.fitted) return;
    this.fitted = facts;
    const before = this.size;
    const first = before === Infinity ? 0 : this.page * before;
    this.size = Infinity;
    by('turns').hidden = true;
    by('board').removeAttribute('data-tight');
    layOut(rows);
    const canTurn = wide.matches && this.over() > 0;
    by('board').toggleAttribute('data-tight', canTurn);
    if (canTurn && choices.rows() !== 'all') {
      by('turns').hidden = false;
      const fitting = rows.length - Math.ceil(this.over() / rows[0].offsetHeight);
      const pages = Math.ceil(rows.length / Math.max(LEAST_ROWS, fitting));
      if (pages > 1) this.size = Math.ceil(rows.length / pages); // none of them almost empty
    }
    this.page = this.size === Infinity ? 0 : Math.floor(first / this.size); // what one looks at stays
    by('turns').hidden = !canTurn || (this.size === Infinity && choices.rows() !== 'all');
    put(this.all, this.say(this.size === Infinity ? 'turn_pages' : 'turn_all'));
  }

  over() {
    return document.documentElement.scrollHeight - innerHeight;
  }

  show() {
    const from = this.page * this.size;
    const turning = this.size !== Infinity;
    put(this.range, turning ? this.say('turn_range', { from: from + 1, to: Math.min(from + this.size, this.total), all: this.total }) : '');
    for (const button of this.hand) button.hidden = !turning;
  }

  // Nobody's page is turned who points at it, or works in it.
  tick() {
    if (this.size === Infinity || still.matches || by('each').matches(':hover, :focus-within')) this.turnedAt = performance.now();
    else if (performance.now() - this.turnedAt >= TURN_MS) this.turn(1);
  }
}

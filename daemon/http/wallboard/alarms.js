// The strip of alarms, and the one voice for those who listen instead of look.
import { by, make, percent, span } from './format.js';

const SHOWN = 6; // on a screen that has no room for all of them
const wide = matchMedia('(min-width: 1181px)');

const QUIET_MS = 10000; // between two announcements

function figure(what, value) {
  if (what === 'longest_wait_ms') return span(value);
  if (what === 'service_level') return `${percent(value)} %`;
  return String(value);
}

export class Voice {
  constructor() {
    this.spokeAt = -QUIET_MS;
    this.pending = new Map();
    this.timer = undefined;
  }

  // The last thing that was to be said about a matter is the one that counts.
  speak(matter, text) {
    const rest = this.spokeAt + QUIET_MS - performance.now();
    this.pending.delete(matter);
    this.pending.set(matter, text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.spokeAt = performance.now();
      by('news').textContent = [...this.pending.values()].join(' ');
      this.pending.clear();
    }, Math.max(rest, 0));
  }
}

export class Alarms {
  constructor(say, voice) {
    Object.assign(this, { say, voice, known: '' });
  }

  words(alarm) {
    const { queue, what, value } = alarm;
    return this.say(`alarm_${what}`, { queue, value: figure(what, value) });
  }

  limit(alarm) {
    return alarm.what === 'agents' ? '' : this.say('alarm_limit', { limit: figure(alarm.what, alarm.threshold) });
  }

  // A figure that goes on growing is no news, a new alarm is.
  announce(alarms) {
    const known = alarms.map((one) => `${one.queue}/${one.what}`).join();
    if (known === this.known) return;
    const had = this.known;
    this.known = known;
    if (alarms.length > 0) this.voice.speak('alarms', this.say('news_alarm', { alarms: alarms.map((one) => this.words(one)).join('; ') }));
    else if (had !== '') this.voice.speak('alarms', this.say('news_over'));
  }

  show(alarms) {
    by('alarms').hidden = alarms.length === 0;
    const most = wide.matches && alarms.length > SHOWN ? SHOWN - 1 : alarms.length;
    const more = alarms.length > most ? [make('li', { 'data-alarm': 'more' }, make('strong', { text: this.say('alarms_more', { count: alarms.length - most }) }))] : [];
    by('alarm-list').replaceChildren(...alarms.slice(0, most).map((alarm) => make('li', { 'data-alarm': `${alarm.queue}/${alarm.what}` },
      make('span', { class: 'sign', 'aria-hidden': 'true', text: '▲' }),
      make('strong', { text: this.words(alarm) }), make('span', { class: 'limit', text: this.limit(alarm) }))), ...more);
    this.announce(alarms);
  }
}

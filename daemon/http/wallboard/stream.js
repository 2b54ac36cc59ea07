// GET /v1/events, read with fetch: an EventSource cannot send a token. Comes back by
// itself, with Last-Event-ID, at growing intervals.

const SILENCE_MS = 25000; // the daemon speaks every ten seconds
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;

// One stream's text as it comes in; `hear(event)` gets {id, event, data}.
export function reader(hear) {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).replace(/\r\n?/g, '\n').split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { id: null, event: 'message', data: [] };
      for (const line of block.split('\n')) {
        const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
        if (name === 'data') event.data.push(value);
        else if (name === 'id' || name === 'event') event[name] = value;
      }
      if (event.data.length > 0) hear({ ...event, data: event.data.join('\n') });
    }
  };
}

// `on` has: event({event, data}), live(), lost(next try at, in performance.now() terms),
// trying(), refused(status). After refused() nothing happens until again().
export class Stream {
  constructor(path, token, on) {
    Object.assign(this, { path, token, on, lastId: '', wait: FIRST_WAIT_MS, refused: false });
    addEventListener('online', () => this.again());
    document.addEventListener('visibilitychange', () => document.hidden || this.again());
    this.connect();
  }

  // At once, if it is waiting.
  again() {
    if (this.timer === undefined && !this.refused) return;
    clearTimeout(this.timer);
    this.refused = false;
    this.connect();
  }

  // Leaves, and begins anew with another token.
  restart() {
    this.lastId = '';
    this.wait = FIRST_WAIT_MS;
    if (this.controller) this.controller.abort();
    else this.again();
  }

  later() {
    const wait = this.wait * (0.75 + Math.random() / 2);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    this.timer = setTimeout(() => this.connect(), wait);
    this.on.lost(performance.now() + wait);
  }

  async connect() {
    this.timer = undefined;
    this.on.trying();
    this.controller = new AbortController();
    try {
      await this.read(this.controller);
    } catch { /* whatever it was, we come back */ }
    this.controller = undefined;
    if (!this.refused) this.later();
  }

  watch(controller) {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => controller.abort(), SILENCE_MS);
  }

  async read(controller) {
    const headers = { Accept: 'text/event-stream' };
    const token = this.token();
    if (token) headers.Authorization = `Bearer ${token}`;
    if (this.lastId) headers['Last-Event-ID'] = this.lastId;
    this.watch(controller);
    try {
      const answer = await fetch(this.path, { headers, signal: controller.signal, cache: 'no-store', credentials: 'omit' });
      if (answer.status === 401 || answer.status === 403) {
        this.refused = true;
        this.on.refused(answer.status, token !== undefined);
        return;
      }
      if (!answer.ok) return;
      await this.hear(answer, controller);
    } finally {
      clearTimeout(this.watchdog);
    }
  }

  async hear(answer, controller) {
    const stream = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const take = reader((event) => {
      if (event.id !== null) this.lastId = event.id;
      this.wait = FIRST_WAIT_MS;
      try {
        this.on.event(event);
      } catch (error) {
        reportError(error); // ours, and no reason to hang up
      }
    });
    this.on.live();
    for (;;) {
      const { value, done } = await stream.read();
      if (done) return;
      this.watch(controller);
      take(value);
    }
  }
}

// The page as a whole: what comes from the stream goes to its places.
import { Alarms, Voice } from './alarms.js';
import { Charts } from './charts.js';
import * as choices from './choices.js';
import { Figures } from './figures.js';
import { by, make, put, span } from './format.js';
import { Stream } from './stream.js';
import { say as sayIn } from './texts.js';

const LOST_AFTER_MS = 2500; // a reload of the daemon is no news

const page = { board: undefined, heardAt: 0, link: 'starting', lostAt: undefined, nextTry: undefined, edition: undefined, redisLostAt: undefined };
const say = (key, values) => sayIn(choices.language(), key, values);
const voice = new Voice();
let alarms, figures, charts, stream;

/* --- what is chosen --- */

function chosen() {
  const { board } = page;
  const name = choices.queue();
  return name === null ? board.whole : board.queues.find((queue) => queue.name === name);
}

function showTabs() {
  const { board } = page;
  const name = choices.queue();
  const tabs = [null, ...board.queues.map((queue) => queue.name)];
  const wanted = JSON.stringify([tabs, name, choices.language(), location.hash]);
  if (by('queues').dataset.shown === wanted) return;
  by('queues').dataset.shown = wanted;
  by('queues').hidden = board.queues.length < 2 && name === null;
  by('queues').replaceChildren(...tabs.map((tab) => make('a', { href: choices.hashOf(tab), 'aria-current': tab === name && 'page', text: tab ?? say('all') })));
  by('queues').querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

function showTheme() {
  const theme = choices.theme();
  document.documentElement.dataset.theme = choices.isDark() ? 'dark' : 'light';
  by('theme').textContent = { auto: '◐', dark: '●', light: '○' }[theme];
  by('theme').setAttribute('aria-label', say(`theme_${theme}`));
  by('theme').title = say(`theme_${theme}`);
  charts?.begin();
}

// Builds all that has words in it.
function speakLanguage() {
  document.documentElement.lang = choices.language();
  for (const [id, key] of [['now-title', 'now'], ['each-title', 'queues'], ['today-title', 'today_of'], ['alarms-title', 'alarms'], ['entry-title', 'entry'], ['entry-why', 'entry_why']]) by(id).textContent = say(key);
  by('queues').setAttribute('aria-label', say('queues'));
  by('alarms').setAttribute('aria-label', say('alarms'));
  document.querySelector('label[for=token]').textContent = say('entry_token');
  document.querySelector('#entry-form button').textContent = say('entry_send');
  by('leave').textContent = say('leave');
  by('language').textContent = say('other');
  by('language').lang = say('other_code');
  alarms = new Alarms(say, voice);
  figures = new Figures(say);
  charts?.leave();
  charts = new Charts(say);
  showTheme();
  show();
}

/* --- what is known --- */

function showNothing(title, why) {
  by('empty').hidden = title === undefined;
  by('board').hidden = title !== undefined;
  if (title === undefined) return;
  put(by('empty').querySelector('h2'), title);
  put(by('empty').querySelector('p'), why);
}

function show() {
  const { board } = page;
  showState();
  if (!board) return;
  put(by('site'), board.site);
  document.title = say('title', { site: board.site });
  showTabs();
  alarms.show(board.alarms);
  const of = chosen();
  if (board.queues.length === 0) return showNothing(say('empty'), say('empty_why'));
  if (!of) return showNothing(say('no_queue', { queue: choices.queue() }), say('no_queue_why'));
  showNothing();
  figures.show(board, of, choices.queue());
  charts.show(of);
}

function takeBoard(text) {
  const board = JSON.parse(text);
  page.edition ??= board.edition;
  if (page.edition !== board.edition) return location.reload();
  page.board = board;
  page.heardAt = performance.now();
  // Before the daemon is ready there is more to say than that.
  page.redisLostAt = board.ready && board.redis !== 'up' ? page.redisLostAt ?? page.heardAt : undefined;
  show();
}

/* --- whether it is true --- */

function isLost() {
  return page.link !== 'live' && (page.lostAt === undefined ? false : performance.now() - page.lostAt > LOST_AFTER_MS);
}

// A moment without Redis is no news either.
function isRedisAway() {
  return page.board !== undefined && page.redisLostAt !== undefined && performance.now() - page.redisLostAt > LOST_AFTER_MS;
}

function bannerText() {
  if (isLost()) {
    const said = page.board ? say('lost_banner', { age: span(performance.now() - page.heardAt) }) : say('lost_never');
    const left = page.nextTry === undefined ? 0 : Math.ceil((page.nextTry - performance.now()) / 1000);
    return `${said} ${left > 0 ? say('lost_again', { seconds: left }) : say('lost_trying')}`;
  }
  if (page.board?.standing_by) return say(page.board.leader ? 'stands_by' : 'stands_by_unnamed', { leader: page.board.leader });
  if (page.board && !page.board.ready) return say('not_ready');
  return isRedisAway() ? say('redis_away') : '';
}

function sayRedis() {
  const redis = isRedisAway() ? 'away' : 'there';
  if ((document.body.dataset.redis ?? 'there') === redis) return;
  document.body.dataset.redis = redis;
  if (redis === 'away') voice.speak('redis', say('news_redis_away'));
  else if (page.board?.redis === 'up') voice.speak('redis', say('news_redis_back'));
}

function showState() {
  const state = page.link === 'entry' ? 'entry' : page.link === 'live' ? 'live' : isLost() ? 'lost' : 'starting';
  const text = bannerText();
  if (document.body.dataset.state !== state) {
    const before = document.body.dataset.state;
    document.body.dataset.state = state;
    if (state === 'lost') voice.speak('link', say('news_lost'));
    else if (state === 'live' && before === 'lost') voice.speak('link', say('news_live'));
  }
  sayRedis();
  put(by('state-text'), state === 'entry' ? '' : say(state));
  by('banner').hidden = text === '';
  put(by('banner'), text);
  by('entry').hidden = state !== 'entry';
  if (state === 'entry') by('board').hidden = by('empty').hidden = by('alarms').hidden = by('queues').hidden = true;
  by('leave').hidden = choices.token() === undefined || state === 'entry';
}

function tick() {
  const now = new Date();
  put(by('clock'), now.toLocaleTimeString(choices.language(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));
  const hadBanner = !by('banner').hidden;
  showState();
  if (hadBanner === by('banner').hidden) show(); // there is another room for the rows
  const of = page.board && chosen();
  if (page.link === 'live' && of) figures.tick(of, performance.now() - page.heardAt);
}

/* --- who may look --- */

function refuse(status, hadToken) {
  page.link = 'entry';
  page.board = undefined;
  by('queues').dataset.shown = '';
  put(by('entry-wrong'), status === 403 ? say('entry_role') : hadToken ? say('entry_wrong') : '');
  choices.setToken(undefined);
  showState();
  by('token').focus();
}

function enter(event) {
  event.preventDefault();
  choices.setToken(by('token').value.trim());
  by('token').value = '';
  put(by('entry-wrong'), '');
  stream.again();
}

function leave() {
  choices.setToken(undefined);
  page.board = undefined;
  stream.restart();
}

/* --- it begins --- */

function begin() {
  document.documentElement.dataset.served = document.documentElement.lang;
  choices.takeToken();
  speakLanguage();
  addEventListener('hashchange', () => {
    choices.takeToken();
    speakLanguage();
  });
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', showTheme);
  let width = innerWidth;
  addEventListener('resize', () => {
    if (width !== innerWidth) charts.begin();
    width = innerWidth;
    show();
  });
  by('theme').addEventListener('click', () => {
    choices.nextTheme();
    showTheme();
  });
  by('language').addEventListener('click', () => {
    choices.setLanguage(say('other_code'));
    speakLanguage();
    tick();
  });
  by('leave').addEventListener('click', leave);
  by('entry-form').addEventListener('submit', enter);
  stream = new Stream('/v1/events?types=wallboard', choices.token, {
    event: ({ event, data }) => event === 'wallboard' && takeBoard(data),
    live: () => {
      Object.assign(page, { link: 'live', lostAt: undefined, nextTry: undefined });
      showState();
    },
    trying: () => {
      page.nextTry = undefined;
    },
    lost: (nextTry) => {
      Object.assign(page, { link: 'lost', lostAt: page.lostAt ?? performance.now(), nextTry });
      showState();
    },
    refused: refuse,
  });
  tick();
  setInterval(tick, 1000);
}

begin();

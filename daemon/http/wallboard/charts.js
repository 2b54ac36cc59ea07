// The curves of today by uPlot, and the same as a table. Without uPlot the table is all.
import { by, count, make, NOTHING, percent, span } from './format.js';

const HOURS_SHOWN = 8; // at the least

const CHARTS = [
  { title: 'arrived', parts: ['arrived', 'answered'], more: 'abandoned', bars: true, write: count },
  { title: 'mean_wait', parts: ['mean_wait'], write: span },
  { title: 'service_level', parts: ['service_level'], write: percent, share: true },
  { title: 'own_share', about: 'own_share_long', parts: ['own_share'], write: percent, share: true },
  { title: 'fcr_provisional', about: 'fcr_long', parts: ['fcr'], write: percent, share: true },
];

// One hour's figure, and that of the day.
const OF_HOUR = {
  arrived: (hour) => hour.offered, answered: (hour) => hour.answered, abandoned: (hour) => hour.abandoned,
  mean_wait: (hour) => hour.mean_wait_ms, service_level: (hour) => hour.service_level,
  own_share: (hour) => hour.own_share, fcr: (hour) => hour.fcr,
};
const OF_DAY = {
  arrived: (day) => day.offered, answered: (day) => day.answered, abandoned: (day) => day.abandoned,
  mean_wait: (day) => day.mean_wait_ms, service_level: (day) => day.service_level,
  own_share: (day) => day.own_share, fcr: (day) => day.fcr.provisional,
};
const WRITTEN = { mean_wait: span, service_level: percent, own_share: percent, fcr: percent };
const PERCENT = new Set(['service_level', 'own_share', 'fcr']);
const COLUMNS = Object.keys(OF_HOUR);

function written(name, value) {
  const text = (WRITTEN[name] ?? count)(value);
  return PERCENT.has(name) && text !== NOTHING ? `${text} %` : text;
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

// The part of the day that is worth showing: from the first call on, never a sliver.
function stretch(hours) {
  const first = hours.findIndex((hour) => hour.offered > 0 || hour.answered > 0);
  const from = first < 0 ? Math.max(0, hours.length - 1) : first;
  const to = Math.min(24, Math.max(hours.length, from + HOURS_SHOWN));
  return [Math.max(0, Math.min(from, to - HOURS_SHOWN)), to];
}

// Round steps of time for the axis of waiting, in ms.
const SPANS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);

function series(chart, name, strong) {
  const stroke = color(strong ? 'curve' : 'curve-weak');
  if (chart.bars) return { label: name, fill: stroke, width: 0, points: { show: false }, paths: window.uPlot.paths.bars({ size: [0.72, 200, 2] }) };
  return {
    label: name, stroke, width: Math.max(2, rem() / 7), spanGaps: false,
    fill: color('curve-area'),
    points: { show: true, size: rem() / 2.4, width: 0, fill: stroke },
  };
}

function axes(chart) {
  const size = Math.round(rem() * 0.8);
  const all = { stroke: color('quiet'), font: `${size}px ${getComputedStyle(document.body).fontFamily}`, ticks: { show: false }, gap: 6 };
  const grid = { stroke: color('grid'), width: 1 };
  const write = (value) => (chart.share ? `${percent(value)}` : chart.write(value));
  return [
    { ...all, grid: { show: false }, size: size * 1.9, space: size * 2.6, incrs: [1, 2, 3, 4, 6], values: (plot, splits) => splits.map((hour) => String(hour % 24)) },
    {
      ...all, grid, size: size * (chart.write === span ? 3.4 : 2.9), space: size * 3.4,
      incrs: chart.share ? [0.25, 0.5] : chart.write === span ? SPANS : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000],
      values: (plot, splits) => splits.map(write),
    },
  ];
}

class Chart {
  constructor(chart, say) {
    Object.assign(this, { chart, say, data: undefined, range: [0, 24] });
    this.figures = new Map([...chart.parts, ...(chart.more ? [chart.more] : [])].map((name) => [name, make('strong', { 'data-today': name })]));
    this.space = make('div', { class: 'space', 'aria-hidden': 'true' });
    this.nothing = make('p', { class: 'nothing', hidden: true });
    this.element = make('figure', { class: 'chart', 'data-chart': chart.title },
      make('figcaption', {}, ...[...this.figures].map(([name, element], index) => this.part(name, element, index))),
      make('div', { class: 'frame' }, this.space, this.nothing));
    if (window.uPlot) {
      this.watcher = new ResizeObserver(() => this.fit());
      this.watcher.observe(this.space);
    } else {
      this.space.parentElement.hidden = true;
    }
  }

  // The first figure goes with the chart's name; bars say which is which.
  part(name, figure, index) {
    const { title, about, bars } = this.chart;
    const swatch = bars && index < 2 ? [make('span', { class: `swatch bar-${name}`, 'aria-hidden': 'true' })] : [];
    if (index > 0) return make('span', { class: 'part' }, ...swatch, figure, ` ${this.say(name)}`);
    return make('span', { class: 'first' }, ...swatch, make('span', { class: 'name', title: about && this.say(about), text: this.say(title) }), ' ', figure);
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.space;
    if (!this.data || width < 40 || height < 40) return;
    if (this.plot) this.plot.setSize({ width, height });
    else this.draw(width, height);
  }

  draw(width, height) {
    const { chart } = this;
    this.plot = new window.uPlot({
      width, height, legend: { show: false }, cursor: { show: false }, padding: [rem() / 2, rem() / 2, 0, 0],
      scales: {
        x: { time: false, range: () => this.range },
        y: { range: chart.share ? [0, 1.06] : (plot, low, high) => [0, Math.max((high ?? 0) * 1.1, chart.write === span ? 10000 : 4)] },
      },
      axes: axes(chart),
      series: [{}, ...chart.parts.map((name, index) => series(chart, name, index === chart.parts.length - 1))],
    }, this.data, this.space);
  }

  show(of) {
    const { hours } = of;
    const { parts } = this.chart;
    for (const [name, element] of this.figures) {
      const value = of.today ? OF_DAY[name](of.today) : null;
      element.dataset.value = String(value);
      element.textContent = written(name, value);
    }
    this.range = stretch(hours);
    this.data = [hours.map((hour) => hour.hour + 0.5), ...parts.map((name) => hours.map(OF_HOUR[name]))];
    const any = this.data.slice(1).some((values) => values.some((value) => value !== null && (!this.chart.bars || value > 0)));
    // A day that has not begun is said once, not five times.
    const begun = (of.today?.offered ?? 0) > 0;
    this.nothing.hidden = any || (!begun && !this.chart.bars);
    this.nothing.textContent = this.say(begun ? 'not_known' : 'no_calls');
    this.space.style.visibility = any ? '' : 'hidden';
    if (this.plot) this.plot.setData(this.data);
    else this.fit();
  }

  leave() {
    this.watcher?.disconnect();
    this.plot?.destroy();
  }
}

export class Charts {
  constructor(say) {
    this.say = say;
    this.charts = [];
    const table = by('hours').querySelector('table');
    by('hours').querySelector('summary').textContent = say('by_hour');
    by('hours').querySelector('.scroll').setAttribute('aria-label', say('by_hour'));
    table.tHead.replaceChildren(make('tr', {}, make('th', { scope: 'col', text: say('hour') }), ...COLUMNS.map((name) => make('th', { scope: 'col', text: say(name === 'fcr' ? 'fcr_provisional' : name) }))));
    if (!window.uPlot) by('hours').open = true;
  }

  leave() {
    for (const chart of this.charts) chart.leave();
    this.charts = [];
  }

  // Colours and sizes are drawn, not styled: with others all is drawn anew.
  begin() {
    this.leave();
    this.charts = CHARTS.map((chart) => new Chart(chart, this.say));
    by('charts').replaceChildren(...this.charts.map((chart) => chart.element));
    if (this.of) this.show(this.of);
  }

  showTable(of) {
    const rows = of.hours.filter((hour) => hour.offered > 0 || hour.answered > 0 || hour.abandoned > 0).map((hour) => make('tr', { 'data-hour': hour.hour },
      make('th', { scope: 'row', text: `${hour.hour}:00` }), ...COLUMNS.map((name) => make('td', { 'data-of': name, text: written(name, OF_HOUR[name](hour)) }))));
    by('hours').querySelector('tbody').replaceChildren(...rows);
    by('hours').hidden = rows.length === 0;
  }

  show(of) {
    this.of = of;
    for (const chart of this.charts) chart.show(of);
    this.showTable(of);
  }
}

// What `run.mjs` calls in the page.
import {
  CHARTS, CRITICAL_AT, KEPT, WARN_AT, Y_TICKS, history, minuteText, minutes, percentText, sample, yText,
} from './board.js';
import { drive } from './drive.js';
import { counted, forget, seen, watch } from './ink.js';

const cells = CHARTS.map(() => document.createElement('div'));
document.querySelector('main').append(...cells);

let library;
let index = KEPT;

function update() {
  index += 1;
  library.show(sample(index));
}

function frames(count) {
  return new Promise((done) => {
    const next = (left) => (left === 0 ? done() : requestAnimationFrame(() => next(left - 1)));
    next(count);
  });
}

const percent = (value) => `${value}%`;

/** What must be written on each chart that shows this sample. */
function expected({ at, values }) {
  let next = 0;
  return CHARTS.map((chart) => {
    const own = values.slice(next, next + (chart.labels?.length ?? 1));
    next += own.length;
    if (chart.kind === 'spark') return [];
    const times = () => minutes(at).map((minute) => minuteText(minute, at));
    const below = chart.kind === 'line' ? times() : [...chart.labels, ...Array.from(own, percentText)];
    const beside = [...Y_TICKS.map(yText), ...[WARN_AT, CRITICAL_AT].map(percent)];
    return [...beside, ...below].filter((text) => text !== '').toSorted();
  });
}

window.bench = {
  async open(name, isWatched) {
    if (isWatched) watch();
    const { draw } = await import(`./libraries/${name}.js`);
    library = await draw(cells, history(index));
    update();
    await frames(5);
  },

  drive: (load) => drive(update, load),

  bytesBeside: () => library.bytesBeside(),

  /** Of a watched page: one more sample, and what is then seen; then many, and how many pictures of each chart came of each. */
  async look() {
    update();
    await frames(5);
    const texts = expected(sample(index));
    const charts = cells.map((cell, number) => ({ expected: texts[number], ...seen(cell) }));
    forget();
    const { updates } = await drive(update, { rate: 60, seconds: 1 });
    return { charts, pictures: counted() / CHARTS.length / updates };
  },
};

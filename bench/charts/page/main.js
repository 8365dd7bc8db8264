// What `run.mjs` calls in the page.
import { CHARTS, KEPT, Y_TICKS, history, minuteText, minutes, percentText, sample } from './board.js';
import { drive } from './drive.js';
import { forget, pictures, seen, watch } from './ink.js';

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

/** What must be written on each chart that shows this sample. */
function expected({ at, values }) {
  let next = 0;
  return CHARTS.map((chart) => {
    const own = values.slice(next, next + (chart.labels?.length ?? 1));
    next += own.length;
    if (chart.kind === 'spark') return [];
    const below = chart.kind === 'line' ? minutes(at).map(minuteText) : [...chart.labels, ...Array.from(own, percentText)];
    return [...Y_TICKS.map(String), ...below].toSorted();
  });
}

window.bench = {
  async open(name) {
    const { draw } = await import(`./libraries/${name}.js`);
    library = await draw(cells, history(index));
    update();
    await frames(5);
  },

  drive: (load) => drive(update, load),

  bytesBeside: () => library.bytesBeside(),

  /** One more sample, and what is then seen of it; then many, and how many pictures of each chart came of each. */
  async look() {
    watch();
    await frames(5);
    forget();
    update();
    await frames(5);
    const texts = expected(sample(index));
    const charts = cells.map((cell, number) => ({ expected: texts[number], ...seen(cell.querySelector('canvas')) }));
    forget();
    const { updates } = await drive(update, { rate: 60, seconds: 1 });
    return { charts, pictures: pictures() / CHARTS.length / updates };
  },
};

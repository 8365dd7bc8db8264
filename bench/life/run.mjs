// How long the page takes from the navigation until its badge says live, on a phone: Chromium with its processor slowed down four times,
// 390 pixels wide, nothing in its cache. The network is the machine's own.
//
//   node bench/life/run.mjs --url URL [--rounds N] [--slower N] [--trace FILE]
//
// JSON on standard output: for each round, in milliseconds since the navigation began, when the page was painted first, when it was brought
// to life and when it was live; and how long the longest task before that took. The first round warms the server up and is left out.
// CHROMIUM names the browser.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { launch } from '../charts/browser.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    slower: { type: 'string', default: '4' },
    trace: { type: 'string' },
  },
});
/** How long a page may take to be live. */
const PATIENCE = 60_000;
const FIGURES = ['painted', 'hydrated', 'live', 'longest'];

const browser = await launch();
try {
  const runs = [];
  for (let round = 0; round <= Number(options.rounds); round += 1) {
    const run = await visit(round === 1 ? options.trace : undefined);
    if (round > 0) runs.push(run);
  }
  const median = Object.fromEntries(FIGURES.map((name) => [name, middle(runs.map((run) => run[name]))]));
  console.log(JSON.stringify({ chromium: browser.version(), slower: Number(options.slower), median, runs }, undefined, 2));
} finally {
  await browser.close();
}

async function visit(trace) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: Number(options.slower) });
  await page.addInitScript(watch);
  if (trace) await browser.startTracing(page, { categories: ['devtools.timeline', 'v8', 'disabled-by-default-v8.cpu_profiler'] });
  await page.goto(options.url);
  await page.waitForFunction(() => window.life.live !== undefined, undefined, { timeout: PATIENCE });
  const { hydrated, live, tasks } = await page.evaluate(() => window.life);
  const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  if (trace) writeFileSync(trace, await browser.stopTracing());
  await context.close();
  const before = tasks.filter((task) => task.start < live).map((task) => task.duration);
  return { painted, hydrated, live, longest: Math.max(0, ...before) };
}

/** In the page, before anything of it runs. */
function watch() {
  const life = { hydrated: undefined, live: undefined, tasks: [] };
  window.life = life;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) life.tasks.push({ start: startTime, duration });
  }).observe({ type: 'longtask', buffered: true });
  new MutationObserver(() => {
    if (document.documentElement?.hasAttribute('data-hydrated')) life.hydrated ??= performance.now();
    if (document.querySelector('[data-testid="badge"]')?.dataset.state === 'live') life.live ??= performance.now();
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-hydrated', 'data-state'] });
}

function middle(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.floor(sorted.length / 2)]);
}

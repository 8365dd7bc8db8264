// Our charts beside Chart.js and uPlot, in one browser.
//
//   node bench/charts/run.mjs --site DIR --rounds N [--quick]     what an update costs; a few minutes
//   node bench/charts/run.mjs --site DIR --minutes N              what is left on the heap; N minutes each
//
// Progress goes to standard error, and at the end JSON to standard output. CHROMIUM names the browser.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch, meter, open } from './browser.mjs';
import { compare } from './content.mjs';

const OURS = 'pulseboard';
const PEERS = ['chartjs', 'uplot'];
/** What measuring itself costs is taken off. */
const NOTHING = 'nothing';
const RATES = [2, 10, 30, 60];
/** Time for the compilers to have seen it all, seconds. */
const WARM_UP = { rate: 60, seconds: 2 };
/** Seconds for each rate: enough for some updates. */
const SECONDS = { whole: { 2: 5, 10: 3, 30: 2.5, 60: 2.5 }, quick: { 2: 2, 10: 1, 30: 1, 60: 1 } };

const { values: options } = parseArgs({
  options: {
    site: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    minutes: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

const date = new Date().toISOString().slice(0, 10);
const browser = await launch();
try {
  await compare(browser, options.site, [OURS, ...PEERS]);
  const figures = options.minutes ? { heaps: await heaps(Number(options.minutes)) } : { runs: await runs(Number(options.rounds)) };
  process.stdout.write(JSON.stringify({ date, chromium: browser.version(), ...versions(), ...figures }));
} finally {
  await browser.close();
}

function versions() {
  const version = (name) => {
    const manifest = path.join(import.meta.dirname, 'node_modules', name, 'package.json');
    return JSON.parse(readFileSync(manifest, 'utf8')).version;
  };
  return { chartjs: version('chart.js'), uplot: version('uplot') };
}

/** Libraries take turns, every second round in reverse. */
async function runs(rounds) {
  const all = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = [OURS, ...PEERS, NOTHING];
    for (const library of round % 2 === 0 ? order : order.toReversed()) all.push(...(await run(library, round)));
  }
  return all;
}

async function run(library, round) {
  const page = await open(browser, options.site, library);
  const { times, heap } = await meter(browser, page);
  await page.evaluate((load) => window.bench.drive(load), WARM_UP);
  const found = [];
  for (const rate of RATES) {
    const load = { rate, seconds: SECONDS[options.quick ? 'quick' : 'whole'][rate] };
    const before = await times();
    const { updates, frames, missed } = await page.evaluate((it) => window.bench.drive(it), load);
    const after = await times();
    const [script, thread, whole, own] = ['script', 'thread', 'browser', 'own'].map((name) => after[name] - before[name]);
    const [used, unused] = ['used', 'unused'].map((name) => after[name] - before[name]);
    const foreign = Math.min(1, Math.max(0, (used - own) / Math.max(used + unused, 0.01)));
    found.push({ library, round, rate, updates, frames, missed, script, thread, browser: whole, foreign, heap: await heap() });
    const each = (seconds) => `${((1000 * seconds) / updates).toFixed(3)} ms`;
    console.error(`  ${library}, ${rate}/s: ${each(script)} script, ${each(thread)} thread, ${each(whole)} browser an update, ${missed} frames missed`);
  }
  await page.context().close();
  return found;
}

async function heaps(minutes) {
  const all = [];
  for (const library of [OURS, ...PEERS]) {
    const page = await open(browser, options.site, library);
    const { heap } = await meter(browser, page);
    const after = [];
    for (const part of [1, minutes - 1].filter((part) => part > 0)) {
      const { updates } = await page.evaluate((load) => window.bench.drive(load), { rate: 60, seconds: 60 * part });
      after.push({ minutes: after.length === 0 ? part : minutes, updates, heap: await heap() });
    }
    console.error(`  ${library}: ${after.map((at) => `${(at.heap / 2 ** 20).toFixed(2)} MiB after ${at.minutes} min`).join(', ')}`);
    all.push({ library, after });
    await page.context().close();
  }
  return all;
}

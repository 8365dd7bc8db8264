// A browser, and what it says of the time and the memory that a page takes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const HERE = import.meta.dirname;
/** Nothing answers there: every request is answered from files. */
const ORIGIN = 'http://charts.test';
const VIEW = { width: 1330, height: 580 };
// No sandbox, for CI runs as root; and nothing that talks to the world on its own.
const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Playwright is the browser tests'. */
export async function launch() {
  const { chromium } = createRequire(path.join(HERE, '../../end2end/package.json'))('@playwright/test');
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGS });
}

/** A page of its own with this library's charts. One that is watched takes notes, and is slow. */
export async function open(browser, site, library, isWatched = false) {
  const context = await browser.newContext({ viewport: VIEW, deviceScaleFactor: 2 });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${library}: ${error.stack}`));
  await context.route(`${ORIGIN}/**`, (route) => route.fulfill({ path: file(site, new URL(route.request().url()).pathname) }));
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction(() => 'bench' in window);
  await page.evaluate(([name, watched]) => window.bench.open(name, watched), [library, isWatched]);
  return page;
}

function file(site, pathname) {
  if (pathname.startsWith('/pkg/')) return path.join(site, pathname);
  if (pathname.startsWith('/node_modules/')) return path.join(HERE, pathname);
  return path.join(HERE, 'page', pathname === '/' ? 'index.html' : pathname);
}

/** Reads a page's meters. Times are CPU time of its main thread: what other programs take is not in them. */
export async function meter(browser, page) {
  const session = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const metrics = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  return {
    async times() {
      const { ScriptDuration, ThreadTime } = await metrics();
      const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
      const browserTime = processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
      const { user, system } = process.cpuUsage();
      return {
        script: ScriptDuration, thread: ThreadTime, browser: browserTime,
        own: browserTime + (user + system) / 1e6, ...cores(),
      };
    },
    /** What is still needed, once all that is not has been collected. */
    async heap() {
      await session.send('HeapProfiler.collectGarbage');
      await session.send('HeapProfiler.collectGarbage');
      const { JSHeapUsedSize } = await metrics();
      return JSHeapUsedSize + (await page.evaluate(() => window.bench.bytesBeside()));
    },
  };
}

/** Seconds of all cores that someone used, and that no one did (proc(5), /proc/stat: hundredths). */
function cores() {
  const [line] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const unused = (ticks[3] + ticks[4]) / 100;
  return { used: ticks.reduce((sum, tick) => sum + tick, 0) / 100 - unused, unused };
}

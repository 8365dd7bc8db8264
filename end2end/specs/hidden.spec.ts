import { chromium, type Page } from '@playwright/test';
import config from '../playwright.config.ts';
import { Board, expect, test } from '../fixtures/test.ts';

/** The tab goes behind another one, or comes back. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    Object.defineProperty(document, 'visibilityState', { value: hidden ? 'hidden' : 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('a hidden tab is told every five seconds, and has all of it when it is shown again', async ({ page, board, wire }) => {
  await board.prefers('websocket');
  await board.open();
  const at = () => wire.samples('host/local/metrics').map((sample) => sample.at);
  await expect.poll(() => at().length).toBeGreaterThan(3);
  await hide(page, true);
  // By the server's clock: two that came in a row lie five seconds apart.
  const apart = () => at().map((ms, n, all) => ms - (all[n - 1] ?? ms)).filter((ms) => ms > 4_000);
  await expect.poll(() => apart().length, { timeout: 45_000 }).toBeGreaterThanOrEqual(2);
  const told = at().length;
  const asked = page.waitForRequest(/\/history\?since=/);
  await hide(page, false);
  await asked;
  await expect.poll(() => at().length).toBeGreaterThan(told + 3);
  const last = at().slice(-3);
  expect(last[2] - last[0], 'as often as ever').toBeLessThan(3_000);
  await board.is('live');
  expect(wire.sockets, 'on the line that it had').toHaveLength(1);
  // The table has the newest minute: no two of its rows lie further apart than the measurements do.
  const cpu = board.card('cpu');
  await cpu.take('table');
  const holes = async () => {
    const times = await cpu.table.locator('tbody th').allInnerTexts();
    const seconds = times.slice(0, 50).map((time) => time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0));
    return seconds.map((second, n) => (seconds[n - 1] ?? second) - second).filter((gap) => gap > 3);
  };
  await expect.poll(holes).toEqual([]);
});

test('a page that the browser has put away for the way back has no line, and is live again at once', async ({ server }) => {
  const { executablePath, args } = config.projects![0].use!.launchOptions!;
  const browser = await chromium.launch({ executablePath, args, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  try {
    const page = await browser.newPage({ baseURL: server.url });
    const board = new Board(page);
    await board.open();
    await page.evaluate(() => {
      Object.assign(window, { kept: 'as it was' });
      addEventListener('pageshow', (event) => Object.assign(window, { persisted: event.persisted }));
    });
    await page.goto('/api/v1/hosts/local');
    await page.goBack({ waitUntil: 'commit' }).catch(() => undefined);
    await expect
      .poll(() => page.evaluate(() => [(window as never)['kept'], (window as never)['persisted']]).catch(() => undefined))
      .toEqual(['as it was', true]);
    await board.is('live');
    await board.card('cpu').moves();
  } finally {
    await browser.close();
  }
});

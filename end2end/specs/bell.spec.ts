import type { Page } from '@playwright/test';
import { PASSWORD, setUp, signIn } from '../fixtures/accounts.ts';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { test } from '../fixtures/house.ts';
import { inPieces, type Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect, Wire } from '../fixtures/test.ts';

const TRANSPORTS = ['websocket', 'sse', 'http_stream', 'long_polling', 'polling', 'socketio'];

/** Sends a notice on behalf of whoever has signed in on this page. */
async function send(page: Page, house: Pulseboard, title: string, more: object = {}): Promise<void> {
  const data = { to: 'all', level: 'warning', title, text: 'one\ntwo', ...more };
  const answer = await page.request.post(`${house.url}/api/v1/notices`, { data });
  expect(answer.status(), await answer.text()).toBe(201);
}

const toast = (page: Page) => page.getByTestId('toasts');
const count = (page: Page) => page.getByTestId('bell').locator('.bell__count');
const icon = (page: Page) => page.locator('link[rel=icon]');

test('a notice is shown on every device, counted, and read on all of them by one', async ({ house, page, browser }) => {
  await setUp(page, house);
  const board = new Board(page);
  await board.open(`${house.url}/`);
  const context = await browser.newContext();
  const phone = await context.newPage();
  await phone.goto(`${house.url}/sign-in?next=%2Flab`);
  await signIn(phone, 'kim', PASSWORD);
  await new Board(phone).hydrated();
  await new Board(phone).is('live');
  const title = await page.title();
  await send(page, house, 'The backup has failed', { level: 'critical', link: '/lab' });
  // On both at once: a toast goes after a while.
  const shown = (device: Page) => expect(toast(device)).toContainText('Critical: The backup has failed');
  await Promise.all([page, phone].map(shown));
  for (const device of [page, phone]) {
    await expect(count(device)).toHaveText('1');
    await expect(device).toHaveTitle(/^\(1\) /);
    await expect(icon(device)).toHaveAttribute('href', '/favicon-notice.svg');
  }
  await phone.getByTestId('bell').click();
  const listed = phone.locator('.sent__notice');
  await expect(listed).toHaveCount(1);
  await expect(listed).toContainText('one two');
  await expect(listed.getByRole('link', { name: 'Critical: The backup has failed' })).toHaveAttribute('href', '/lab');
  await listed.getByRole('button', { name: 'Mark as read: The backup has failed' }).click();
  await expect(listed).toHaveCount(0);
  for (const device of [page, phone]) {
    await expect(count(device)).toHaveCount(0);
    await expect(icon(device)).toHaveAttribute('href', '/favicon.svg');
  }
  await expect(page).toHaveTitle(title);
  await phone.getByRole('link', { name: 'All notices' }).click();
  await expect(phone).toHaveURL(`${house.url}/notices`);
  await expect(phone.locator('#read')).toContainText('The backup has failed');
  await context.close();
});

test('a notice that comes before the code that shows it is shown, too', async ({ house, page }) => {
  test.skip(!inPieces, 'everything is there from the start');
  await setUp(page, house);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(/split_later/, async (route) => {
    await held;
    await route.continue();
  });
  const [board, wire] = [new Board(page), new Wire(page)];
  await board.visit(`${house.url}/`);
  await board.is('live');
  await send(page, house, 'early');
  await expect.poll(() => wire.of('event').some(({ topic }) => topic === 'notices/all')).toBe(true);
  letGo();
  await expect(toast(page)).toContainText('Warning: early');
  await expect(count(page)).toHaveText('1');
});

test('a notice that is counted before its event comes is shown, too', async ({ house, page }) => {
  await setUp(page, house);
  let [sent, counted] = [() => {}, () => {}];
  const isSent = new Promise<void>((resolve) => (sent = resolve));
  const isCounted = new Promise<void>((resolve) => (counted = resolve));
  await page.route(/notices\?show=unread/, async (route) => {
    await isSent;
    await route.continue();
  });
  await page.routeWebSocket(/\/live\/ws/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage(async (text) => {
      if (String(text).includes('"topic":"notices/all"')) await isCounted;
      socket.send(text);
    });
  });
  await new Board(page).open(`${house.url}/`);
  await send(page, house, 'counted');
  sent();
  await expect(count(page)).toHaveText('1');
  counted();
  await expect(toast(page)).toContainText('Warning: counted');
  await expect(count(page)).toHaveText('1');
});

test('a notice comes over every transport, and once', async ({ house, page }) => {
  await setUp(page, house);
  for (const [index, transport] of TRANSPORTS.entries()) {
    const board = new Board(page);
    await page.evaluate((id) => localStorage.setItem('pulseboard.transport', id), transport);
    await board.open(`${house.url}/`);
    if (index > 0) await expect(count(page)).toHaveText(String(index));
    await send(page, house, `over ${transport}`);
    await expect(toast(page)).toContainText(`Warning: over ${transport}`);
    await expect(count(page)).toHaveText(String(index + 1));
  }
  await page.getByTestId('bell').click();
  const titles = page.locator('.sent__notice a');
  await expect(titles).toHaveText([...TRANSPORTS].reverse().map((transport) => `Warning: over ${transport}`));
});

test('what was sent while nobody looked waits, and nothing is told twice after a restart', async ({
  house,
  page,
  complaints,
}) => {
  complaints.allow(/status of 503/);
  await setUp(page, house);
  await page.goto(`${house.url}/account`);
  await send(page, house, 'before');
  const board = new Board(page);
  await board.open(`${house.url}/`);
  await expect(count(page)).toHaveText('1');
  await expect(toast(page)).toBeEmpty();
  await send(page, house, 'while it is open');
  await expect(count(page)).toHaveText('2');
  await house.restart();
  await board.is('live', 30_000);
  await send(page, house, 'after');
  await expect(toast(page)).toContainText('after');
  // The bell counts what became of the line, too.
  await expect(page).toHaveTitle(/^\(3\) /);
  await page.getByTestId('bell').click();
  await expect(page.locator('.sent__notice a')).toHaveText(['Warning: after', 'Warning: while it is open', 'Warning: before']);
});

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing in the bell with notices (${theme}, ${lang})`, async ({ house, page, context }) => {
    await setUp(page, house);
    await wear(context, house.url, { theme, lang });
    for (const level of ['critical', 'warning', 'info']) {
      await send(page, house, `${level} 디스크 ${'x'.repeat(80)}`, { level, link: '/lab' });
    }
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await new Board(page).open(`${house.url}/`);
      await page.getByTestId('bell').click();
      await expect(page.locator('.sent__notice')).toHaveCount(3);
      expect(await violations(page), `at ${width} px`).toEqual([]);
    }
  });
}

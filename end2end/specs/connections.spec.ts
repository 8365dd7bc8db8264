import type { Locator, Page } from '@playwright/test';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { operatorToken } from '../fixtures/pulseboard.ts';
import { Board, expect, test } from '../fixtures/test.ts';

const PATH = '/lab/connections';
const API = '/api/v1/connections';

interface Connection {
  id: number;
  transport: string;
  address: string;
  followed: boolean;
}

/** The page of connections, in the words of its reader. */
class Desk {
  readonly rows: Locator;
  readonly own: Locator;
  readonly find: Locator;
  readonly shown: Locator;
  readonly told: Locator;
  readonly kick: Locator;
  readonly frames: Locator;

  constructor(readonly page: Page) {
    this.rows = page.getByTestId('connections').locator('tbody tr');
    this.own = this.rows.and(page.locator('[data-own="true"]'));
    this.find = page.getByTestId('connections-find');
    this.shown = page.getByTestId('connections-shown');
    this.told = page.getByTestId('connections-told');
    this.kick = page.getByTestId('kick');
    this.frames = page.getByTestId('frames');
  }

  /** Opened and live, with its own connection in the list. */
  static async open(page: Page): Promise<Desk> {
    await new Board(page).open(PATH);
    const desk = new Desk(page);
    await expect(desk.own).toHaveCount(1);
    return desk;
  }

  /** The number of the connection that carries this page. */
  async id(): Promise<string> {
    return (await this.own.getAttribute('data-id'))!;
  }

  async address(): Promise<string> {
    return (await this.own.locator('th').innerText()).split(/\s/)[0]!;
  }

  row(id: string): Locator {
    return this.rows.and(this.page.locator(`[data-id="${id}"]`));
  }

  async act(id: string, act: 'follow' | 'kick'): Promise<void> {
    await this.row(id).locator(`[data-act="${act}"]`).click();
  }
}

// The tabs of a browser would have one connection; without this it cannot tell them apart, and each has its own. And each knows the
// operator's token, but where a test takes it away.
test.beforeEach(({ context }) =>
  context.addInitScript((token) => {
    Object.defineProperty(navigator, 'locks', { value: undefined });
    // A page that is empty still has none.
    if (location.protocol === 'about:') return;
    if (sessionStorage.getItem('stranger') === null) sessionStorage.setItem('operator-token', token);
  }, operatorToken),
);

test('a stranger sees no connections, and an operator does with the token', async ({ page, context, complaints }) => {
  complaints.allow(/status of 401/);
  await context.addInitScript(() => {
    if (location.protocol === 'about:') return;
    sessionStorage.setItem('stranger', '');
    sessionStorage.removeItem('operator-token');
  });
  const asked: number[] = [];
  page.on('response', (one) => {
    if (one.url().includes(API)) asked.push(one.status());
  });
  await new Board(page).visit(PATH);
  const field = page.getByTestId('operator-token');
  await expect(field).toBeFocused();
  const desk = new Desk(page);
  await expect(desk.rows).toHaveCount(0);
  expect(asked).toEqual([]);
  await field.fill('not-the-token-of-this-operator');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('connections-locked')).toContainText("This is not the operator's token.");
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  expect(await violations(page)).toEqual([]);
  await field.fill(operatorToken);
  await page.getByRole('button', { name: 'Show connections' }).click();
  await expect(desk.own).toHaveCount(1);
  await expect(field).toHaveCount(0);
  expect(asked[0]).toBe(401);
});

test('every page sees all connections, and which one is its own', async ({ page, context }) => {
  const one = await Desk.open(page);
  const two = await Desk.open(await context.newPage());
  const [first, second] = [await one.id(), await two.id()];
  expect(first).not.toBe(second);
  await expect(one.row(second)).toHaveAttribute('data-own', 'false');
  await expect(one.own).toContainText('this page');
  await expect(one.own).toContainText('WebSocket');
  await expect(one.shown).toHaveText(/^\d+ connections$/);
  await expect(page.getByText('Behind a proxy that buffers (Varnish, h2o, mitmproxy')).toBeVisible();
  // What was sent to a page with numbers goes on, though nobody touches the list.
  await new Board(await context.newPage()).open('/');
  const sent = () => one.rows.filter({ hasText: 'host/local/metrics' }).locator('[data-of="sent"]').innerText();
  const before = await sent();
  await expect.poll(sent).not.toBe(before);
});

test('the list is filtered and sorted', async ({ page, context }) => {
  const desk = await Desk.open(page);
  await Desk.open(await context.newPage());
  await expect.poll(() => desk.rows.count()).toBeGreaterThan(1);
  await desk.find.fill(await desk.address());
  await expect(desk.rows).toHaveCount(1);
  await expect(desk.own).toHaveCount(1);
  await expect(desk.shown).toHaveText(/^1 of \d+ connections$/);
  await desk.find.fill('no such thing');
  await expect(page.getByTestId('connections-nothing')).toContainText('No connection has this');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(desk.find).toHaveValue('');
  await expect(desk.find).toBeFocused();
  await expect.poll(() => desk.rows.count()).toBeGreaterThan(1);

  const ids = () => desk.rows.evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-id'))));
  const head = (name: string) => page.getByRole('columnheader', { name });
  await expect(head('Since')).toHaveAttribute('aria-sort', 'ascending');
  const youngest = await ids();
  expect(youngest).toEqual([...youngest].sort((a, b) => b - a));
  await head('Since').getByRole('button').click();
  await expect(head('Since')).toHaveAttribute('aria-sort', 'descending');
  const oldest = await ids();
  expect(oldest).toEqual([...oldest].sort((a, b) => a - b));
  await head('Sent').getByRole('button').press('Enter');
  await expect(head('Sent')).toHaveAttribute('aria-sort', 'descending');
  await expect(head('Since')).toHaveAttribute('aria-sort', 'none');
});

test('a connection is ended after a question, and its page comes back by itself', async ({ page, context }) => {
  const desk = await Desk.open(page);
  const other = await Desk.open(await context.newPage());
  const [id, address] = [await other.id(), await other.address()];
  await desk.act(id, 'kick');
  await expect(desk.kick).toContainText('Disconnect this client?');
  await expect(desk.kick).toContainText(address);
  await expect(desk.kick).toContainText('nothing is lost');
  await desk.kick.getByRole('button', { name: 'Cancel' }).click();
  await expect(desk.kick).toHaveCount(0);
  await expect(desk.row(id)).toHaveCount(1);

  await desk.act(id, 'kick');
  await page.getByTestId('kick-now').click();
  await expect(desk.told).toContainText(`${address} was disconnected`);
  await expect(desk.row(id)).toHaveCount(0);
  // Another connection carries it now; it has lost nothing and says so itself.
  await expect.poll(() => other.own.getAttribute('data-id'), { timeout: 20_000 }).not.toBe(id);
  await new Board(other.page).is('live');

  // Its own, too. A page whose line has just changed asks about a row that is not its own any more: then it is asked again.
  let own = '';
  await expect(async () => {
    const cancel = desk.kick.getByRole('button', { name: 'Cancel' });
    if (await cancel.count()) await cancel.click();
    own = await desk.id();
    await desk.act(own, 'kick');
    await expect(desk.kick).toContainText('will come back by itself', { timeout: 1_000 });
  }).toPass({ timeout: 15_000 });
  await page.getByTestId('kick-now').click();
  await expect.poll(() => desk.own.getAttribute('data-id'), { timeout: 20_000 }).not.toBe(own);
});

test('one connection is followed, paused and left', async ({ page, context, request }) => {
  const desk = await Desk.open(page);
  const watched = await context.newPage();
  await new Board(watched).open('/');
  const seen = async (): Promise<Connection[]> => (await (await request.get(API, { headers: { authorization: `Bearer ${operatorToken}` } })).json()).connections;
  const overview = desk.rows.filter({ hasText: 'host/local/metrics' }).first();
  const id = (await overview.getAttribute('data-id'))!;
  const isFollowed = async () => (await seen()).find((one) => String(one.id) === id)?.followed;
  await desk.act(id, 'follow');
  const rows = desk.frames.locator('tbody tr');
  await expect(rows.first()).toContainText('"type":"event"');
  await expect(desk.frames).toContainText('to client');
  await expect.poll(() => rows.count()).toBeGreaterThan(3);
  expect(await isFollowed()).toBe(true);
  await expect(desk.row(id).locator('[data-act="follow"]')).toHaveAttribute('aria-pressed', 'true');

  await desk.frames.getByTestId('frames-pause').click();
  await expect(desk.frames).toContainText(/Paused\. [1-9]\d* frames since then/);
  const still = await rows.count();
  await desk.frames.getByTestId('frames-pause').click();
  await expect.poll(() => rows.count()).toBeGreaterThan(still);
  await expect(desk.frames).toContainText(/\d+ frames are not shown/);

  await desk.frames.getByTestId('frames-close').click();
  await expect(desk.frames).toHaveCount(0);
  await expect.poll(isFollowed).toBe(false);

  // And it ends with its connection.
  await desk.act(id, 'follow');
  await expect.poll(isFollowed).toBe(true);
  await watched.close();
  await expect(desk.frames).toContainText('This connection has ended.');
});

test('nothing is asked for once the page is left', async ({ page, board }) => {
  await Desk.open(page);
  await page.getByRole('link', { name: 'Overview' }).click();
  await board.card('cpu').moves();
  const asked: string[] = [];
  page.on('request', (one) => asked.push(one.url()));
  // The values of the overview are the clock: two of them, a second apart.
  for (let n = 0; n < 4; n += 1) await board.card('cpu').moves();
  expect(asked.filter((url) => url.includes(API))).toEqual([]);
});

test('what cannot be shown is said, and what was shown stays', async ({ page, complaints }) => {
  complaints.allow(/status of (401|500)/);
  complaints.allow(/trouble /);
  let status = 500;
  const refuse = JSON.stringify({ code: 'internal', message: 'no' });
  await page.route(`**${API}?*`, (route) =>
    status ? route.fulfill({ status, contentType: 'application/json', body: refuse }) : route.continue(),
  );
  await new Board(page).visit(PATH);
  await expect(page.getByTestId('connections-failed')).toContainText('could not be loaded');
  status = 0;
  const desk = new Desk(page);
  await expect(desk.own).toHaveCount(1);
  status = 500;
  await expect(page.getByText('The list is not up to date')).toBeVisible();
  await expect(desk.own).toHaveCount(1);
  status = 0;
  await expect(page.getByText('The list is not up to date')).toHaveCount(0);
  status = 401;
  await expect(page.getByTestId('connections-locked')).toContainText('Operator token');
  await expect(desk.rows).toHaveCount(0);
});

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing on the connections (${theme}, ${lang})`, async ({ page, context, baseURL }) => {
    await wear(context, baseURL!, { theme, lang });
    const desk = await Desk.open(page);
    await new Board(await context.newPage()).open('/');
    const overview = desk.rows.filter({ hasText: 'host/local/metrics' }).first();
    await overview.locator('[data-act="follow"]').click();
    await expect(desk.frames.locator('tbody tr').first()).toBeVisible();
    await desk.frames.getByTestId('frames-pause').click();
    expect(await violations(page)).toEqual([]);
    await overview.locator('[data-act="kick"]').click();
    await expect(desk.kick).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

for (const width of [360, 1280]) {
  test(`at ${width} px the page scrolls down only, and all of it can be reached`, async ({ page }) => {
    await page.setViewportSize({ width, height: 780 });
    const desk = await Desk.open(page);
    const own = await desk.id();
    await desk.act(own, 'follow');
    await expect(desk.frames).toBeVisible();
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await wide()).toBeLessThanOrEqual(0);
    // Whatever stands in a row is in sight without scrolling sideways.
    const scrolls = () => page.locator('.records__scroll').evaluate((box) => box.scrollWidth - box.clientWidth);
    if (width >= 720) expect(await scrolls()).toBeLessThanOrEqual(0);
    for (const act of ['follow', 'kick']) {
      const box = (await desk.row(own).locator(`[data-act="${act}"]`).boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(width);
    }
    await desk.act(own, 'kick');
    await expect(page.getByTestId('kick-now')).toBeInViewport();
    expect(await wide()).toBeLessThanOrEqual(0);
  });
}

test('all of it is done by keyboard alone', async ({ page, context }) => {
  const desk = await Desk.open(page);
  const other = await Desk.open(await context.newPage());
  const id = await other.id();
  await desk.find.focus();
  await page.keyboard.type(await other.address());
  await expect(desk.rows).toHaveCount(1);
  await desk.row(id).locator('[data-act="follow"]').focus();
  await page.keyboard.press('Enter');
  await expect(desk.frames).toBeVisible();
  await desk.row(id).locator('[data-act="kick"]').focus();
  await page.keyboard.press('Enter');
  await expect(desk.kick).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(desk.kick).toHaveCount(0);
  await page.keyboard.press('Enter');
  await page.getByTestId('kick-now').focus();
  await page.keyboard.press('Enter');
  await expect(desk.frames).toContainText('This connection has ended.');
});

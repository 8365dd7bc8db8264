import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';

interface Listed {
  id: number;
  name: string;
}

const ALL = '/api/v1/dashboards';

/** Removes every dashboard: a worker's server is that of the tests before, too. */
async function clear(url: string): Promise<void> {
  const all = (await (await fetch(url + ALL)).json()) as Listed[];
  await Promise.all(all.map(({ id }) => fetch(`${url}${ALL}/${id}`, { method: 'DELETE' })));
}

/** Makes a dashboard of rows of cards, each with its series and whatever else it has. */
async function made(url: string, name: string, rows: object[][]): Promise<number> {
  const body = JSON.stringify({ name, rows: rows.map((cards) => ({ cards })) });
  const answer = await fetch(url + ALL, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as Listed).id;
}

/** Waits until series of this machine have a past. */
async function measured(url: string): Promise<void> {
  const names = async () => (await (await fetch(`${url}/api/v1/hosts/local/range/series`)).text()).match(/cpu\.total|load\.1"|memory\.percent/g)?.length ?? 0;
  await expect.poll(names, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
}

const CPU = { series: ['local:cpu.total'], span: '15m' };
const LOADS = { title: 'Load', series: ['local:load.1', 'local:load.5'], span: '1h', stack: true, compare: 'day' };
const MEMORY = { series: ['local:memory.percent', 'local:no.such'], span: '6h', aggregate: 'max' };

const titles = (page: Page) => page.locator('.board__card h2').allTextContents();
const wide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

test.beforeEach(async ({ server }) => clear(server.url));

test('a view of Explore is saved, changed, exported and imported without a script', async ({ browser, server }) => {
  await measured(server.url);
  const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(`${server.url}/explore?series=local%3Acpu.total&span=6h`);
  await page.getByRole('link', { name: 'Highest' }).click();
  await page.getByRole('link', { name: 'Stacked' }).click();
  const form = page.getByRole('region', { name: 'Save to a dashboard' });
  await form.getByLabel('Title').fill('Processor <b>');
  await form.getByRole('button', { name: 'Save' }).click();
  // Nothing of what was typed is lost, and Explore is as it was.
  await expect(page.getByRole('alert')).toContainText('Choose a name of 1 to 80 characters');
  await expect(form.getByLabel('Title')).toHaveValue('Processor <b>');
  await expect(page.locator('.explore__card')).toHaveCount(1);
  await form.getByLabel('Name of a new one').fill('Shop & co');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveTitle('Shop & co · Pulseboard');
  await expect(page.getByRole('article', { name: 'Processor <b>' }).locator('svg:visible').first()).toBeVisible();

  // A card leads to its view, from which another card is made.
  await page.getByRole('link', { name: 'Explore: 1. Processor <b>' }).click();
  expect(new URL(page.url()).search).toBe('?series=local%3Acpu.total&span=6h&aggregate=max&stack=1');
  await page.goto(`${server.url}/explore?series=local%3Aload.1&from=1795183200000&to=1795186800000`);
  await expect(form.getByLabel('Dashboard')).toHaveText(/Shop & co/);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.board__row')).toHaveCount(1);
  expect(await titles(page)).toEqual(['Processor <b>', 'Load, 1 minute']);

  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Move earlier: 2.' }).click();
  await page.getByRole('button', { name: 'Move later: 2.' }).click();
  await expect(page.getByRole('heading', { name: 'Row 2' })).toBeVisible();
  const second = page.getByRole('region', { name: 'Row 2' });
  await second.getByLabel('Title').fill('CPU of the shop');
  await second.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Name', { exact: true }).fill('The shop');
  await page.getByRole('button', { name: 'Rename', exact: true }).first().click();
  await page.getByRole('link', { name: 'Done' }).click();
  await expect(page).toHaveTitle('The shop · Pulseboard');
  expect(await titles(page)).toEqual(['Load, 1 minute', 'CPU of the shop']);
  await expect(page.locator('.board__row')).toHaveCount(2);

  // Another time for all cards, for this reader alone.
  await page.getByRole('link', { name: '7 days' }).click();
  await expect(page.getByRole('link', { name: 'Explore: 1.' })).toHaveAttribute('href', /span=7d/);
  await page.getByRole('link', { name: 'As saved' }).click();
  await expect(page.getByRole('link', { name: 'Explore: 1.' })).toHaveAttribute('href', /span=1h/);

  const waits = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const path = (await (await waits).path())!;
  const saved = JSON.parse(await readFile(path, 'utf8')) as { name: string; rows: object[] };
  expect(saved.name).toBe('The shop');
  expect(saved.rows).toHaveLength(2);
  await page.goto(`${server.url}/dashboards`);
  const importing = page.getByRole('region', { name: 'Import' });
  await importing.getByLabel('File').setInputFiles(path);
  await importing.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByRole('alert')).toContainText('Another one has this name');
  await importing.getByLabel('File').setInputFiles(path);
  await importing.getByLabel('Another name').fill('가게');
  await importing.getByRole('button', { name: 'Import' }).click();
  await expect(page).toHaveTitle('가게 · Pulseboard');
  expect(await titles(page)).toEqual(['Load, 1 minute', 'CPU of the shop']);
  await page.goto(`${server.url}/dashboards`);
  await importing.getByLabel('JSON').fill('{"name": "pasted", "rows": []}');
  await importing.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByText('This dashboard has no cards yet.')).toBeVisible();

  await page.getByRole('link', { name: 'Dashboards' }).click();
  const row = page.getByRole('listitem').filter({ hasText: '가게' });
  await row.getByText('Remove', { exact: true }).first().click();
  await expect(row).toContainText('The dashboard is lost for everyone.');
  await row.locator('.once__body').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('status')).toHaveText('Removed.');
  await expect(page.locator('.board__name')).toHaveText(['The shop', 'pasted']);
  await context.close();
});

test('two who change a dashboard at once do not lose anything', async ({ server, page, context, complaints }) => {
  complaints.allow(/status of 409/);
  const id = await made(server.url, 'Shop', [[CPU, LOADS]]);
  const other = await context.newPage();
  for (const one of [page, other]) await one.goto(`${server.url}/dashboards/${id}?edit=1`);
  await page.getByRole('button', { name: 'Move later: 1.' }).click();
  await expect(page.locator('.row__name').first()).toHaveText('Load');
  await other.getByText('Remove', { exact: true }).first().click();
  await other.locator('.once__body').getByRole('button', { name: 'Remove' }).first().click();
  await expect(other.getByRole('alert')).toContainText('Someone else has changed it meanwhile');
  await expect(other.locator('.row__name')).toHaveText(['Load', 'CPU']);
  await other.close();
});

test('a dashboard follows the time and its changes, until it is paused', async ({ server, page }) => {
  await measured(server.url);
  const id = await made(server.url, 'Shop', [[CPU], [LOADS, MEMORY]]);
  await page.goto(`${server.url}/dashboards/${id}`);
  await expect(page.locator('[data-state]')).toHaveText('live');
  await expect(page.getByText('1 series is not shown')).toBeVisible();
  await expect(page.locator('.board__legend').first()).toContainText('%');
  const now = () => page.locator('[data-board]').getAttribute('data-now');
  const first = await now();
  await page.getByRole('link', { name: 'Explore: 1.' }).focus();
  await expect.poll(now).not.toBe(first);
  await expect(page.getByRole('link', { name: 'Explore: 1.' })).toBeFocused();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.locator('[data-state]')).toHaveText('paused');
  const paused = await now();
  const drawn = () => page.locator('.board__rows').innerHTML();
  const picture = await drawn();
  // Longer than from one refresh to the next.
  await page.waitForTimeout(8_000);
  expect(await now()).toBe(paused);
  expect(await drawn()).toBe(picture);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(now).not.toBe(paused);
});

test('a wall shows one after the other, and goes on where one was removed', async ({ server, page }) => {
  await measured(server.url);
  const [a, , c] = [await made(server.url, 'a', [[CPU]]), await made(server.url, 'b', [[LOADS]]), await made(server.url, 'c', [[MEMORY]])];
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${server.url}/dashboards`);
  await page.getByLabel('Seconds for each').fill('600');
  await page.getByRole('button', { name: 'Show' }).click();
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('a');
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('link')).toHaveText(['Exit']);
  expect(await page.locator('.board--wall > main').evaluate((main) => getComputedStyle(main).animationName)).toBe('none');
  // Nobody scrolls a wall.
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
  await page.keyboard.press('ArrowRight');
  await expect(heading).toHaveText('b');
  await expect(page).toHaveTitle('b · Pulseboard');
  expect(new URL(page.url()).searchParams.get('rotate')).toBe('600');
  // The one whose turn is next is removed.
  await fetch(`${server.url}${ALL}/${c}`, { method: 'DELETE' });
  await page.keyboard.press('ArrowRight');
  await expect(heading).toHaveText('a');
  await page.keyboard.press(' ');
  await expect(page.locator('[data-state]')).toHaveText('paused');
  await page.keyboard.press('ArrowRight');
  await expect(heading).toHaveText('b');
  await page.keyboard.press(' ');
  await expect(page.locator('[data-state]')).toHaveText('');
  // Nothing is left to show, and then there is something again.
  await clear(server.url);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('There is no dashboard to show.')).toBeVisible();
  await made(server.url, 'again', [[CPU]]);
  await page.keyboard.press('ArrowRight');
  await expect(heading).toHaveText('again');
  expect(new URL(page.url()).pathname).not.toBe(`/dashboards/${a}`);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Edit' })).toBeVisible();
});

test('a wall turns by itself', async ({ server, page }) => {
  await measured(server.url);
  const id = await made(server.url, 'a', [[CPU]]);
  await made(server.url, 'b', [[LOADS]]);
  await page.goto(`${server.url}/dashboards/${id}?full=1&rotate=5`);
  await expect(page).toHaveTitle('b · Pulseboard');
  await expect(page).toHaveTitle('a · Pulseboard');
});

test('a wall outlives the answers of a proxy', async ({ server, page, complaints }) => {
  complaints.allow(/status of 404/);
  await measured(server.url);
  const id = await made(server.url, 'a', [[CPU]]);
  await page.goto(`${server.url}/dashboards/${id}?full=1&rotate=600`);
  await expect(page.locator('.board__card')).toHaveCount(1);
  await page.route(`**/dashboards/${id}?*`, (route) => route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>no such site</h1>' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-state]')).toHaveText('not reachable');
  await expect(page.locator('.board__card')).toHaveCount(1);
  await page.unroute(`**/dashboards/${id}?*`);
  await expect(page.locator('[data-state]')).toHaveText('');
});

test('a wall keeps what it shows while the server is not reached', async ({ server, page, network, complaints }) => {
  complaints.allow(/Failed to (load|fetch)|ERR_/);
  await measured(server.url);
  const id = await made(server.url, 'a', [[CPU]]);
  await made(server.url, 'b', [[LOADS]]);
  await page.goto(`${network.url}/dashboards/${id}?full=1&rotate=5`);
  await expect(page.locator('.board__card')).toHaveCount(1);
  await page.context().setOffline(true);
  await expect(page.locator('[data-state]')).toHaveText('not reachable');
  await expect(page.locator('.board__card')).toHaveCount(1);
  await page.context().setOffline(false);
  await expect(page.locator('[data-state]')).toHaveText('');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('b');
});

test('all of it is done by keyboard alone', async ({ server, page }) => {
  await measured(server.url);
  const id = await made(server.url, 'Shop', [[CPU, LOADS]]);
  const reach = async (name: string | RegExp) => {
    for (let step = 0; step < 120; step += 1) {
      await page.keyboard.press('Tab');
      const text = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '');
      if (typeof name === 'string' ? text === name : name.test(text)) return;
    }
    throw new Error(`nothing is called ${String(name)}`);
  };
  await page.goto(`${server.url}/dashboards`);
  await reach('Shop');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/dashboards/${id}$`));
  await expect(page.getByRole('link', { name: 'Edit' })).toBeVisible();
  await reach('Edit');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Row 1' })).toBeVisible();
  await reach(/^Move later: 1\./);
  await page.keyboard.press('Enter');
  await expect(page.locator('.row__name').first()).toHaveText('Load');
  await reach(/^Remove: 2\./);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.row__name')).toHaveText(['Load']);
  await reach('Done');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Full screen' })).toBeVisible();
  await reach('Full screen');
  await page.keyboard.press('Enter');
  await expect(page.locator('.board--wall')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Full screen' })).toBeVisible();
});

test.describe('in Seoul', () => {
  test.use({ timezoneId: 'Asia/Seoul' });

  test('times are those of the reader', async ({ server, page }) => {
    await measured(server.url);
    const id = await made(server.url, 'Shop', [[CPU]]);
    await page.goto(`${server.url}/dashboards/${id}`);
    await expect(page.locator('[data-board]')).toHaveAttribute('data-zone', '540');
    await expect(page.locator('.board__plot svg:visible')).toContainText('+09:00');
    await expect(page.getByText('UTC+09:00')).toBeVisible();
  });
});

test('it reads well in each look, and nothing is wider than the screen', async ({ server, page, context }) => {
  await measured(server.url);
  const long = '가나다라마바사아자차카타파하'.repeat(5);
  const id = await made(server.url, long, [[CPU], [LOADS, MEMORY], [CPU, CPU, LOADS], [{ ...LOADS, title: 'x'.repeat(120) }, CPU, CPU, MEMORY]]);
  await made(server.url, 'b', []);
  for (const look of LOOKS) {
    await wear(context, server.url, look);
    for (const path of ['/dashboards', `/dashboards/${id}`, `/dashboards/${id}?edit=1`, `/dashboards/${id}?full=1`]) {
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(server.url + path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished)));
        expect(await violations(page), `${path} (${look.theme}, ${look.lang}, ${width} px)`).toEqual([]);
        expect(await wide(page), `${path} at ${width} px`).toBeLessThanOrEqual(0);
      }
    }
  }
});

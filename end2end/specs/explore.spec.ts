import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';

interface Found {
  series: { values: (number | null)[] }[];
}

/** Waits until a metric of this machine has some samples. */
async function measured(url: string, metric: string, count = 3): Promise<void> {
  const values = async () => {
    const answer = (await (await fetch(`${url}/api/v1/hosts/local/range?metric=${metric}&step=500`)).json()) as Found;
    return answer.series.flatMap((series) => series.values).filter((value) => value !== null).length;
  };
  await expect.poll(values, { timeout: 30_000 }).toBeGreaterThanOrEqual(count);
}

const CPU = 'series=local%3Acpu.total';
const MEMORY = 'series=local%3Amemory.percent';
const LOAD = 'series=local%3Aload.1';

const parameters = (page: Page) => new URL(page.url()).searchParams;
const plot = (page: Page) => page.locator('[data-plot]').first();

test('series are found, overlaid, compared and taken away without a script', async ({ browser, server }) => {
  await measured(server.url, 'load.1', 1);
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(`${server.url}/history`);
  await page.getByRole('link', { name: 'Explore: CPU' }).click();
  await expect(page).toHaveTitle('Explore · Pulseboard');
  await expect(page.getByRole('region', { name: 'CPU' }).getByRole('row')).toHaveCount(2);
  await page.getByLabel('Find').fill('load minute');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByText('3 series', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'local · Load, 1 minute', exact: true }).click();
  await page.getByRole('link', { name: 'local · Load, 5 minutes', exact: true }).click();
  // Another unit has a chart of its own, and two metrics in one chart are named by their unit.
  await expect(page.locator('[data-plot]')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'Numbers' }).getByRole('row')).toHaveCount(3);
  await page.getByRole('link', { name: '15 minutes', exact: true }).click();
  await page.getByRole('link', { name: 'A day before' }).click();
  await expect(page.getByRole('row', { name: /CPU \(a day before\)/ })).toBeVisible();
  await page.getByRole('link', { name: 'Remove: local · CPU' }).click();
  await expect(page.locator('[data-plot]')).toHaveCount(1);

  // A time of one's own, in UTC.
  await page.getByLabel('From').fill('2026-01-02T03:04:05');
  await page.getByLabel('To', { exact: true }).fill('2026-01-02T04:04:05');
  await page.getByRole('button', { name: 'Show' }).click();
  expect(parameters(page).get('compare')).toBe('day');
  expect(parameters(page).getAll('series')).toEqual(['local:load.1', 'local:load.5']);
  await expect(page.getByText('2026-01-02 03:04 – 2026-01-02 04:04')).toBeVisible();
  await expect(page.getByText('These series have no numbers of this time.')).toBeVisible();
  await page.getByRole('link', { name: 'Earlier' }).click();
  await expect(page.getByText('2026-01-02 02:04 – 2026-01-02 03:04')).toBeVisible();
  await page.getByRole('link', { name: 'Now' }).click();
  expect(parameters(page).get('span')).toBe('1h');

  await page.goto(`${server.url}/explore?${CPU}&series=nonsense`);
  await expect(page.getByRole('alert')).toContainText('names no series');
  await expect(page.getByLabel('Find')).toBeVisible();
  await page.close();
});

test('a crosshair is shared by all charts, by pointer and by keys', async ({ server, page }) => {
  await measured(server.url, 'load.1', 1);
  await measured(server.url, 'cpu.total', 5);
  await page.goto(`${server.url}/explore?${CPU}&${MEMORY}&${LOAD}&span=15m`);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.locator('[data-state]')).toHaveText('paused');
  const box = (await plot(page).boundingBox())!;
  await page.mouse.move(box.x + box.width - 3, box.y + box.height / 2);
  await expect(page.locator('.explore__line:visible')).toHaveCount(2);
  await expect(page.locator('[data-moment]')).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  await expect(page.locator('[data-at]').first()).toContainText('%');
  const lefts = await page.locator('.explore__line').evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().left));
  expect(Math.abs(lefts[0] - lefts[1])).toBeLessThan(1.5);
  await page.mouse.move(2, 2);
  await expect(page.locator('.explore__line:visible')).toHaveCount(0);

  await plot(page).focus();
  await page.keyboard.press('End');
  const end = await page.locator('[data-moment]').textContent();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('[data-moment]')).not.toHaveText(end!);
  const length = () => Number(parameters(page).get('to')) - Number(parameters(page).get('from'));
  await page.keyboard.press('+');
  await expect.poll(length).toBe(450_000);
  await expect(plot(page)).toBeFocused();
  await page.keyboard.press('-');
  await expect.poll(length).toBe(900_000);
  await page.keyboard.press('Escape');
  await expect.poll(length).toBe(450_000);
  await page.keyboard.press('Escape');
  await expect.poll(() => parameters(page).get('span')).toBe('15m');
  await page.keyboard.press('Escape');
  await expect(page.locator('.explore__line:visible')).toHaveCount(0);
});

test('a drag zooms in, and a double click goes back', async ({ server, page }) => {
  await measured(server.url, 'cpu.total', 3);
  await page.goto(`${server.url}/explore?${CPU}&span=1h`);
  const box = (await plot(page).boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.4, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 });
  await expect(page.locator('.explore__zoom:visible')).toHaveCount(1);
  await page.mouse.up();
  await expect.poll(() => parameters(page).get('from')).toBeTruthy();
  const length = Number(parameters(page).get('to')) - Number(parameters(page).get('from'));
  expect(length).toBeGreaterThan(600_000);
  expect(length).toBeLessThan(900_000);
  // What has ended does not go on by itself.
  await expect(page.locator('[data-state]')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeHidden();
  await plot(page).dblclick();
  await expect.poll(() => parameters(page).get('span')).toBe('1h');
  await expect(page.locator('[data-state]')).toHaveText('live');
});

test('the page follows the time, until it is paused', async ({ server, page }) => {
  await measured(server.url, 'cpu.total', 3);
  await page.goto(`${server.url}/explore?${CPU}&span=15m`);
  await expect(page.locator('[data-state]')).toHaveText('live');
  const to = () => page.locator('[data-explore]').getAttribute('data-to');
  const first = await to();
  await page.getByRole('link', { name: 'Remove: local · CPU' }).focus();
  await expect.poll(to).not.toBe(first);
  await expect(page.getByRole('link', { name: 'Remove: local · CPU' })).toBeFocused();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.locator('[data-state]')).toHaveText('paused');
  const paused = await to();
  await page.waitForTimeout(3_000);
  expect(await to()).toBe(paused);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(to).not.toBe(paused);
});

test.describe('in Seoul', () => {
  test.use({ timezoneId: 'Asia/Seoul' });

  test('times are those of the reader, also in the file', async ({ server, page }) => {
    await measured(server.url, 'cpu.total', 3);
    await page.goto(`${server.url}/explore?${CPU}&from=1795183200000&to=1795186800000`);
    await expect(page.getByText('2026-11-20 23:00 – 2026-11-21 00:00')).toBeVisible();
    await expect(page.getByText('UTC+09:00')).toBeVisible();
    await expect(page.locator('.plot__first--wide svg')).toContainText('+09:00');
    await expect(page.getByLabel('From')).toHaveValue('2026-11-20T23:00');
    await page.goto(`${server.url}/explore?${CPU}&${LOAD}&span=15m`);
    await expect(page.locator('[data-explore]')).toHaveAttribute('data-zone', '540');
    const waits = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save as CSV' }).click();
    const download = await waits;
    expect(download.suggestedFilename()).toMatch(/^pulseboard-\d{4}-\d\d-\d\d-\d{4}\.csv$/);
    const text = await readFile((await download.path())!, 'utf8');
    const [head, ...rows] = text.trimEnd().split('\r\n');
    expect(head).toBe('\uFEFFtime,"local cpu.total (%)","local load.1"');
    expect(rows.length).toBeGreaterThan(400);
    for (const row of rows) expect(row).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00,[\d.]*,[\d.]*$/);
    expect(rows.some((row) => /,[\d.]+,/.test(row))).toBe(true);

    const picture = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save as SVG' }).click();
    const svg = await readFile((await (await picture).path())!, 'utf8');
    expect(svg).toMatch(/^<svg [^]*<\/svg>$/);
    expect(svg).toContain('local · CPU');

    const points = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save as PNG' }).click();
    const saved = await points;
    expect(saved.suggestedFilename()).toMatch(/^pulseboard-\d{4}-\d\d-\d\d-\d{4}\.png$/);
    const png = await readFile((await saved.path())!);
    const drawn = await page.evaluate(async (bytes) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
      canvas.drawImage(image, 0, 0);
      const { data } = canvas.getImageData(0, 0, image.width, image.height);
      const colours = new Set<number>();
      for (let at = 0; at < data.length; at += 4) colours.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
      return { width: image.width, isWhite: data[0] === 255, colours: colours.size };
    }, [...png]);
    // Twice as fine as the SVG, on white, with lines and texts in it.
    expect(drawn.width).toBe(2 * 1032);
    expect(drawn.isWhite).toBe(true);
    expect(drawn.colours).toBeGreaterThan(20);
  });
});

test('it reads well in each look, and nothing is wider than the screen', async ({ server, page, context }) => {
  await measured(server.url, 'load.1', 1);
  for (const look of LOOKS) {
    await wear(context, server.url, look);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 740 });
      await page.goto(`${server.url}/explore?${CPU}&${MEMORY}&${LOAD}&span=15m&compare=day&find=cpu`);
      await expect(page.locator('.explore__found li').first()).toBeVisible();
      await plot(page).focus();
      await page.keyboard.press('End');
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  }
});

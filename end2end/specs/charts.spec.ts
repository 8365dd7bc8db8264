import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { expect, LINE_LOST, test } from '../fixtures/test.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

async function saved(page: Page, save: () => Promise<void>): Promise<{ download: Download; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), save()]);
  return { download, bytes: await readFile(await download.path()) };
}

test('the table in a chart\'s place has the newest value on top, and goes on', async ({ board }) => {
  await board.open();
  const cpu = board.card('cpu');
  await cpu.take('table');
  await expect(cpu.table.getByRole('columnheader')).toHaveText(['Time', 'CPU']);
  const newest = cpu.table.locator('tbody tr').first();
  await expect(newest).toHaveText(/^\d\d:\d\d:\d\d\s*\d+\.\d%$/);
  const before = await newest.innerText();
  await expect(newest).not.toHaveText(before);
  await cpu.take('table');
  await expect(cpu.table).toHaveCount(0);
  await expect(cpu.canvas).toBeVisible();
});

test('the saved data is what the table shows, for programs', async ({ page, board, server }) => {
  await board.open();
  const host = (await (await fetch(new URL('/api/v1/hosts/local', server.url))).json()).info.hostname;
  for (const [id, head] of [
    ['cores', 'Item,User (%),System (%),Wait (%)'],
    ['cpu', 'Time,CPU (%)'],
  ]) {
    const card = board.card(id);
    await card.take('table');
    await card.disconnect();
    await expect(card.status).toHaveText('Disconnected');
    const rows = await card.table.locator('tbody tr').evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')),
    );
    const { download, bytes } = await saved(page, () => card.take('save-csv'));
    expect(download.suggestedFilename()).toMatch(new RegExp(`^${host}-${id}-\\d{4}-\\d\\d-\\d\\d-\\d{6}\\.csv$`));
    const lines = bytes.toString('utf8').split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines.shift()).toBe(head);
    const cells = lines.map((line) => line.split(','));
    // Plain numbers; the table rounds them, a half either way.
    const shown = (value: string, told = '') => {
      if (!value) return 'no value';
      return Math.abs(Number(value) - Number.parseFloat(told)) < 0.0501 ? told : `${Number(value).toFixed(1)}%`;
    };
    if (id === 'cores') {
      expect(
        cells.map(([name, ...values], row) => [name, ...values.map((value, n) => shown(value, rows[row]?.[n + 1]))]),
      ).toEqual(rows);
      continue;
    }
    const times = cells.map(([time]) => time);
    expect(times).toEqual([...times].sort());
    expect(new Set(times).size, 'each moment once').toBe(times.length);
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
    // The table shows the newest minute, newest first; the file has all.
    const newest = cells.reverse().slice(0, rows.length);
    expect(newest.map(([time, value], row) => [time.slice(11, 19), shown(value, rows[row]?.[1])])).toEqual(rows);
  }
});

test('the saved picture is a PNG of what is drawn, under a line that says what it is', async ({ page, board }) => {
  await board.open();
  const cpu = board.card('cpu');
  await expect(cpu.canvas).toHaveAttribute('data-painted', '');
  const [width, height] = await cpu.canvas.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]);
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const draw = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
      if (!this.canvas.isConnected) told.push(text);
      return draw.call(this, text, ...rest);
    };
  });
  const { download, bytes } = await saved(page, () => cpu.take('save-png'));
  expect(download.suggestedFilename()).toMatch(/-cpu-\d{4}-\d\d-\d\d-\d{6}\.png$/);
  expect(bytes.subarray(0, 8)).toEqual(PNG);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([width, height + 52]);
  const told = await page.evaluate(() => (window as unknown as { told: string[] }).told);
  expect(told[0]).toMatch(/^CPU, last 5 min: \d+\.\d%/);
  const hostname = await page.getByTestId('hostname').innerText();
  expect(told[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 · /);
  expect(told[1]).toContain(hostname);
});

test('the saved picture stands on the ground of its card, in a dark page too', async ({ page, board }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await board.open();
  const cpu = board.card('cpu');
  await expect(cpu.canvas).toHaveAttribute('data-painted', '');
  const ground = await cpu.box.evaluate((box) => getComputedStyle(box).backgroundColor);
  const { bytes } = await saved(page, () => cpu.take('save-png'));
  const corner = await page.evaluate(async (address) => {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
    pen.drawImage(picture, 0, 0);
    return [...pen.getImageData(picture.width - 1, 0, 1, 1).data.slice(0, 3)];
  }, `data:image/png;base64,${bytes.toString('base64')}`);
  expect(`rgb(${corner.join(', ')})`).toBe(ground);
});

test('arrow keys move a crosshair that all trends share, and speak its values', async ({ page, board }) => {
  await board.open();
  await expect(board.card('cpu').canvas).toHaveAttribute('data-painted', '');
  const [cpu, memory] = [board.card('cpu'), board.card('memory')];
  await cpu.paper.focus();
  await page.keyboard.press('ArrowLeft');
  const tip = cpu.box.locator('.tip');
  await expect(tip).toContainText(/\d\d:\d\d:\d\d/);
  await expect(tip).toContainText(/\d+\.\d%/);
  await expect(memory.box.locator('.tip')).toContainText(/\d\d:\d\d:\d\d/);
  const time = async () => (await tip.locator('.tip__title').innerText()).trim();
  const first = await time();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowLeft');
  expect((await time()) < first).toBe(true);
  await expect(cpu.box.locator('[aria-live="polite"]')).toContainText(await time());
  await page.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);
});

test('a pointer shows the exact values under it', async ({ board }) => {
  await board.open();
  const card = board.card('cores');
  await card.paper.scrollIntoViewIfNeeded();
  // Its bars begin at the left: a wide card is empty at its end.
  await card.paper.hover({ position: { x: 60, y: 60 } });
  await expect(card.box.locator('.tip')).toContainText('User');
  await expect(card.box.locator('.tip')).toContainText(/\d+\.\d%/);
});

test('a legend shows one series alone, and all again', async ({ board }) => {
  await board.open();
  const network = board.card('network');
  const [received, sent] = [/^Received/, /^Sent/].map((name) => network.box.getByRole('button', { name }));
  await received.click();
  await expect(received).toHaveAttribute('aria-pressed', 'true');
  await expect(sent).toHaveAttribute('data-hidden', 'true');
  await received.click();
  await expect(received).toHaveAttribute('aria-pressed', 'false');
  await expect(sent).toHaveAttribute('data-hidden', 'false');
});

test('all trends begin at one place, so that their crosshair is one line', async ({ page, board }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await board.open();
  const cpu = board.card('cpu');
  await cpu.paper.focus();
  await page.keyboard.press('ArrowLeft');
  const left = async (id: string) => Number.parseFloat(await board.card(id).box.locator('.tip').evaluate((tip) => (tip as HTMLElement).style.left));
  const at = await left('cpu');
  for (const id of ['memory', 'network', 'disk-io']) expect(Math.abs((await left(id)) - at), id).toBeLessThanOrEqual(8);
});

test('every chart says in its name what it shows now', async ({ board }) => {
  await board.open();
  for (const id of ['cpu', 'memory', 'disk', 'network', 'disk-io', 'cores']) {
    await expect(board.card(id).paper, id).toHaveAccessibleName(/\d(\.\d)?.?(%|[kMG]?B\/s)/);
  }
});

test('without a line the time axis runs on, and what was not measured is a gap', async ({ context, board, complaints }) => {
  complaints.allow(LINE_LOST);
  await board.open();
  const cpu = board.card('cpu');
  await cpu.moves();
  await context.setOffline(true);
  await board.is('offline');
  const still = await cpu.value.innerText();
  for (let look = 0; look < 2; look += 1) {
    const before = await cpu.picture();
    await expect.poll(() => cpu.picture()).not.toBe(before);
  }
  await expect(cpu.value).toHaveText(still);
});

test('the time range changes what all trends show', async ({ page, board }) => {
  await board.open();
  const cpu = board.card('cpu');
  await expect(cpu.paper).toHaveAccessibleName(/last 5 min/);
  await page.getByTestId('range').getByText('1 min').click();
  await expect(cpu.paper).toHaveAccessibleName(/last 1 min/);
  await expect(board.card('network').paper).toHaveAccessibleName(/last 1 min/);
});

test('a canvas is as sharp as the screen', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ deviceScaleFactor: 2, baseURL });
  const page = await context.newPage();
  await page.goto('/');
  const canvas = page.getByTestId('card-cpu').locator('.plot__canvas');
  await expect(canvas).toHaveAttribute('data-painted', '');
  const ratio = await canvas.evaluate((it: HTMLCanvasElement) => it.width / it.clientWidth);
  expect(ratio).toBeCloseTo(2, 1);
  await context.close();
});

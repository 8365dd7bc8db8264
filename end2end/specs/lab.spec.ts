import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { Lab, TRANSPORTS } from '../fixtures/lab.ts';
import { Proxy } from '../fixtures/proxy.ts';
import { inPieces, Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, LINE_LOST, test } from '../fixtures/test.ts';

const NUMBER = /^(≈ )?\d+(\.\d)?$/;

async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(button).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('every transport is live at once, and each is measured', async ({ page, wire }) => {
  const lab = new Lab(page);
  await lab.open();
  for (const card of lab.cards) {
    await expect(card.status).toHaveText('Connected');
    // How old its updates were is drawn, with half of them and 99 of 100.
    for (const part of ['ages', 'p50', 'p99']) await expect(card.strip(part)).toHaveAttribute('d', /^M\d/);
    for (const id of ['p50', 'p99', 'bytes', 'requests']) await expect(card.figure(id)).toHaveText(NUMBER);
    await expect(card.figure('gaps')).toHaveText('0');
    await expect(card.figure('doubled')).toHaveText('0');
  }
  await lab.goOn(20);
  await lab.isWhole();
  // Each went its own way: two WebSockets, and a request at each of the other addresses.
  const asked = [...wire.sockets, ...wire.asked].map((address) => new URL(address).pathname);
  for (const path of ['/live/ws', '/live/sse', '/live/stream', '/live/long-poll', '/live/poll', '/socket.io/']) {
    expect(asked, path).toContain(path);
  }
  // What the browser hides is marked, and what can be counted is not.
  await expect(lab.card('polling').figure('bytes')).toHaveText(/^≈ /);
  await expect(lab.card('sse').figure('bytes')).toHaveText(/^\d+$/);
  // A line that stays open is one request, and questions are many.
  await expect(lab.card('sse').figure('requests')).toHaveText('1');
  expect(Number(await lab.card('polling').figure('requests').innerText())).toBeGreaterThan(1);
});

test('a card is connected and disconnected alone, and says what it is', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open();
  const [sse, stream] = [lab.card('sse'), lab.card('http_stream')];
  await expect(sse.status).toHaveAttribute('aria-live', 'polite');
  await expect(sse.figure('p50')).toHaveText(NUMBER);
  await sse.disconnect.focus();
  await page.keyboard.press('Enter');
  await expect(sse.status).toHaveText('Disconnected');
  // The button that was pressed is gone; the focus is on the one in its place.
  await expect(sse.connect).toBeFocused();
  await expect(sse.connect).toHaveAccessibleName('Connect Server-Sent Events');
  await expect(stream.status).toHaveText('Connected');
  const figure = await sse.figure('p50').innerText();
  await page.keyboard.press('Enter');
  await expect(sse.status).toHaveText('Connected');
  expect(figure).toMatch(NUMBER);
  // What was published while it was off is not missing.
  await lab.goOn();
  await lab.isWhole();
  await lab.allOff.click();
  for (const card of lab.cards) await expect(card.status).toHaveText('Disconnected');
  await lab.allOn.click();
  await lab.isLive();
});

test('lines that the server closes come back, and nothing is lost or doubled', async ({ page, complaints }) => {
  complaints.allow(LINE_LOST);
  const lab = new Lab(page);
  await lab.open();
  await lab.goOn();
  await lab.cutServer.click();
  await expect(lab.told).toHaveText(/^The server closed \d connections\.$/);
  // Between two questions there is nothing to close.
  for (const id of ['websocket', 'sse', 'http_stream', 'socketio']) {
    await expect(lab.card(id).figure('reconnect')).toHaveText(NUMBER);
  }
  await lab.isLive();
  await lab.goOn();
  await lab.isWhole();
});

test('lines without a network for a while come back, and nothing is lost or doubled', async ({ page, complaints }) => {
  complaints.allow(LINE_LOST);
  const lab = new Lab(page);
  await lab.open();
  await lab.goOn();
  await lab.cutNetwork.click();
  for (const card of lab.cards) await expect(card.status).toHaveText('Offline');
  for (const card of lab.cards) await expect(card.figure('reconnect')).toHaveText(/^\d{4,5}$/, { timeout: 20_000 });
  await lab.isLive();
  await lab.goOn();
  await lab.isWhole();
});

test('the file has what the table shows, in its order', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open();
  await lab.goOn();
  const age = lab.table.getByRole('columnheader', { name: 'Latency p50 (ms)' });
  await expect(age).toHaveAttribute('aria-sort', 'none');
  await age.getByRole('button').click();
  await expect(age).toHaveAttribute('aria-sort', 'ascending');
  await lab.allOff.click();
  // What had come before the last line was closed is shown within a second, and then nothing changes any more.
  await expect
    .poll(async () => {
      const before = await lab.rows();
      const { bytes } = await saved(page, 'lab-csv');
      const after = await lab.rows();
      const file = bytes.toString('utf8');
      const shown = `${after.map((row) => row.join(',')).join('\r\n')}\r\n`;
      return JSON.stringify(before) === JSON.stringify(after) && file === shown;
    })
    .toBe(true);
  const ages = async () => (await lab.rows()).slice(1).map((row) => Number(row[2]));
  const rising = await ages();
  expect(rising).toEqual([...rising].sort((one, other) => one - other));
  await age.getByRole('button').click();
  await expect(age).toHaveAttribute('aria-sort', 'descending');
  const falling = await ages();
  expect(falling).toEqual([...falling].sort((one, other) => other - one));
});

test('the chart of a measure is saved as a picture', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open();
  await lab.goOn();
  const chart = page.getByTestId('lab-comparison');
  await chart.locator('.plot__canvas').scrollIntoViewIfNeeded();
  await expect(chart.locator('.plot__canvas')).toHaveAttribute('data-painted', '');
  await page.getByTestId('lab-measure').getByText('Requests').click();
  await expect(chart.locator('.plot__paper')).toHaveAccessibleName(/^Comparison: Requests, WebSocket \d+, SSE \d+/);
  const { name, bytes } = await saved(page, 'lab-png');
  expect(name).toMatch(/^pulseboard-lab-\d{4}-\d\d-\d\d-\d{6}\.png$/);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
});

test('the sliders change what is published', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open();
  const asked = (rate: number, bytes: number) =>
    page.waitForRequest((request) => {
      if (new URL(request.url()).pathname !== '/api/v1/lab') return false;
      const run = request.postDataJSON();
      return run.rate === rate && run.bytes === bytes;
    });
  const rate = page.getByRole('slider', { name: 'Publish rate' });
  await rate.focus();
  await Promise.all([asked(50, 256), page.keyboard.press('End')]);
  await expect(page.getByTestId('lab-rate-value')).toHaveText('50 per second');
  await expect(rate).toHaveAttribute('aria-valuetext', '50 per second');
  const size = page.getByRole('slider', { name: 'Payload size' });
  await size.focus();
  await Promise.all([asked(50, 16_384), page.keyboard.press('End')]);
  await expect(page.getByTestId('lab-size-value')).toHaveText(/16\.0\sKiB/);
  // Between the large ones come the host's own, which stay as they are.
  const weighs = async () => Number(await lab.card('sse').figure('bytes').innerText());
  await expect.poll(weighs, { timeout: 20_000 }).toBeGreaterThan(8_000);
  await lab.isWhole();
});

test('each transport is told apart in plain words, in a column of its own', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open();
  const facts = page.getByTestId('lab-facts');
  await expect(facts.locator('thead th')).toHaveText(Object.values(TRANSPORTS));
  await expect(facts.locator('tbody th')).toHaveText([
    'Choose it when',
    'Direction',
    'Format',
    'Protocol',
    'After a break',
    'Limits',
  ]);
  for (const cell of await facts.locator('td:not(:empty)').all()) await expect(cell).toHaveText(/\S.*\./);
  await page.getByText('How this is measured').click();
  await expect(page.getByTestId('lab-clocks')).toContainText(/give or take \d+\.\d ms/);
});

test('the least of each measure is marked, and of one line alone nothing is', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open();
  await lab.goOn();
  const marked = () =>
    page.locator('.lane__fact:has(.lane__best) [data-testid]').evaluateAll((all) => all.map((one) => one.getAttribute('data-testid')));
  await expect.poll(marked).toContain('bytes');
  // In the same moment: figures move.
  const isLeast = () =>
    page.evaluate(() => {
      const value = (one: Element) => Number(one.textContent!.replace('≈ ', ''));
      const all = [...document.querySelectorAll('[data-testid="bytes"]')];
      const best = all.find((one) => one.parentElement!.querySelector('.lane__best'));
      return !!best && all.every((one) => value(best) <= value(one));
    });
  await expect.poll(isLeast).toBe(true);
  await lab.allOff.click();
  await lab.card('sse').connect.click();
  await expect(lab.card('sse').status).toHaveText('Connected');
  await expect.poll(marked).toEqual([]);
});

test('the bytes that are shown are those that go over the wire', async ({ browser }) => {
  // What compression saves no browser tells: without it there is nothing to hide.
  const server = await Pulseboard.start({ env: { PULSEBOARD_LIVE__COMPRESSION: 'false' } });
  const proxy = await Proxy.before(server.port);
  const context = await browser.newContext({ baseURL: proxy.url });
  // The page's own line follows no lab; Socket.IO names its topics later.
  const paths = { sse: '/live/sse', http_stream: '/live/stream', long_polling: '/live/long-poll', polling: '/live/poll', websocket: '/live/ws', socketio: '/socket.io/' };
  const carried = (path: string) => {
    const own = [...proxy.carried].filter(([at]) => at.startsWith(path) && (at.includes('lab/') || path === '/socket.io/'));
    return own.reduce((sum, [, bytes]) => sum + bytes, 0);
  };
  const look = () => Object.fromEntries(Object.entries(paths).map(([id, path]) => [id, carried(path)]));
  try {
    const lab = new Lab(await context.newPage());
    await lab.open();
    await lab.goOn(20);
    const [bytes, counts] = [look(), await lab.counts()];
    await lab.goOn(200, 60_000);
    const [then, countsThen] = [look(), await lab.counts()];
    for (const [id, name] of Object.entries(TRANSPORTS)) {
      const truth = (then[id] - bytes[id]) / (countsThen[name].updates - counts[name].updates);
      const shown = Number((await lab.card(id).figure('bytes').innerText()).replace('≈ ', ''));
      expect(Math.abs(shown / truth - 1), `${name}: ${shown} is shown, ${truth} went over the wire`).toBeLessThan(0.2);
    }
  } finally {
    await context.close();
    await proxy.close();
    await server.stop();
  }
});

test('the lab is downloaded by those who open it, and where it cannot be had the page says so', async ({
  page,
  board,
  complaints,
}) => {
  test.skip(!inPieces, 'this build left the WebAssembly in one piece');
  // What fails says its id in the console, too.
  complaints.allow(/split_lab|Failed to fetch|trouble 0-/);
  let [asked, away] = [0, true];
  await page.route('**/pkg/**/split_lab*.wasm', async (route) => {
    asked += 1;
    await (away ? route.abort() : route.continue());
  });
  await board.open();
  expect(asked, 'requests of a page that is not the lab').toBe(0);
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  const missing = page.locator('.trouble--page');
  await expect(missing).toBeVisible();
  expect(await violations(page)).toEqual([]);
  away = false;
  await missing.getByRole('button').click();
  await new Lab(page).isLive();
});

test('whoever leaves the lab takes its lines along', async ({ page, board }) => {
  const sockets: { closed: boolean; path: string }[] = [];
  page.on('websocket', (socket) => {
    const entry = { closed: false, path: new URL(socket.url()).pathname };
    socket.on('close', () => (entry.closed = true));
    sockets.push(entry);
  });
  const lab = new Lab(page);
  await lab.open();
  await board.is('live');
  // One of them is the page's own, which stays.
  expect(sockets.map((socket) => socket.path).sort()).toEqual(['/live/ws', '/live/ws', '/socket.io/']);
  await page.getByRole('link', { name: 'Overview' }).click();
  await board.is('live');
  await expect.poll(() => sockets.filter((socket) => !socket.closed).map((socket) => socket.path)).toEqual(['/live/ws']);
  // And comes back to it without another download.
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await lab.isLive();
});

test('a page of the lab that is none is answered with 404', async ({ page, complaints }) => {
  complaints.allow(/status of 404/);
  const answer = await page.goto('/lab/nowhere');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no page at this address');
});

test('without JavaScript the page has its frame, its title and the reason', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  expect((await page.goto('/lab'))?.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Lab');
  await expect(page.locator('noscript .notice')).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(2);
  await context.close();
});

test('where a line and a plain question wait as well, the page tells of the six connections of HTTP/1.1', async ({
  page,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  network.swallows = /^GET \/(live\/sse|api\/v1\/lab\/clock)/;
  const lab = new Lab(page);
  await page.goto(`${network.url}/lab`);
  await expect(lab.card('http_stream').status).toHaveText('Connected', { timeout: 20_000 });
  const starved = page.getByTestId('lab-starved');
  await expect(starved).toContainText('at most six', { timeout: 20_000 });
  network.swallows = undefined;
  await expect(starved).toHaveCount(0, { timeout: 20_000 });
  await lab.isLive();
});

test('a link to a place in the page leaves the lab as it is', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open();
  await page.getByRole('link', { name: 'Skip to content' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#main$/);
  await lab.goOn();
  await lab.card('sse').disconnect.click();
  await expect(lab.card('sse').status).toHaveText('Disconnected');
  await lab.card('sse').box.getByTestId('strip').hover();
});

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing in the lab (${theme}, ${lang})`, async ({ page, context, baseURL }) => {
    await wear(context, baseURL!, { theme, lang });
    const lab = new Lab(page);
    await lab.open();
    expect(await violations(page)).toEqual([]);
    await page.getByText(/^(How this is measured|측정 방법)$/).click();
    await lab.allOff.click();
    await expect(lab.card('polling').box).toHaveAttribute('data-state', 'stopped');
    expect(await violations(page), 'all off').toEqual([]);
  });
}

for (const width of [360, 768, 1280, 1920]) {
  test(`the lab fits into ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    const lab = new Lab(page);
    await lab.open();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow).toBe(0);
    if (width === 360) expect(await violations(page)).toEqual([]);
  });
}

test('everything in the lab is reached and done by keyboard', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open();
  await page.getByRole('link', { name: 'Skip to content' }).focus();
  await page.keyboard.press('Enter');
  const stops: string[] = [];
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const here = document.activeElement as HTMLElement;
      if (here === document.body) return undefined;
      const ring = [here, here.parentElement!].some((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
      });
      return { name: here.getAttribute('data-testid') ?? here.className, ring };
    });
    if (!stop) break;
    expect(stop, stop.name).toMatchObject({ ring: true });
    stops.push(stop.name);
  }
  expect(stops).toEqual(
    expect.arrayContaining([
      'tabs__link',
      'lab-all-on',
      'lab-all-off',
      'lab-rate',
      'lab-size',
      'lab-cut-server',
      'lab-cut-network',
      'disconnect',
      'lab-csv',
      'lab-png',
      'sort',
    ]),
  );
  expect(stops.filter((stop) => stop === 'disconnect')).toHaveLength(6);
});

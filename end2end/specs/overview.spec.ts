import { wear } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';

test('values change while one looks', async ({ page, board }) => {
  await board.open();
  const values = () => page.getByTestId('value').allInnerTexts();
  for (let look = 0; look < 3; look += 1) {
    const before = await values();
    await expect.poll(values).not.toEqual(before);
  }
});

test('trends go on while one looks', async ({ board }) => {
  await board.open();
  for (const id of ['cpu', 'memory', 'disk', 'network']) await board.card(id).moves();
});

test('the page shows what the server has measured, and nothing else', async ({ board, wire }) => {
  await board.open();
  const measured = () => wire.samples('host/local/metrics').map(({ values }) => values['cpu.total']);
  await expect.poll(() => measured().length).toBeGreaterThan(4);
  for (let look = 0; look < 5; look += 1) {
    await board.card('cpu').moves();
    const shown = await board.card('cpu').number();
    // It shows one decimal: half of one more is as near as a measurement can be told.
    expect(Math.min(...measured().map((value) => Math.abs(value - shown)))).toBeLessThan(0.0501);
  }
});

test('a card that is disconnected says so, keeps its number and stops moving', async ({ board }) => {
  await board.open();
  const [cpu, memory] = [board.card('cpu'), board.card('memory')];
  await expect(cpu.status).toHaveText('Connected');
  const bright = await cpu.value.evaluate((value) => getComputedStyle(value).color);
  await cpu.disconnect();
  await expect(cpu.status).toHaveText('Disconnected');
  await expect(cpu.box).toHaveAttribute('data-state', 'stopped');
  await expect(cpu.value).not.toHaveCSS('color', bright);
  const kept = await cpu.value.innerText();
  expect(kept).toMatch(/^\d+\.\d\s*%$/);
  const drawn = await cpu.picture();
  // The others go on: by the time the next card has moved twice, this one would have moved, too.
  await expect(memory.status).toHaveText('Connected');
  await memory.moves();
  await memory.moves();
  await expect(cpu.value).toHaveText(kept);
  expect(await cpu.picture()).toBe(drawn);
  await board.is('live');
});

test('a card that is connected again moves again', async ({ board }) => {
  await board.open();
  const cpu = board.card('cpu');
  await cpu.disconnect();
  await expect(cpu.status).toHaveText('Disconnected');
  await cpu.connect();
  await expect(cpu.status).toHaveText('Connected');
  await cpu.moves();
});

test('everything can be disconnected and connected at once', async ({ page, board, wire }) => {
  await board.open();
  await board.disconnectAll.click();
  await board.is('stopped');
  await expect(page.getByTestId('status').filter({ hasText: 'Disconnected' })).toHaveCount(
    await page.getByTestId('status').count(),
  );
  await expect(board.disconnectAll).toBeHidden();
  const silent = wire.frames.length;
  await expect(board.card('cpu').value).toHaveText(/\d/);
  await board.connectAll.click();
  await board.is('live');
  await expect(page.getByTestId('status').filter({ hasText: 'Disconnected' })).toHaveCount(0);
  await expect.poll(() => wire.frames.length).toBeGreaterThan(silent);
  await board.card('cpu').moves();
});

test('after everything was disconnected, one card can be connected alone', async ({ page, board, wire }) => {
  await board.open();
  await board.disconnectAll.click();
  await board.is('stopped');
  const cpu = board.card('cpu');
  await cpu.connect();
  await expect(cpu.status).toHaveText('Connected');
  await cpu.moves();
  await expect(board.card('memory').status).toHaveText('Disconnected');
  await expect(page.getByTestId('status').filter({ hasText: /^Connected$/ })).toHaveCount(1);
  // Besides what the page asks for in any case: the reader's notices.
  const topics = new URL(wire.sockets.at(-1)!).searchParams.get('topics')!.split(',');
  expect(topics.filter((topic) => !topic.startsWith('notices/'))).toEqual(['host/local/metrics']);
});

test('a card tells the four states in Korean', async ({ page, context, board, baseURL }) => {
  await wear(context, baseURL!, { lang: 'ko' });
  const cpu = board.card('cpu');
  // Before a script has run, nothing is connected, and the page says so.
  const html = await (await page.request.get('/')).text();
  expect(html).toContain('연결 대기 중');
  expect(html).not.toContain('연결됨');
  await board.open();
  await expect(cpu.status).toHaveText('연결됨');
  await cpu.disconnect();
  await expect(cpu.status).toHaveText('연결 해제됨');
  await cpu.connect();
  await expect(cpu.status).toHaveText('연결됨');
});

test('a card that is well says nothing of its connection, and one that was stopped does', async ({ board }) => {
  await board.open();
  const [cpu, memory] = [board.card('cpu'), board.card('memory')];
  await cpu.disconnect();
  const shown = (card: typeof cpu) => card.box.locator('.card__status').evaluate((it) => it.clientWidth > 1);
  await expect.poll(() => shown(cpu)).toBe(true);
  expect(await shown(memory)).toBe(false);
  // Its tile is the same numbers.
  await expect(board.page.getByTestId('tile-cpu')).toHaveAttribute('data-state', 'stopped');
  await expect(board.page.getByTestId('tile-memory')).toHaveAttribute('data-state', 'live');
});

test('the first screen of a laptop has all that changes', async ({ page, board }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await board.open();
  for (const id of ['cpu', 'memory', 'disk', 'network']) {
    await expect(page.getByTestId(`tile-${id}`)).toBeInViewport({ ratio: 1 });
  }
  for (const id of ['cpu', 'memory', 'disk', 'network', 'disk-io']) {
    await expect(board.card(id).paper).toBeInViewport({ ratio: 1 });
  }
});

test('a list of programs is sorted by its heads, and stands still under the pointer', async ({ page, board }) => {
  await board.open();
  const { box } = board.card('processes');
  const pids = () => box.locator('tbody td.table__extra').allInnerTexts();
  await box.getByTestId('sort-memory').click();
  await expect(box.locator('th[aria-sort="descending"]')).toContainText('Memory');
  const rows = box.locator('tbody tr');
  await rows.first().hover();
  const held = await pids();
  // Three lists later the rows are the same ones.
  const numbers = () => rows.locator('td:nth-child(2)').allInnerTexts();
  for (let look = 0; look < 3; look += 1) {
    const before = await numbers();
    await expect.poll(numbers).not.toEqual(before);
  }
  expect(await pids()).toEqual(held);
  await expect(box).toContainText('% of one core');
});

test('a pause of the reader\'s own is no loss, or one of its true length', async ({ board }) => {
  await board.open();
  await board.disconnectAll.click();
  // Longer than the server keeps entries of this topic.
  await expect(board.card('cpu').age).toHaveText(/\b1\d s ago$/, { timeout: 15_000 });
  await board.connectAll.click();
  await board.is('live');
  await board.card('cpu').moves();
  for (const sentence of await board.told()) expect(sentence).toMatch(/^Reconnected after (9|1\d) s\./);
});

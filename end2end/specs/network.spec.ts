import { expect, LINE_LOST, test } from '../fixtures/test.ts';

test('without a network the page says so, keeps its numbers, and comes back', async ({
  page,
  context,
  board,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  await board.open();
  const cpu = board.card('cpu');
  await context.setOffline(true);
  await board.is('offline', 5_000);
  await expect(board.badge).toContainText('Offline');
  // One word for one state.
  await expect(cpu.status).toHaveText('Offline');
  await expect(page).toHaveTitle(/^Offline · /);
  await expect(page.getByTestId('verdict')).toHaveText('Showing the last known values');
  await expect(cpu.box).toHaveAttribute('data-state', 'lost');
  await expect(cpu.value).toHaveText(/^\d+\.\d\s*%$/);
  await expect(cpu.age).toHaveText(/\b[3-9] s ago$/);
  await context.setOffline(false);
  await board.is('live', 5_000);
  await cpu.moves();
  const [sentence] = await board.told();
  expect(sentence).toMatch(/^Reconnected after \d+ s\. Nothing is missing\.$/);
});

test('what was measured while the network was gone is in the trend afterwards', async ({
  context,
  board,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  await board.open();
  const cpu = board.card('cpu');
  await context.setOffline(true);
  await board.is('offline');
  await expect(cpu.age).toHaveText(/\b1\d s ago$/, { timeout: 15_000 });
  await context.setOffline(false);
  await board.is('live');
  await cpu.moves();
  await cpu.take('table');
  // Two rows a second, without a hole: the table has the last half minute and the outage is in it.
  const seconds = async () => {
    const times = await cpu.table.locator('tbody th').allInnerTexts();
    return times.map((time) => Date.parse(`1970-01-01T${time}Z`) / 1000);
  };
  await expect
    .poll(async () => {
      const at = await seconds();
      return Math.max(...at.slice(1).map((second, index) => (at[index] - second + 86_400) % 86_400));
    })
    .toBeLessThanOrEqual(2);
});

test('a line that is slow is live, with its true round trip', async ({ board, network, complaints }) => {
  complaints.allow(LINE_LOST);
  await board.open(network.url);
  network.latencyMs = 400;
  await board.disconnectAll.click();
  await board.connectAll.click();
  await board.is('live');
  // There and back.
  const quick = async () => Number(/(\d+) ms/.exec(await board.badge.innerText())?.[1]);
  await expect.poll(() => quick().then((ms) => ms >= 800 && ms < 3_000)).toBe(true);
  await board.card('cpu').moves();
  await board.is('live');
});

test('a line that stalls is first delayed, then stale, and then live without a reconnection', async ({
  board,
  wire,
  network,
}) => {
  // A machine that is slow is no reason to change it.
  await board.prefers('websocket');
  await board.open(network.url);
  const cpu = board.card('cpu');
  network.stall();
  await board.is('delayed', 5_000);
  await expect(board.badge).toContainText('Delayed');
  await expect(cpu.status).toHaveText('Connected');
  await expect(cpu.age).toHaveText(/Delayed · \d+ s ago/);
  await board.is('stale', 12_000);
  await expect(cpu.box).toHaveAttribute('data-state', 'stale');
  await expect(cpu.age).toHaveText(/Stale · \d\d s ago/);
  await expect(cpu.value).toHaveText(/^\d+\.\d\s*%$/);
  network.flow();
  await board.is('live', 3_000);
  await cpu.moves();
  expect(wire.sockets).toHaveLength(1);
  expect(await board.told()).toEqual([]);
});

test('a line that is dead without having been closed is given up and opened anew', async ({
  board,
  wire,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  // A machine that is slow is no reason to change it.
  await board.prefers('websocket');
  await board.open(network.url);
  network.stall();
  await board.is('stale', 15_000);
  await expect(board.badge).toHaveAttribute('data-state', /reconnecting|offline/, { timeout: 10_000 });
  network.flow();
  await board.is('live', 10_000);
  expect(wire.sockets.length).toBeGreaterThan(1);
});

test('a line that is cut again and again is live again each time', async ({ board, wire, network, complaints }) => {
  complaints.allow(LINE_LOST);
  // A machine that is slow is no reason to change it.
  await board.prefers('websocket');
  await board.open(network.url);
  for (let times = 1; times <= 3; times += 1) {
    network.cut();
    await expect.poll(() => wire.of('welcome').length).toBe(times + 1);
    await board.is('live', 5_000);
  }
  expect(wire.of('welcome').map((frame) => frame.verdict)).toEqual(['new', 'resumed', 'resumed', 'resumed']);
  const told = await board.told();
  expect(told).toHaveLength(3);
  for (const sentence of told) expect(sentence).toMatch(/Nothing is missing\.$/);
});

test('what a reader stopped stays stopped when the network comes back', async ({ context, board, wire }) => {
  // A machine that is slow is no reason to change it.
  await board.prefers('websocket');
  await board.open();
  await board.disconnectAll.click();
  await board.is('stopped');
  await context.setOffline(true);
  await context.setOffline(false);
  await board.is('stopped');
  expect(wire.sockets).toHaveLength(1);
});

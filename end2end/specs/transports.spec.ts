import { type Card, expect, LINE_LOST, test, type Wire } from '../fixtures/test.ts';

/** The catalog: what people call a transport, and where the server offers it. */
const TRANSPORTS = {
  WebSocket: '/live/ws',
  'Server-Sent Events': '/live/sse',
  'HTTP streaming': '/live/stream',
  'Long polling': '/live/long-poll',
  Polling: '/live/poll',
  'Socket.IO': '/socket.io/',
};

/** A server that is just stopping turns questions away, which browsers write down as an error. */
const TURNED_AWAY = /Failed to load resource: the server responded with a status of 503/;

/** How often a transport was asked for. */
function asked(wire: Wire, path: string): number {
  return [...wire.sockets, ...wire.asked].filter((address) => new URL(address).pathname === path).length;
}

/** A measurement comes twice a second: more rows of one second would be told twice. */
async function isToldOnce(card: Card): Promise<void> {
  await card.take('table');
  const rows = card.table.locator('tbody th');
  await expect.poll(() => rows.count()).toBeGreaterThan(4);
  const times = await rows.allInnerTexts();
  for (const time of times) expect(times.filter((other) => other === time).length, time).toBeLessThanOrEqual(3);
}

test('a reader has the choice of every transport there is', async ({ page, board }) => {
  await board.open();
  await board.badge.click();
  const choices = page.getByTestId('transports').getByRole('radio');
  const names = ['Automatic', ...Object.keys(TRANSPORTS)];
  await expect(choices).toHaveCount(names.length);
  for (const name of names) {
    await expect(page.getByRole('radio', { name, exact: true })).toBeVisible();
  }
});

for (const [name, path] of Object.entries(TRANSPORTS)) {
  test(`${name}: cut, and without a network for a while, it misses and doubles nothing`, async ({
    context,
    board,
    wire,
    network,
    complaints,
  }) => {
    complaints.allow(LINE_LOST);
    await board.open(network.url);
    await board.choose(name);
    await expect.poll(() => asked(wire, path)).toBeGreaterThan(0);
    await board.card('cpu').moves();
    network.cut();
    await board.card('cpu').moves();
    await board.is('live');
    await context.setOffline(true);
    await board.is('offline');
    await context.setOffline(false);
    await board.is('live');
    await board.card('cpu').moves();
    await expect(board.badge).toContainText(name);
    const told = await board.told();
    expect(told.length).toBeGreaterThan(0);
    for (const sentence of told) expect(sentence).toMatch(/Nothing is missing\.$/);
    await board.page.keyboard.press('Escape');
    await isToldOnce(board.card('cpu'));
  });

  test(`${name}: chosen, it carries the page, and comes back to a server that was killed: nothing is missing or doubled`, async ({
    board,
    wire,
    server,
    complaints,
  }) => {
    complaints.allow(LINE_LOST);
    complaints.allow(TURNED_AWAY);
    await board.open();
    const before = asked(wire, path);
    await board.choose(name);
    await expect(board.badge).toContainText(name);
    if (name !== 'WebSocket') await expect.poll(() => asked(wire, path)).toBeGreaterThan(before);
    await board.is('live');
    // What was on its way over the socket comes before that.
    await board.card('cpu').moves();
    const frames = wire.frames.length;
    await board.card('cpu').moves();
    await board.card('cpu').moves();
    // The socket that was open before has fallen silent.
    if (name !== 'WebSocket') expect(wire.frames.length).toBe(frames);
    expect(await board.told()).toEqual([]);
    await board.page.keyboard.press('Escape');
    await server.kill9();
    await expect(board.badge).toHaveAttribute('data-state', /reconnecting|offline/);
    await server.revive();
    await board.is('live');
    await board.card('cpu').moves();
    const [sentence, ...others] = await board.told();
    expect(sentence).toMatch(/Nothing is missing\.$/);
    expect(others).toEqual([]);
    await board.page.keyboard.press('Escape');
    await server.restart();
    await board.card('cpu').moves();
    await board.is('live');
    await expect(board.badge).toContainText(name);
    await isToldOnce(board.card('cpu'));
  });
}

test('where nothing but plain questions gets through, the page comes to them by itself', async ({
  board,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  complaints.allow(/Failed to load resource: the server responded with a status of 403/);
  network.refusesUpgrades = true;
  network.refuses = /^GET \/live\/(sse|stream|long-poll)\?/;
  await board.visit(network.url);
  await expect(board.badge).toContainText('Polling', { timeout: 60_000 });
  await board.is('live');
  await board.card('cpu').moves();
  const [last, ...others] = await board.told();
  expect(last).toBe('Long polling did not get through. The page uses Polling.');
  expect(others).toHaveLength(3);
});

test('Socket.IO goes by questions where no WebSocket gets through', async ({ context, board, wire, network, complaints }) => {
  complaints.allow(LINE_LOST);
  await board.open(network.url);
  network.refusesUpgrades = true;
  await board.choose('Socket.IO');
  const carried = () => wire.asked.filter((address) => address.includes('transport=polling&sid=')).length;
  await expect.poll(carried).toBeGreaterThan(1);
  await board.is('live');
  await board.card('cpu').moves();
  await expect(board.badge).toContainText(/\d+ ms/);
  await context.setOffline(true);
  await board.is('offline');
  await context.setOffline(false);
  await board.is('live');
  await board.card('cpu').moves();
  await expect(board.badge).toContainText('Socket.IO');
  const [sentence, ...others] = await board.told();
  expect(sentence).toMatch(/Nothing is missing\.$/);
  expect(others).toEqual([]);
});

test('a hidden page asks less often, and at once when it is shown', async ({ page, board }) => {
  const question = () => page.waitForRequest((request) => new URL(request.url()).pathname === TRANSPORTS.Polling);
  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await board.open();
  await board.choose('Polling');
  await question();
  await hide(true);
  // The wait that was under way is still a short one.
  await question();
  let began = Date.now();
  await question();
  expect(Date.now() - began).toBeGreaterThan(3_000);
  began = Date.now();
  await Promise.all([question(), hide(false)]);
  expect(Date.now() - began).toBeLessThan(2_000);
  await board.card('cpu').moves();
  expect(await board.told()).toEqual([]);
});

import { expect, LINE_LOST, test } from '../fixtures/test.ts';

test('the first transport is WebSocket, and the badge measures its round trip', async ({ page, board, wire }) => {
  await board.open();
  expect(wire.sockets).toHaveLength(1);
  expect(wire.streams).toHaveLength(0);
  await expect(board.badge).toContainText('WebSocket');
  await expect(board.badge).toContainText(/\d+ ms/);
  await board.badge.click();
  await expect(page.getByRole('radio', { name: 'WebSocket' })).toBeChecked();
});

test('a reader can change to Server-Sent Events and back, and numbers flow on each', async ({ board, wire }) => {
  await board.open();
  await board.choose('Server-Sent Events');
  await expect(board.badge).toContainText('Server-Sent Events');
  await expect.poll(() => wire.streams.length).toBe(1);
  expect(new URL(wire.streams[0]).pathname).toBe('/live/sse');
  await board.is('live');
  const frames = wire.frames.length;
  await board.card('cpu').moves();
  await board.card('cpu').moves();
  // None of that came over the socket.
  expect(wire.frames.length).toBe(frames);

  await board.choose('WebSocket');
  await expect(board.badge).toContainText('WebSocket');
  await expect.poll(() => wire.sockets.length).toBe(2);
  await board.is('live');
  await board.card('cpu').moves();
  expect(wire.frames.length).toBeGreaterThan(frames);
  expect(await board.told()).toEqual([]);
});

test('the choice of a transport is remembered', async ({ page, board, wire }) => {
  await board.open();
  await board.choose('Server-Sent Events');
  await board.is('live');
  const before = wire.sockets.length;
  await page.reload();
  await board.hydrated();
  await board.is('live');
  await expect(board.badge).toContainText('Server-Sent Events');
  expect(wire.sockets.length).toBe(before);
});

test('a change of transport loses nothing: it goes on from the same place', async ({ board, wire }) => {
  await board.open();
  await expect.poll(() => wire.samples('host/local/metrics').length).toBeGreaterThan(2);
  await board.choose('Server-Sent Events');
  await expect.poll(() => wire.streams.length).toBe(1);
  expect(new URL(wire.streams[0]).searchParams.get('since')).toMatch(/\d/);
  await board.is('live');
  expect(await board.told()).toEqual([]);
});

test('where WebSocket does not get through, the page uses Server-Sent Events and says so', async ({
  page,
  board,
  wire,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  network.refusesUpgrades = true;
  await board.visit(network.url);
  await board.is('live', 20_000);
  await expect(board.badge).toContainText('Server-Sent Events');
  expect(wire.streams).toHaveLength(1);
  await board.card('cpu').moves();
  const sentence = 'WebSocket did not get through. The page uses Server-Sent Events.';
  expect(await board.told()).toEqual([sentence]);
  await page.keyboard.press('Escape');
  await board.badge.click();
  await expect(page.locator('#connection')).toContainText('WebSocket did not get through after 2 tries');
});

test('two tabs are live side by side', async ({ context, board }) => {
  await board.open();
  const second = await context.newPage();
  await second.goto('/');
  await expect(second.getByTestId('badge')).toHaveAttribute('data-state', 'live');
  await expect(second.getByTestId('card-cpu').getByTestId('status')).toHaveText('Connected');
  await second.close();
  await board.page.bringToFront();
  await board.card('cpu').moves();
});

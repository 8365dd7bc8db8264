import { wear } from '../fixtures/axe.ts';
import { expect, LINE_LOST, test } from '../fixtures/test.ts';

test('the first transport is WebSocket, and the badge measures its round trip', async ({ page, board, wire }) => {
  await board.open();
  expect(wire.sockets).toHaveLength(1);
  expect(wire.streams).toHaveLength(0);
  await expect(board.badge).toContainText('WebSocket');
  await expect(board.badge).toContainText(/\d+ ms/);
  await board.badge.click();
  await expect(page.getByRole('radio', { name: 'Automatic' })).toBeChecked();
});

test('a reader can change to Server-Sent Events and back, and numbers flow on each', async ({ board, wire }) => {
  await board.open();
  await board.choose('Server-Sent Events');
  await expect(board.badge).toContainText('Server-Sent Events');
  await expect.poll(() => wire.streams.length).toBe(1);
  expect(new URL(wire.streams[0]).pathname).toBe('/live/sse');
  await board.is('live');
  // What was on its way over the socket comes before that.
  await board.card('cpu').moves();
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
  await expect.poll(() => wire.frames.length).toBeGreaterThan(frames);
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
  await expect(page.locator('#connection')).toContainText(
    /WebSocket blocked after [2-9] tries: refused on the way\. Using Server-Sent Events\./,
  );
});

test('what answers for a transport on the way is named, in the language of the page', async ({
  page,
  context,
  board,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  complaints.allow(/status of 403/);
  await wear(context, network.url, { lang: 'ko' });
  network.refuses = /^[A-Z]+ \/live\/ws/;
  await board.visit(network.url);
  await expect(board.badge).toContainText('Server-Sent Events');
  await board.is('live');
  await board.badge.click();
  await expect(page.locator('#connection')).toContainText(
    /WebSocket 연결 막힘\([2-9]회 시도\): 거부됨\(403\)\. Server-Sent Events 방식을 사용합니다\./,
  );
});

/** On a machine that does other things; that it decides within seconds is the engine's tests' to say, which have their own time. */
const DECIDED = { timeout: 15_000 };

test('where WebSocket is met with silence, the page has decided within seconds', async ({
  page,
  board,
  network,
  complaints,
}) => {
  complaints.allow(/closed before the connection is established/);
  network.swallows = /^GET \/live\/ws/;
  await board.visit(network.url);
  await expect(board.badge).toContainText('Server-Sent Events', DECIDED);
  await board.is('live');
  await board.badge.click();
  await expect(page.locator('#connection')).toContainText(
    'WebSocket blocked: no word from the server in time. Using Server-Sent Events.',
  );
});

test('where a proxy holds back answers that go on, the page asks for whole ones', async ({
  board,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  network.refusesUpgrades = true;
  network.buffers = /^GET \/live\/(sse|stream)/;
  await board.visit(network.url);
  await expect(board.badge).toContainText('Long polling', DECIDED);
  await board.is('live');
  await board.card('cpu').moves();
});

test('a transport that gets through again is taken up, and nobody sees the change', async ({
  page,
  board,
  wire,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  network.refusesUpgrades = true;
  await board.visit(network.url);
  await expect(board.badge).toContainText('Server-Sent Events');
  await board.is('live');
  await page.evaluate(() => {
    const seen: (string | undefined)[] = [];
    const badge = document.querySelector<HTMLElement>('[data-testid="badge"]')!;
    new MutationObserver(() => seen.push(badge.dataset.state)).observe(badge, { attributeFilter: ['data-state'] });
    Reflect.set(window, 'seen', seen);
  });
  network.refusesUpgrades = false;
  await expect(board.badge).toContainText('WebSocket', { timeout: 45_000 });
  await board.is('live');
  expect(wire.frames[0]).toMatchObject({ type: 'welcome' });
  await expect.poll(() => wire.of('welcome').at(-1)?.verdict).toBe('resumed');
  await board.card('cpu').moves();
  expect(await page.evaluate(() => Reflect.get(window, 'seen'))).toEqual([]);
  expect(await board.told()).toEqual([
    'WebSocket gets through again. The page uses it instead of Server-Sent Events.',
    'WebSocket did not get through. The page uses Server-Sent Events.',
  ]);
});

test('a pinned transport is kept, and leaving the choice to the page mends what it broke', async ({
  page,
  board,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  await board.open(network.url);
  await board.choose('WebSocket');
  network.refusesUpgrades = true;
  network.cut();
  await board.badge.click();
  await expect(page.locator('#connection')).toContainText(/WebSocket blocked after \d+ tries: refused on the way\./);
  await expect(page.locator('#connection')).toContainText('The transport that you chose does not get through.');
  await expect(board.badge).toContainText('WebSocket');
  await page.reload();
  await board.hydrated();
  await expect(board.badge).toContainText('WebSocket');
  await board.choose('Automatic');
  await expect(board.badge).toContainText('Server-Sent Events', DECIDED);
  await board.is('live');
});

import { Board, expect, LINE_LOST, test as base, Wire } from '../fixtures/test.ts';

/** From the port's first answer to a live page, milliseconds. */
const BACK = 5_000;

const test = base.extend<{ streaming: Board }>({
  /** A page on Server-Sent Events, in a browser of its own: the tabs of one have one line. */
  streaming: async ({ browser, baseURL }, use) => {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    const [board, wire] = [new Board(page), new Wire(page)];
    await board.open();
    await board.choose('Server-Sent Events');
    // The badge stays live during the change, and the socket's last number may still be drawn: so, two numbers.
    await expect.poll(() => wire.streams.length).toBe(1);
    await board.card('cpu').moves();
    await board.card('cpu').moves();
    await use(board);
    await context.close();
  },
});

/** Resolves when the port answers. */
async function answers(url: string): Promise<void> {
  await expect
    .poll(() => fetch(new URL('/healthz', url)).then((answer) => answer.status, () => 0), { intervals: [20] })
    .toBe(200);
}

/** All boards live again within five seconds from now, each by itself. */
async function allBack(boards: Board[]): Promise<void> {
  const began = Date.now();
  await Promise.all(boards.map((board) => board.is('live', BACK)));
  expect(Date.now() - began).toBeLessThan(BACK);
  await Promise.all(boards.map((board) => board.card('cpu').moves()));
}

test('after kill -9 every open page is live again by itself within 5 s of the port answering', async ({
  streaming,
  context,
  board,
  server,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  await board.open();
  const boards = [board, streaming, new Board(await context.newPage())];
  await boards[2].open();
  await server.kill9();
  await Promise.all(boards.map((each) => expect(each.badge).toHaveAttribute('data-state', /reconnecting|offline/)));
  await server.revive();
  await answers(server.url);
  await allBack(boards);
});

test('after a long outage every page is back as fast, with its numbers kept meanwhile', async ({
  streaming,
  board,
  server,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  await board.open();
  const boards = [board, streaming];
  await server.kill9();
  await Promise.all(boards.map((each) => each.is('offline', 15_000)));
  for (const each of boards) {
    await expect(each.card('cpu').value).toHaveText(/^\d+\.\d\s*%$/);
    await expect(each.card('cpu').status).toHaveText('Offline');
    await expect(each.card('cpu').age).toHaveText(/\d+ s ago/);
  }
  await server.revive();
  await answers(server.url);
  await allBack(boards);
});

/** The one notice of each board, once it is unread: it begins with how long the page was away, from `began` until now. */
async function toldOnce(boards: Board[], began: number): Promise<string[]> {
  const away = Math.round((Date.now() - began) / 1000);
  const sentences: string[] = [];
  for (const each of boards) {
    await expect(each.bell).toHaveAccessibleName('Notices: 1 unread');
    const [sentence, ...others] = await each.told();
    expect(others).toEqual([]);
    const told = Number(/^Reconnected after (\d+) s\./.exec(sentence)?.[1]);
    expect(told, sentence).toBeGreaterThanOrEqual(4);
    expect(told, sentence).toBeLessThanOrEqual(away + 1);
    await each.page.keyboard.press('Escape');
    await expect(each.bell).toHaveAccessibleName('Notices');
    sentences.push(sentence);
  }
  return sentences;
}

test('after kill -9 the log goes on where it was, and the page says that nothing is missing', async ({
  streaming,
  board,
  wire,
  server,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  // A machine that is slow is no reason to change it.
  await board.prefers('websocket');
  await board.open();
  const boards = [board, streaming];
  await server.kill9();
  const began = Date.now();
  await board.is('offline', 15_000);
  await server.revive();
  await answers(server.url);
  await allBack(boards);
  expect(wire.of('welcome').map((frame) => frame.verdict)).toEqual(['new', 'resumed']);
  expect(wire.of('gap')).toEqual([]);
  for (const sentence of await toldOnce(boards, began)) expect(sentence).toContain('Nothing is missing.');
});

test('when the log was lost with the server, the page says truthfully what it missed', async ({
  streaming,
  board,
  wire,
  server,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  // A machine that is slow is no reason to change it.
  await board.prefers('websocket');
  await board.open();
  const boards = [board, streaming];
  await server.kill9();
  const began = Date.now();
  await server.loseLog();
  await board.is('offline', 15_000);
  await server.revive();
  await answers(server.url);
  await allBack(boards);
  expect(wire.of('welcome').map((frame) => frame.verdict)).toEqual(['new', 'gap']);
  expect(wire.of('gap').map((frame) => frame.reason)).toEqual(['restarted']);
  for (const sentence of await toldOnce(boards, began)) {
    expect(sentence).toContain('Some entries are missing: the server has restarted');
    expect(sentence).toContain('host/local/metrics');
  }
});

test('a restart for an update is survived in the same way', async ({ streaming, board, server, complaints }) => {
  complaints.allow(LINE_LOST);
  await board.open();
  const boards = [board, streaming];
  await server.restart();
  await answers(server.url);
  await allBack(boards);
  for (const each of boards) {
    const [sentence] = await each.told();
    expect(sentence).toContain('Nothing is missing.');
    await each.page.keyboard.press('Escape');
  }
});

test('a server lost in the middle of a change of transport is told with the true length, too', async ({
  board,
  server,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  await board.open(network.url);
  network.stall();
  await board.choose('Server-Sent Events');
  await server.kill9();
  network.cut();
  network.flow();
  await board.is('offline', 15_000);
  await server.revive();
  await board.is('live', BACK);
  const [sentence] = await board.told();
  expect(sentence).toMatch(/^Reconnected after [1-9]\d* s\. Nothing is missing\.$/);
});

test('who does not want to wait can retry at once', async ({ page, board, server, complaints }) => {
  complaints.allow(LINE_LOST);
  // Chance would make some waits too short to be seen.
  await page.addInitScript(() => (Math.random = () => 0.999));
  await page.clock.install();
  await board.open();
  await server.kill9();
  await board.is('offline', 15_000);
  await board.badge.click();
  await expect(page.locator('#connection')).toContainText(/Attempt \d+, next try in [23] s/);
  // From here on no time passes in the page: it cannot come back by itself.
  await page.clock.pauseAt(Date.now() + 200);
  await server.revive();
  await board.is('offline');
  await page.getByTestId('retry').click();
  await board.is('live', 2_000);
});

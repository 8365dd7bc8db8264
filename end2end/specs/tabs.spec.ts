import type { BrowserContext } from '@playwright/test';
import { Chat, newRoom, remember } from '../fixtures/chat.ts';
import { inPieces, Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect, LINE_LOST, test, Wire } from '../fixtures/test.ts';

/** More than three times what HTTP/1.1 lets a browser have open to one server. */
const TABS = 20;

/** From the end of the tab that had the line until another one has it. */
const SUCCESSION = 1_000;

/** A tab, and what goes over lines of its own. */
interface Tab {
  board: Board;
  wire: Wire;
}

async function tab(context: BrowserContext): Promise<Tab> {
  const page = await context.newPage();
  const tab = { board: new Board(page), wire: new Wire(page) };
  await tab.board.open();
  return tab;
}

/** How many lines the server has, over all transports. */
async function lines(context: BrowserContext): Promise<number> {
  const figures = await (await context.request.get('/metrics')).text();
  const counts = [...figures.matchAll(/^pulseboard_connections\{transport="\w+"\} (\d+)$/gm)];
  expect(counts.length).toBeGreaterThan(5);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

for (const transport of ['WebSocket', 'Server-Sent Events']) {
  test(`over HTTP/1.1 twenty tabs hold one line, over ${transport}`, async ({ browser }) => {
    test.setTimeout(300_000);
    // A page for each of them, and two cores for all: numbers at half the usual pace are the same line.
    const server = await Pulseboard.start({ env: { PULSEBOARD_COLLECT__FAST_MS: '1000' } });
    const context = await browser.newContext({ baseURL: server.url });
    try {
      const first = await tab(context);
      if (transport !== 'WebSocket') await first.board.choose(transport);
      const tabs = [first];
      while (tabs.length < TABS) tabs.push(await tab(context));
      await expect.poll(() => lines(context)).toBe(1);
      const looksWell = async ({ board }: Tab) => {
        await board.is('live');
        await expect(board.badge).toContainText(transport);
        await board.card('cpu').moves();
        expect(await board.told()).toEqual([]);
      };
      for (let at = 0; at < TABS; at += 5) await Promise.all(tabs.slice(at, at + 5).map(looksWell));
      for (const { wire } of tabs.slice(1)) expect([...wire.sockets, ...wire.asked]).toEqual([]);
      await expect.poll(() => lines(context)).toBe(1);
    } finally {
      await context.close();
      await server.stop();
    }
  });
}

test('a tab that follows says so, and what is chosen in it holds for all', async ({ context, board, page }) => {
  await board.open();
  const second = await tab(context);
  await second.board.badge.click();
  await expect(second.board.page.locator('#connection')).toContainText('WebSocket, in another tab');
  await second.board.page.getByRole('radio', { name: 'Server-Sent Events', exact: true }).check();
  await second.board.page.keyboard.press('Escape');
  for (const each of [board, second.board]) {
    await expect(each.badge).toContainText('Server-Sent Events');
    await each.is('live');
  }
  await second.board.page.bringToFront();
  await second.board.card('cpu').moves();
  expect(second.wire.asked).toEqual([]);
  await page.bringToFront();
  await board.card('cpu').moves();
});

test('what is chosen in a tab that follows holds before the browser has told the others what it keeps', async ({
  context,
  board,
  page,
}) => {
  await board.open();
  const second = await tab(context);
  // A browser may deliver a message to a tab before what was kept ahead of it.
  await page.evaluate(() => (Storage.prototype.getItem = () => null));
  await second.board.choose('Server-Sent Events');
  for (const each of [board, second.board]) await expect(each.badge).toContainText('Server-Sent Events');
});

test('what is chosen in a tab before it has heard of the others holds for all', async ({ context, board }) => {
  test.skip(!inPieces, 'everything is there from the start');
  await board.open();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const page = await context.newPage();
  await page.route(/split_tabs/, async (route) => {
    await held;
    await route.continue();
  });
  const second = new Board(page);
  await second.visit();
  await second.choose('Server-Sent Events');
  letGo();
  for (const each of [board, second]) {
    await expect(each.badge).toContainText('Server-Sent Events');
    await each.is('live');
  }
});

test('when the tab with the line is closed another has it within a second, and nothing is lost', async ({
  context,
  browser,
  baseURL,
}) => {
  const room = newRoom();
  await remember(context, 'Kim', room);
  const first = await tab(context);
  const others: Chat[] = [];
  for (const _ of [1, 2, 3]) {
    const next = await tab(context);
    const chat = new Chat(next.board.page);
    await chat.open();
    others.push(chat);
  }
  await expect.poll(() => lines(context)).toBe(1);

  // Someone else goes on talking all the while.
  const elsewhere = await browser.newContext({ baseURL });
  const said: string[] = [];
  let talks = true;
  const talking = (async () => {
    while (talks) {
      const text = `message ${said.length}`;
      const message = { id: crypto.randomUUID().replaceAll('-', ''), topic: `chat/${room}`, data: { name: 'Lee', text } };
      const answer = await elsewhere.request.post('/live/send', { data: message });
      expect(answer.status(), await answer.text()).toBe(200);
      said.push(text);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  await expect.poll(() => said.length).toBeGreaterThan(10);
  const opened = others.map(({ page }) => page.waitForEvent('websocket', { timeout: 10_000 }).then(() => Date.now()));
  await first.board.page.close();
  const closed = Date.now();
  const took = (await Promise.any(opened)) - closed;
  test.info().annotations.push({ type: 'the line was opened again after', description: `${took} ms` });
  expect(took).toBeLessThan(SUCCESSION);
  const heard = said.length;
  await expect.poll(() => said.length).toBeGreaterThan(heard + 10);
  talks = false;
  await talking;
  for (const chat of others) await chat.has(said.at(-1)!);
  for (const chat of others) expect(await chat.said()).toEqual(said);
  await expect.poll(() => lines(context)).toBe(1);
  for (const chat of others) {
    const board = new Board(chat.page);
    await board.is('live');
    expect(await board.told()).toEqual([]);
  }
  await Promise.allSettled(opened);
  await elsewhere.close();
});

test('a tab that was disconnected gives the line to another', async ({ context, board }) => {
  await board.open();
  const second = await tab(context);
  await board.disconnectAll.click();
  await board.is('stopped');
  await expect.poll(() => second.wire.sockets.length).toBe(1);
  await second.board.card('cpu').moves();
  await board.connectAll.click();
  await board.is('live');
  await board.page.bringToFront();
  await board.card('cpu').moves();
  await expect.poll(() => lines(context)).toBe(1);
});

test('a tab that does not run loses the line to one that is looked at', async ({
  context,
  board,
  page,
}) => {
  await board.open();
  const second = await tab(context);
  expect(second.wire.sockets).toHaveLength(0);
  const runsAgain = page.evaluate(() => {
    for (const began = Date.now(); Date.now() - began < 15_000; );
  });
  await expect.poll(() => second.wire.sockets.length, { timeout: 14_000 }).toBe(1);
  await second.board.is('live');
  await second.board.card('cpu').moves();
  await runsAgain;
  await board.is('live', 15_000);
  await page.bringToFront();
  await board.card('cpu').moves();
  await expect.poll(() => lines(context)).toBe(1);
});

test('a tab that comes while the one with the line does not run does not wait for it', async ({ context, board, page }) => {
  await board.open();
  const runsAgain = page.evaluate(() => {
    for (const began = Date.now(); Date.now() - began < 15_000; );
  });
  const second = await tab(context);
  expect(second.wire.sockets).toHaveLength(1);
  await second.board.card('cpu').moves();
  await runsAgain;
  await board.is('live', 15_000);
  await expect.poll(() => lines(context)).toBe(1);
});

test('where the piece for other tabs does not come, a tab has a line of its own', async ({ context, board, complaints }) => {
  test.skip(!inPieces, 'everything is there from the start');
  complaints.allow(/split_tabs/);
  complaints.allow(/Failed to (load resource|fetch)/);
  await board.open();
  let asked = 0;
  await context.route(/split_tabs/, (route) => {
    asked += 1;
    return route.abort();
  });
  const second = await tab(context);
  expect(second.wire.sockets).toHaveLength(1);
  for (const each of [second.board, board]) {
    await each.page.bringToFront();
    await each.card('cpu').moves();
    await each.card('cpu').moves();
  }
  // Once in each tab, and not at every word that the other says.
  expect(asked).toBeLessThanOrEqual(2);
});

test('a server that goes and comes is told in every tab, once', async ({ context, board, server, complaints }) => {
  complaints.allow(LINE_LOST);
  await board.open();
  const second = await tab(context);
  await server.kill9();
  for (const each of [board, second.board]) await expect(each.badge).toHaveAttribute('data-state', /reconnecting|offline/);
  await server.revive();
  for (const each of [board, second.board]) {
    await each.is('live', 15_000);
    const [sentence, ...others] = await each.told();
    expect(sentence).toMatch(/^Reconnected after \d+ m?s\. Nothing is missing\.$/);
    expect(others).toEqual([]);
    await each.page.keyboard.press('Escape');
  }
  await expect.poll(() => lines(context)).toBe(1);
});

test('a browser that cannot tell its tabs apart gives each a line of its own', async ({ context }) => {
  await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  const tabs = [await tab(context), await tab(context)];
  for (const { board, wire } of tabs) {
    expect(wire.sockets).toHaveLength(1);
    await board.page.bringToFront();
    await board.card('cpu').moves();
  }
});

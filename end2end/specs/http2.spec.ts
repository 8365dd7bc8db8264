import type { BrowserContext } from '@playwright/test';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect, test } from '../fixtures/test.ts';

/** More than three times what HTTP/1.1 lets a browser have open to one server. */
const TABS = 20;

test('over HTTP/2 twenty tabs stream Server-Sent Events at once', async ({ browser }) => {
  test.setTimeout(300_000);
  const server = await Pulseboard.start({
    args: ['--tls-self-signed'],
    env: { PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS: '64', PULSEBOARD_COLLECT__FAST_MS: '2000' },
  });
  const context = await browser.newContext({ baseURL: server.url, ignoreHTTPSErrors: true });
  // Without it a browser cannot tell its tabs apart, and each has a line of its own.
  await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  try {
    const tabs = [await Tab.open(context)];
    await tabs[0].board.choose('Server-Sent Events');
    while (tabs.length < TABS) {
      await tabs.at(-1)!.goes('background');
      tabs.push(await Tab.open(context));
    }
    const figures = async () => (await context.request.get('/metrics')).text();
    await expect.poll(figures).toContain(`connections{transport="sse"} ${TABS}\n`);
    // All at once: each hears of something new after the last of them has come.
    for (const tab of tabs) tab.heard = 0;
    await expect.poll(() => tabs.every((tab) => tab.heard > 1)).toBe(true);
    for (const tab of tabs) {
      await tab.goes('foreground');
      await tab.board.is('live');
      await expect(tab.board.badge).toContainText('Server-Sent Events');
      expect(await tab.protocol()).toBe('h2');
      expect(await tab.board.told()).toEqual([]);
    }
  } finally {
    await context.close();
    await server.stop();
  }
});

/** A tab of a browser of which one tab is shown, as it is with people: a test's are all shown otherwise. */
class Tab {
  /** Events of its stream, as the browser counts them. */
  heard = 0;

  private constructor(readonly board: Board) {}

  static async open(context: BrowserContext): Promise<Tab> {
    const page = await context.newPage();
    const tab = new Tab(new Board(page));
    const network = await context.newCDPSession(page);
    network.on('Network.eventSourceMessageReceived', () => (tab.heard += 1));
    await network.send('Network.enable');
    await tab.board.open();
    return tab;
  }

  async goes(where: 'background' | 'foreground'): Promise<void> {
    await this.board.page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, where === 'background');
  }

  async protocol(): Promise<string> {
    return this.board.page.evaluate(() => Reflect.get(performance.getEntriesByType('navigation')[0], 'nextHopProtocol'));
  }
}

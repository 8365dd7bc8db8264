import type { Page } from '@playwright/test';
import { Chat } from '../fixtures/chat.ts';
import { expect, test } from '../fixtures/test.ts';

/** Holds the WebAssembly back until something has been done to the document, as a slow network does. */
async function before(page: Page, act: (page: Page) => Promise<void>): Promise<void> {
  let ready = () => {};
  const done = new Promise<void>((resolve) => (ready = resolve));
  await page.route(/\/pkg\/\S*pulseboard\.wasm/, async (route) => {
    await done;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await page.locator('#app .frame').waitFor();
  await page.waitForFunction(() => !!document.getElementById('crash'));
  await act(page);
  ready();
}

/** What extensions of password managers, of spelling and of dictionaries do. */
const intruders: Record<string, () => void> = {
  'an element first in the body': () => document.body.prepend(document.createElement('div')),
  'an element first in the main part': () => document.querySelector('main')!.prepend(document.createElement('div')),
  'an element first in a card': () => document.querySelector('.card__body')!.prepend(document.createElement('div')),
  'words that became elements': () => {
    const walker = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts.filter((text) => !text.parentElement!.closest('noscript'))) {
      const word = document.createElement('font');
      text.replaceWith(word);
      word.append(text);
    }
  },
  'a text that is gone': () => document.querySelector('h1')!.replaceChildren(),
};

// The tree of nodes is the same at each width; the narrow one shows that of them all.
const everything = 'words that became elements';
for (const width of [360, 1280]) {
  for (const [what, intrude] of Object.entries(intruders)) {
    if (width === 360 && what !== everything) continue;
    test(`${what}, before the page comes to life, harms nothing at ${width} px`, async ({ page, board, complaints }) => {
      // A debug build says that it renders afresh.
      complaints.allow(/client-side rendering/);
      await page.setViewportSize({ width, height: 800 });
      await before(page, (page) => page.evaluate(intrude));
      await board.hydrated();
      await board.is('live');
      await expect(page.locator('#crash')).toBeHidden();
      await board.card('cpu').moves();
      await expect(page.getByTestId('card-cpu')).toHaveCount(1);
      const chat = new Chat(page);
      await chat.button.click();
      await expect(page.getByTestId('chat-name')).toBeFocused();
    });
  }
}

test('a page that nobody has touched is taken over as it was rendered', async ({ page, board, complaints }) => {
  complaints.allow(/404 \(Not Found\)/);
  for (const address of ['/', '/lab', '/lab/doctor', '/nowhere']) {
    await board.visit(address);
    await expect(page.locator('html'), address).not.toHaveAttribute('data-afresh');
  }
});

for (const theme of ['light', 'dark'] as const) {
  test(`a page that the browser has translated goes on in ${theme}`, async ({ page, board }) => {
    await page.emulateMedia({ colorScheme: theme });
    await board.open();
    const translated = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.getElementById('app')!, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      const own = texts.filter((text) => text.data.trim() && !text.parentElement!.closest('[translate="no"], noscript'));
      for (const text of own) {
        const [outer, inner] = [document.createElement('font'), document.createElement('font')];
        outer.append(inner);
        text.replaceWith(outer);
        inner.append(text.data);
      }
      return own.map((text) => text.data);
    });
    expect(translated, 'headings are translated').toContain('Processes');
    const numbers = page.locator('#main');
    const read = async () => (await numbers.innerText()).replace(/\D+/g, ' ');
    const first = await read();
    await expect.poll(read).not.toBe(first);
    // What is shown is what the server measures now, and not what stood there when it was translated.
    const memory = board.card('memory').value;
    await expect
      .poll(async () => {
        const host = await (await page.request.get('/api/v1/hosts/local')).json();
        return Math.abs(Number.parseFloat(await memory.innerText()) - host.metrics.values['memory.percent']);
      })
      .toBeLessThan(2);
    await expect(page.locator('#crash')).toBeHidden();
  });
}

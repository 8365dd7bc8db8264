import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';

/** Presses a key until an element has the focus; Tab reaches everything, sooner or later. */
async function reach(page: Page, key: string, selector: string): Promise<void> {
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`${key} does not reach ${selector}`);
}

/**
 * Keeps the page from hearing that a dialog has closed, as browsers do that have more urgent work. Returns what lets it hear that
 * one did.
 */
async function holdClose(page: Page): Promise<() => Promise<void>> {
  const held = await page.evaluateHandle(() => {
    const held: EventTarget[] = [];
    const hold = (event: Event) => {
      if (!event.isTrusted) return;
      event.stopImmediatePropagation();
      held.push(event.target!);
    };
    addEventListener('close', hold, { capture: true });
    return held;
  });
  return async () => {
    await expect.poll(() => held.evaluate((held) => held.length)).toBe(1);
    await held.evaluate((held) => held.pop()!.dispatchEvent(new Event('close')));
  };
}

test('the first stop leads past everything that is on each page', async ({ page, board }) => {
  await board.open();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
});

test('every stop is seen, and there is no trap', async ({ page, board }) => {
  await board.open();
  const stops: string[] = [];
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const here = document.activeElement as HTMLElement;
      if (here === document.body) return undefined;
      // A radio button that is drawn by its label shows the focus there.
      const ring = [here, here.parentElement!].some((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
      });
      const box = (here.closest('label') ?? here).getBoundingClientRect();
      const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      return { name: here.getAttribute('data-testid') ?? here.outerHTML.slice(0, 60), ring, inView };
    });
    if (!stop) break;
    expect(stop, stop.name).toMatchObject({ ring: true, inView: true });
    stops.push(stop.name);
  }
  for (const name of ['badge', 'palette', 'bell', 'language', 'theme', 'disconnect-all', 'menu']) {
    expect(stops).toContain(name);
  }
  // A card is one stop for its menu, and one for its chart.
  expect(stops).not.toContain('disconnect');
  expect(stops.length).toBeLessThan(60);
});

test('Ctrl K finds an action by a few letters, and does it', async ({ page, board }) => {
  await board.open();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('disc');
  await expect(page.getByRole('option').first()).toHaveText(/Disconnect all/);
  // Of two opposites only the one that applies.
  await page.keyboard.press('Control+a');
  await page.keyboard.type('connect all');
  await expect(page.getByRole('option')).toHaveText([/Disconnect all/]);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox')).toBeHidden();
  await board.is('stopped');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('connect all');
  await expect(page.getByRole('option')).toHaveText([/^Connect all/]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await board.is('live');
});

test('Ctrl K reaches a card, a theme, a language and a transport', async ({ page, board }) => {
  await board.open();
  const run = async (words: string) => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.type(words);
    await expect(page.getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('combobox')).toBeHidden();
  };
  await run('processes');
  await expect(board.card('processes').box).toBeInViewport();
  await expect(page).toHaveURL(/#processes$/);
  await run('dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await run('server-sent');
  await expect(board.badge).toContainText('Server-Sent Events');
  await run('한국어');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await run('english');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('the palette says so when nothing matches', async ({ page, board }) => {
  await board.open();
  await page.keyboard.press('Control+k');
  // It comes in a piece: what is typed before it is there goes nowhere.
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('zzzz');
  await expect(page.getByRole('option')).toHaveCount(0);
  await expect(page.getByText('Nothing matches. Try another word.')).toBeVisible();
});

test('? lists the shortcuts, and Escape gives the focus back', async ({ page, board }) => {
  await board.open();
  await page.getByTestId('theme').focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expect(page.getByText('Search pages, cards and actions')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByTestId('theme')).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('theme')).toBeFocused();
  // In a text field it is a letter.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('?');
  await expect(page.getByRole('combobox')).toHaveValue('?');
});

for (const [key, name] of [
  ['?', 'Keyboard shortcuts'],
  ['Control+k', 'Search pages and actions'],
]) {
  test(`${key} opens its dialog while the browser has yet to tell that the last one is closed`, async ({ page, board }) => {
    await board.open();
    const tellClose = await holdClose(page);
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    await tellClose();
    await expect(page.getByRole('dialog', { name })).toBeVisible();
  });
}

test('a palette that is opened again stays when the browser tells that it was closed before', async ({ page, board }) => {
  await board.open();
  const tellClose = await holdClose(page);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('disconnect all');
  await page.keyboard.press('Enter');
  await board.is('stopped');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await tellClose();
  await page.keyboard.type('connect all');
  await expect(page.getByRole('option')).toHaveText([/^Connect all/]);
});

test('the connection can be read and changed from its badge', async ({ page, board }) => {
  await board.open();
  await reach(page, 'Tab', '[data-testid="badge"]');
  await page.keyboard.press('Enter');
  await expect(page.locator('#connection')).toBeVisible();
  await reach(page, 'Tab', '#connection input[type="radio"]');
  await expect(page.getByRole('radio', { name: 'Automatic' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'Server-Sent Events' })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(page.locator('#connection')).toBeHidden();
  await expect(board.badge).toBeFocused();
  await expect(board.badge).toContainText('Server-Sent Events');
});

test('a popover that is opened before the page is live is filled once it is', async ({ page, board }) => {
  // The WebAssembly comes late, as over a poor line.
  let let_go = () => {};
  const held = new Promise<void>((resolve) => (let_go = resolve));
  await page.route(/\/pkg\/\S*pulseboard\.wasm/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await board.bell.click();
  await expect(page.locator('#notices')).toBeVisible();
  let_go();
  await expect(page.locator('#notices').getByRole('heading')).toHaveText('Notices');
});

test('a card is disconnected, connected and turned into a table', async ({ page, board }) => {
  await board.open();
  const cpu = board.card('cpu');
  await reach(page, 'Tab', '[data-testid="card-cpu"] [data-testid="menu"]');
  const item = (name: string | RegExp) => cpu.box.getByRole('menuitem', { name });
  await page.keyboard.press('Enter');
  await expect(item('Disconnect CPU')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(item('Table')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(cpu.table).toBeVisible();
  await expect(cpu.menu).toBeFocused();
  // Arrows go round, Home and End to the ends, and Escape gives the focus back.
  await page.keyboard.press('ArrowDown');
  await expect(item('Disconnect CPU')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(item(/CSV/)).toBeFocused();
  await page.keyboard.press('Home');
  await expect(item('Disconnect CPU')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(cpu.box.getByRole('menu')).toHaveCount(0);
  await expect(cpu.menu).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(cpu.status).toHaveText('Disconnected');
  await page.keyboard.press('Enter');
  await expect(item('Connect CPU')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(cpu.status).toHaveText('Connected');
});

test('what is typed before the palette is there is in its field, and Enter waits for the answers', async ({ page, board }) => {
  // Its answers come late, as over a poor line.
  let let_go = () => {};
  const held = new Promise<void>((resolve) => (let_go = resolve));
  await page.route(/split_dialogs|dialogs.*\.wasm/, async (route) => {
    await held;
    await route.continue();
  });
  await board.open();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('memory and');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chat')).toBeHidden();
  let_go();
  await expect(page).toHaveURL(/#memory-swap$/);
});

test('one-letter keys rest while something is open', async ({ page, board }) => {
  await board.open();
  await page.keyboard.press('c');
  const chat = page.getByTestId('chat');
  await expect(chat).toBeVisible();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('c');
  await page.keyboard.press('?');
  await expect(chat).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden();
  await page.getByTestId('chat-close').click();
  await board.card('cpu').menu.click();
  await page.keyboard.press('c');
  await expect(chat).toBeHidden();
});

test('the palette remembers what was taken, and reaches the lab and each card\'s switch', async ({ page, board }) => {
  await board.open();
  const run = async (words: string) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(words);
    await expect(page.getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('combobox')).toBeHidden();
  };
  await run('disconnect memory');
  await expect(board.card('memory').status).toHaveText('Disconnected');
  await run('connect memory');
  await expect(board.card('memory').status).toHaveText('Connected');
  await run('filesystems');
  await page.keyboard.press('Control+k');
  await expect(page.locator('#answers').getByRole('group').first()).toHaveAccessibleName('Recent');
  await expect(page.getByRole('option').first()).toHaveText(/Filesystems/);
  await page.keyboard.type('doctor');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/lab/doctor');
});

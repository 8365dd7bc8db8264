import type { BrowserContext } from '@playwright/test';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { Chat, newRoom, person, remember } from '../fixtures/chat.ts';
import { inPieces, Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect, test } from '../fixtures/test.ts';

test('whoever comes for the first time is asked for a name, and then talks', async ({ page, board }) => {
  const chat = new Chat(page);
  await board.open();
  await expect(chat.panel).toBeHidden();
  await chat.button.click();
  const name = page.getByTestId('chat-name');
  await expect(name).toBeFocused();
  await name.fill(' \u3164 ');
  await name.press('Enter');
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect(name).toBeFocused();
  await name.fill('Kim');
  await name.press('Enter');
  await expect(chat.field).toBeFocused();
  await chat.say('first words');
  await chat.has('first words');
  await expect(page.getByTestId('chat-people')).toContainText(/here$/);
  await page.reload();
  await board.is('live');
  // It is as it was left: open, in the room, under the name.
  await chat.has('first words');
  await expect(page.getByTestId('chat-name-button')).toHaveText('Kim');
});

test('the chat is downloaded by those who open it, and where it cannot be had the panel says so', async ({
  page,
  board,
  complaints,
}) => {
  test.skip(!inPieces, 'this build left the WebAssembly in one piece');
  complaints.allow(/split_chat|Failed to fetch/);
  let [asked, away] = [0, true];
  await page.route('**/pkg/**/split_chat*.wasm', async (route) => {
    asked += 1;
    await (away ? route.abort() : route.continue());
  });
  const chat = new Chat(page);
  await board.open();
  expect(asked, 'requests of a page that does not chat').toBe(0);
  await chat.button.click();
  const missing = page.getByTestId('chat-missing');
  await expect(missing).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByTestId('chat-close').click();
  await expect(chat.panel).toBeHidden();
  await board.is('live');
  // Opened again it is asked for again; and so it is on demand.
  await chat.button.click();
  await expect(missing).toBeVisible();
  expect(asked).toBe(2);
  away = false;
  await missing.getByRole('button').click();
  await expect(page.getByTestId('chat-name')).toBeFocused();
  expect(asked).toBe(3);
});

test('two people talk: both read the same, in the same order, with sender and time', async ({
  context,
  browser,
  baseURL,
}) => {
  const room = newRoom();
  const kim = await Chat.enter(context, 'Kim', room);
  const lee = await person(browser, baseURL, '이영희', room);
  await expect(kim.page.getByTestId('chat-people')).toHaveText('2 people here');
  await kim.say('안녕하세요');
  await lee.has('안녕하세요');
  // Both at once: the order is the server's, and the same for both.
  const both = [kim, lee].map(async (chat, person) => {
    for (const n of [1, 2, 3]) await chat.say(`${person} says ${n}`);
  });
  await Promise.all(both);
  for (const chat of [kim, lee]) for (const text of ['0 says 3', '1 says 3']) await chat.has(text);
  expect(await kim.said()).toHaveLength(7);
  expect(await lee.said()).toEqual(await kim.said());
  await expect(kim.list.getByText('이영희').first()).toBeVisible();
  // The reader's own zone: nine hours apart.
  const hour = async (chat: Chat) => Number((await chat.row('안녕하세요').locator('time').innerText()).slice(0, 2));
  expect(await hour(lee)).toBe(((await hour(kim)) + 9) % 24);
  await lee.page.context().close();
});

test('what people write is text, and addresses of the web are links that tell nothing', async ({ context }) => {
  const kim = await Chat.enter(context, '<b>Kim</b> أحمد', newRoom());
  const evil = '<img src=x onerror="document.title=1"> &amp; javascript:alert(1) \u202Egnp.exe';
  await kim.say(evil);
  await kim.has(evil);
  await expect(kim.list.locator('img')).toHaveCount(0);
  await expect(kim.list.locator('a')).toHaveCount(0);
  await expect(kim.list.locator('.said__name').first()).toHaveText('<b>Kim</b> أحمد');
  await kim.say('see https://example.org/a?b=1&c=2.');
  const link = kim.list.getByRole('link');
  await expect(link).toHaveAttribute('href', 'https://example.org/a?b=1&c=2');
  await expect(link).toHaveAttribute('rel', /noopener noreferrer/);
});

test('unread messages are counted, and the first of them has the line', async ({ context, browser, baseURL }) => {
  const room = newRoom();
  const kim = await Chat.enter(context, 'Kim', room);
  const lee = await person(browser, baseURL, 'Lee', room);
  await kim.say('seen');
  await lee.has('seen');
  await lee.page.getByTestId('chat-close').click();
  await expect(lee.button).toBeFocused();
  await expect(lee.panel).toBeHidden();
  await kim.say('unseen one');
  await kim.say('unseen two');
  // Two pages, and a reload, on a busy machine.
  const unread = { timeout: 20_000 };
  await expect(lee.button).toHaveAccessibleName('Chat: 2 unread', unread);
  await lee.page.reload();
  await expect(lee.button).toHaveAccessibleName('Chat: 2 unread', unread);
  await lee.button.click();
  const order = lee.list.locator('.said__text, .said__mark[data-kind="new"]');
  await expect(order).toHaveText(['seen', 'New', 'unseen one', 'unseen two']);
  await expect(lee.button).toHaveAccessibleName('Chat');
  // What comes while one looks is not new.
  await kim.say('seen coming');
  await lee.has('seen coming');
  await expect(lee.list.locator('[data-kind="new"]')).toHaveCount(1);
  await expect(lee.button).toHaveAccessibleName('Chat');
  await lee.page.context().close();
});

test('who reads older messages stays there, and can jump to the newest', async ({ context, browser, baseURL }) => {
  const room = newRoom();
  const kim = await Chat.enter(context, 'Kim', room);
  for (let n = 1; n <= 30; n += 1) await kim.say(`line ${n}\nand its second line`);
  const lee = await person(browser, baseURL, 'Lee', room);
  await expect(lee.row('line 30\nand its second line')).toBeInViewport();
  await lee.page.locator('.chat__scroll').hover();
  await lee.page.mouse.wheel(0, -600);
  await expect(lee.page.getByTestId('chat-newest')).toBeVisible();
  const before = await lee.row('line 15\nand its second line').boundingBox();
  await kim.say('one more');
  await expect(lee.row('one more')).toHaveCount(1);
  await expect(lee.row('one more')).not.toBeInViewport();
  await expect(lee.button).toHaveAccessibleName('Chat: 1 unread');
  const after = await lee.row('line 15\nand its second line').boundingBox();
  expect(Math.abs(after!.y - before!.y)).toBeLessThan(3);
  await lee.page.getByTestId('chat-newest').click();
  await expect(lee.row('one more')).toBeInViewport();
  await expect(lee.button).toHaveAccessibleName('Chat');
  await lee.page.context().close();
});

test('one sees who is typing, and who is gone', async ({ context, browser, baseURL }) => {
  const room = newRoom();
  const kim = await Chat.enter(context, 'Kim', room);
  const lee = await person(browser, baseURL, 'Lee', room);
  await lee.field.pressSequentially('hel');
  await expect(kim.page.getByTestId('chat-typing')).toHaveText(/Lee.* is typing/);
  await expect(lee.page.getByTestId('chat-typing')).toHaveText('');
  await lee.field.fill('');
  await expect(kim.page.getByTestId('chat-typing')).toHaveText('');
  await lee.page.getByTestId('chat-close').click();
  await expect(kim.page.getByTestId('chat-people')).toHaveText('1 person here');
  await lee.page.context().close();
});

test('Enter that ends a Hangul syllable does not send', async ({ context }) => {
  const kim = await Chat.enter(context, 'Kim', newRoom());
  const keyboard = await context.newCDPSession(kim.page);
  // What an input method does: it composes, and the Enter that ends the composition belongs to it.
  await keyboard.send('Input.imeSetComposition', { text: '안녕', selectionStart: 2, selectionEnd: 2 });
  await expect(kim.field).toHaveValue('안녕');
  const enter = (composing: boolean, keyCode: number) =>
    kim.field.evaluate(
      (field, [isComposing, code]) => {
        const key = new KeyboardEvent('keydown', { key: 'Enter', isComposing: !!isComposing, bubbles: true, cancelable: true });
        Object.defineProperty(key, 'keyCode', { value: code });
        field.dispatchEvent(key);
      },
      [Number(composing), keyCode] as const,
    );
  await enter(true, 229);
  await enter(false, 229);
  await expect(kim.field).toHaveValue('안녕');
  await expect(kim.rows).toHaveCount(0);
  await keyboard.send('Input.insertText', { text: '안녕' });
  await kim.field.press('Shift+Enter');
  await kim.field.pressSequentially('둘째 줄');
  await expect(kim.field).toHaveValue('안녕\n둘째 줄');
  await kim.field.press('Enter');
  await kim.has('안녕\n둘째 줄');
});

test('everything can be done by keyboard', async ({ page, context, board }) => {
  const room = newRoom();
  await remember(context, 'Kim', room);
  const chat = new Chat(page);
  await board.open();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('chat: open');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox')).toBeHidden();
  await page.keyboard.press('c');
  await expect(chat.field).toBeFocused();
  await expect(chat.field).toHaveValue('');
  await page.keyboard.type('cc');
  await page.keyboard.press('Enter');
  await chat.has('cc');
  const reach = async (testId: string, key: string) => {
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press(key);
      if (await page.evaluate((id) => document.activeElement?.getAttribute('data-testid') === id, testId)) return;
    }
    throw new Error(`${key} does not reach ${testId}`);
  };
  await reach('chat-other-room', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chat-room')).toBeFocused();
  await page.keyboard.type('No Room');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chat-room')).toHaveAttribute('aria-invalid', 'true');
  await page.getByTestId('chat-room').fill(`${room}-b`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: `#${room}-b` })).toBeVisible();
  await expect(chat.rows).toHaveCount(0);
  await expect(page.getByText('Nobody has written anything here yet.')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(`chat: #${room}`);
  await page.keyboard.press('Enter');
  await chat.has('cc');
  await chat.field.focus();
  await page.keyboard.press('Escape');
  await expect(chat.panel).toBeHidden();
  await expect(chat.button).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByText('Open the chat')).toBeVisible();
});

test('a message that the server refuses says why, and can be tried again or discarded', async ({
  context,
  complaints,
}) => {
  // What is sent before there is a line goes as a request, and a browser complains of every refusal.
  complaints.allow(/status of 429/);
  // A server of its own: all its rooms have something in them and none goes away.
  const server = await Pulseboard.start({ env: { PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS: '0' } });
  try {
    for (let n = 1; n < 100; n += 1) {
      const data = { name: 'Crowd', text: 'hi' };
      await expect.poll(() => send(server.url, { id: 'the-crowd', topic: `chat/crowd-${n}`, data })).toBe(200);
    }
    const kim = await Chat.enter(context, 'Kim', newRoom(), server.url);
    await kim.say('no room for me');
    const row = kim.row('no room for me');
    await expect(row).toHaveAttribute('data-state', 'failed');
    await expect(row).toContainText('Not sent. The server refused it: there are already 100 rooms');
    expect(await violations(kim.page)).toEqual([]);
    await row.getByRole('button', { name: 'Try again' }).click();
    await expect(row).toHaveAttribute('data-state', 'failed');
    await row.getByRole('button', { name: 'Discard' }).click();
    await expect(row).toHaveCount(0);
    await kim.page.reload();
    await expect(kim.field).toBeVisible();
    await expect(row).toHaveCount(0);
    await kim.page.close();
  } finally {
    await server.stop();
  }
});

/** Sends a message without a page; its status. More than 50 a second are refused for a moment. */
async function send(url: string, message: object): Promise<number> {
  const answer = await fetch(new URL('/live/send', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
  return answer.status;
}

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing in the chat (${theme}, ${lang})`, async ({ context, baseURL }) => {
    await wear(context, baseURL!, { theme, lang });
    const kim = await Chat.enter(context, 'Kim', newRoom());
    await kim.say('see https://example.org/');
    await kim.has('see https://example.org/');
    expect(await violations(kim.page)).toEqual([]);
    await kim.page.getByTestId('chat-other-room').click();
    expect(await violations(kim.page), 'another room').toEqual([]);
    await kim.page.getByTestId('chat-other-room').click();
    await kim.page.getByTestId('chat-name-button').click();
    expect(await violations(kim.page), 'another name').toEqual([]);
  });
}

for (const width of [360, 390, 768, 1280]) {
  test(`at ${width} px the chat is whole, and nothing of the page is wider than the screen`, async ({ context }) => {
    const kim = await phone(context, width);
    await kim.say(`a long word ${'x'.repeat(200)} and more`);
    for (const part of [kim.field, kim.page.getByTestId('chat-send'), kim.page.getByTestId('chat-close'), kim.list]) {
      await expect(part).toBeInViewport({ ratio: 0.9 });
    }
    expect(await kim.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const box = (await kim.panel.boundingBox())!;
    if (width < 768) {
      expect(box.width).toBe(width);
      await expect(kim.page.locator('#main')).toBeHidden();
    } else {
      expect(box.x).toBeGreaterThan(width / 3);
      await expect(kim.page.locator('#main')).toBeVisible();
    }
    await kim.page.getByTestId('chat-close').click();
    await expect(kim.page.locator('#main')).toBeVisible();
    expect(await kim.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

async function phone(context: BrowserContext, width: number): Promise<Chat> {
  const kim = await Chat.enter(context, 'Kim', newRoom());
  await kim.page.setViewportSize({ width, height: 740 });
  return kim;
}

test('the chat is closed in the page that the server sends', async ({ page, baseURL }) => {
  const html = await (await fetch(new URL('/', baseURL))).text();
  expect(html).toMatch(/<aside[^>]*id="chat"[^>]*hidden/);
  await new Board(page).open();
  await expect(new Chat(page).button).toHaveAttribute('aria-expanded', 'false');
});

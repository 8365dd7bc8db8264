import { wear } from '../fixtures/axe.ts';
import { Chat, newRoom, remember } from '../fixtures/chat.ts';
import { expect, test } from '../fixtures/test.ts';

/** A key while an input method composes a word; some browsers say so by its code only. */
async function composed(field: import('@playwright/test').Locator, key: string): Promise<boolean[]> {
  return field.evaluate((element, key) => {
    const press = (isComposing: boolean, keyCode: number) => {
      const event = new KeyboardEvent('keydown', { key, isComposing, bubbles: true, cancelable: true });
      Object.defineProperty(event, 'keyCode', { value: keyCode });
      element.dispatchEvent(event);
      return event.defaultPrevented;
    };
    return [press(true, 229), press(false, 229), press(true, 13)];
  }, key);
}

for (const width of [360, 1280]) {
  test(`keys that compose a word do nothing in the palette, at ${width} px`, async ({ page, board }) => {
    await page.setViewportSize({ width, height: 800 });
    await board.open();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox');
    await expect(field).toBeFocused();
    const chosen = await field.getAttribute('aria-activedescendant');
    for (const key of ['ArrowDown', 'ArrowUp', 'Enter']) {
      expect(await composed(field, key), key).toEqual([false, false, false]);
    }
    await expect(field).toBeVisible();
    expect(await field.getAttribute('aria-activedescendant')).toBe(chosen);
    await field.press('ArrowDown');
    await expect(field, 'a key that is meant does').not.toHaveAttribute('aria-activedescendant', chosen!);
  });

  test(`keys that compose a word do nothing in the chat's fields, at ${width} px`, async ({ page, board }) => {
    await page.setViewportSize({ width, height: 800 });
    await board.open();
    const chat = new Chat(page);
    await chat.button.click();
    const name = page.getByTestId('chat-name');
    await name.fill('김');
    expect(await composed(name, 'Enter')).toEqual([false, false, false]);
    expect(await composed(name, 'Escape')).toEqual([false, false, false]);
    await expect(name).toBeVisible();
    await name.press('Enter');
    await expect(chat.field).toBeFocused();
    await page.getByTestId('chat-other-room').click();
    const room = page.getByTestId('chat-room');
    await room.fill('deploys');
    expect(await composed(room, 'Enter')).toEqual([false, false, false]);
    await expect(room).toBeVisible();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
  });
}

for (const [lang, over, one] of [
  ['en', '494 characters too many', '1 character too many'],
  ['ko', '494자 초과', '1자 초과'],
]) {
  for (const width of [360, 1280]) {
    test(`a text that is too long is kept, and how much too long is said (${lang}, ${width} px)`, async ({
      page,
      board,
      context,
      server,
    }) => {
      await wear(context, server.url, { lang });
      await page.setViewportSize({ width, height: 800 });
      await remember(context, 'Kim', newRoom());
      await board.open();
      const chat = new Chat(page);
      await chat.open();
      const text = '가'.repeat(4494);
      await chat.field.evaluate((field: HTMLTextAreaElement, text) => {
        field.focus();
        document.execCommand('insertText', false, text);
      }, text);
      await expect(chat.field).toHaveValue(text);
      await expect(page.getByTestId('chat-over')).toHaveText(over);
      await expect(chat.field).toHaveAttribute('aria-invalid', 'true');
      await expect(page.getByTestId('chat-send')).toBeDisabled();
      await chat.field.press('Enter');
      await expect(chat.field).toHaveValue(text);
      await chat.field.fill('가'.repeat(4001));
      await expect(page.getByTestId('chat-over')).toHaveText(one);
      await chat.field.fill('가'.repeat(4000));
      await expect(page.getByTestId('chat-over')).toBeEmpty();
      await chat.field.press('Enter');
      await expect(chat.field).toHaveValue('');
      await chat.has('가'.repeat(4000));
    });
  }
}

test('a name that is too long is kept, too, and refused', async ({ page, board }) => {
  await board.open();
  const chat = new Chat(page);
  await chat.button.click();
  const name = page.getByTestId('chat-name');
  await name.fill('x'.repeat(70));
  await name.press('Enter');
  await expect(name).toHaveValue('x'.repeat(70));
  await expect(name).toHaveAttribute('aria-invalid', 'true');
});

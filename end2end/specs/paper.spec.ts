import { expect, test } from '../fixtures/test.ts';

for (const theme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test(`a ${theme} page is printed in light, without controls and with its charts, at ${width} px`, async ({ page, board }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: theme });
      await board.open();
      const card = board.card('disk-io');
      const screen = await card.canvas.evaluate((canvas: HTMLCanvasElement) => canvas.width);
      await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      await page.emulateMedia({ media: 'print', colorScheme: theme });
      for (const hidden of ['.skip', '.rail', '.top__tools', '.menu', '#chat']) {
        await expect(page.locator(hidden).first(), hidden).toBeHidden();
      }
      const style = (of: string, name: string) =>
        page.locator(of).first().evaluate((one, name) => getComputedStyle(one).getPropertyValue(name).trim(), name);
      expect(await style('html', '--page')).toBe('#f5f7fa');
      expect(await style('.card', 'break-inside')).toBe('avoid');
      expect(await style('.card', 'color')).toBe('rgb(15, 23, 42)');
      expect(await style('.plot__canvas', 'object-fit')).toBe('contain');
      await expect(card.canvas, 'one out of sight is drawn, too').toHaveAttribute('data-painted', '');
      const printed = await card.canvas.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.clientWidth]);
      expect(printed[0]).toBeGreaterThanOrEqual(Math.min(screen, 3 * printed[1]));
      await page.emulateMedia({ media: 'screen', colorScheme: theme });
      await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
      await board.card('cpu').moves();
    });
  }
}

test('where the system chooses the colours, what is chosen and each state are told apart', async ({ page, board }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await board.open();
  const look = (of: string) =>
    page.locator(of).first().evaluate((one) => {
      const style = getComputedStyle(one);
      return [style.color, style.backgroundColor].join(' ');
    });
  expect(await look('.rail__link[aria-current="page"]')).not.toBe(await look('.rail__link:not([aria-current="page"])'));
  expect(await look('.segmented__item:has(:checked)')).not.toBe(await look('.segmented__item:not(:has(:checked))'));
  const shapes = await page.getByTestId('badge').evaluate((badge) => {
    const mark = badge.querySelector('.mark')!;
    const seen = (state: string) => {
      const one = badge.cloneNode(true) as HTMLElement;
      one.dataset.state = state;
      badge.after(one);
      const style = getComputedStyle(one.querySelector('.mark')!);
      const told = [style.backgroundColor, style.backgroundImage, style.borderRadius, style.borderInlineStartColor].join(' ');
      one.remove();
      return told;
    };
    return mark && ['live', 'delayed', 'stale', 'reconnecting', 'offline', 'stopped'].map(seen);
  });
  expect(new Set(shapes).size, JSON.stringify(shapes)).toBe(6);
  await page.goto('/lab');
  await board.hydrated();
  await expect(page.locator('.tabs__link').first()).toBeVisible();
  expect(await look('.tabs__link[aria-current="page"]')).not.toBe(await look('.tabs__link:not([aria-current="page"])'));
});

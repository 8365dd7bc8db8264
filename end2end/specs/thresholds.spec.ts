import { Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, test } from '../fixtures/test.ts';

/** Everything is too much for it: a machine that does anything has four alarms at once. */
const STRICT = '{"cpu.total"={warn=0.0001},"memory.percent"={warn=0.0001,critical=0.0002},"disk.percent"={warn=0.0001}}';

for (const width of [360, 768, 1280]) {
  test(`what the settings call too much is told in the header, in whole names, at ${width} px`, async ({ page, board }) => {
    const strict = await Pulseboard.start({ env: { PULSEBOARD_THRESHOLDS: STRICT } });
    try {
      await page.setViewportSize({ width, height: 900 });
      await board.open(strict.url);
      await expect(board.card('memory').box).toBeVisible();
      // The worst comes first.
      const first = page.locator('.verdict .alarm').first();
      await expect(first).toContainText('Memory');
      await expect(first).toHaveAttribute('data-level', 'critical');
      await expect.poll(() => page.locator('.verdict .alarm').count()).toBeGreaterThanOrEqual(2);
      const cut = await page.locator('.verdict .alarms').evaluate((list) => {
        const room = list.getBoundingClientRect();
        const shown = [...list.children].map((it) => it.getBoundingClientRect()).filter((box) => box.top < room.bottom);
        return { shown: shown.length, cut: shown.filter((box) => box.right > room.right + 1).length };
      });
      expect(cut.shown).toBeGreaterThan(0);
      expect(cut.cut).toBe(0);
    } finally {
      await strict.stop();
    }
  });
}

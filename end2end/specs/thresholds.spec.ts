import { Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, test } from '../fixtures/test.ts';

/** Everything is too much for it: a machine that does anything has three alarms at once. */
const STRICT = `{${['cpu.total', 'memory.percent', 'disk.percent'].map((id) => `"${id}"={warn=0.001,critical=0.002}`)}}`;

test('what the settings call too much is told in the header, in whole names, at each width', async ({ page, board }) => {
  const strict = await Pulseboard.start({ env: { PULSEBOARD_THRESHOLDS: STRICT } });
  try {
    await board.open(strict.url);
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expect(board.card('memory').box).toBeVisible();
      const alarms = page.locator('.verdict .alarm');
      for (const name of ['CPU', 'Memory', 'Disk']) {
        await expect(alarms.filter({ hasText: name })).toHaveAttribute('data-level', 'crit');
      }
      const cut = await page.locator('.verdict .alarms').evaluate((list) => {
        const room = list.getBoundingClientRect();
        const shown = [...list.children].map((it) => it.getBoundingClientRect()).filter((box) => box.top < room.bottom);
        return { shown: shown.length, cut: shown.filter((box) => box.right > room.right + 1).length };
      });
      expect(cut.shown, `at ${width} px`).toBeGreaterThan(0);
      expect(cut.cut, `at ${width} px`).toBe(0);
    }
  } finally {
    await page.close();
    await strict.stop();
  }
});

import { Chat, newRoom, remember } from '../fixtures/chat.ts';
import { expect, test } from '../fixtures/test.ts';

/** A moment of another season than today's: the offset of today is not that of what was said today. */
const OTHER_SEASON = Date.UTC(2027, 6, 1, 12);

for (const [zone, width] of [
  ['America/New_York', 360],
  ['Europe/Berlin', 1280],
] as const) {
  test.describe(zone, () => {
    test.use({ timezoneId: zone });

    test('what was said in winter has the time of winter, read in summer', async ({ page, board, context }) => {
      await page.setViewportSize({ width, height: 800 });
      await remember(context, 'Kim', newRoom());
      await board.open();
      const chat = new Chat(page);
      await chat.open();
      await chat.say('in my season');
      await chat.has('in my season');
      // The browser's clock alone is moved: messages have the server's.
      await page.clock.setSystemTime(OTHER_SEASON);
      await page.reload();
      await chat.open();
      await chat.has('in my season');
      const time = chat.row('in my season').locator('time');
      const at = await time.getAttribute('datetime');
      const expected = new Date(at!).toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
      await expect(time).toHaveText(expected);
      await page.getByTestId('chat-close').click();
      // A chart's axis has the offset of what it shows.
      const cpu = board.card('cpu');
      await cpu.take('table');
      const newest = await cpu.table.locator('tbody th').first().innerText();
      const hour = new Date(at!).toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
      const apart = Math.abs(minutes(newest) - minutes(hour));
      expect(Math.min(apart, 1440 - apart), `${newest} and ${hour}`).toBeLessThan(10);
    });
  });
}

function minutes(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return 60 * hour + minute;
}

import { setUp } from '../fixtures/accounts.ts';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { test } from '../fixtures/house.ts';
import { expect } from '../fixtures/test.ts';

test('a notice is sent and read by keyboard alone, and its sender sees who has read it', async ({ house, page }) => {
  await setUp(page, house);
  await page.goto(`${house.url}/account`);
  await page.getByRole('banner').getByRole('link', { name: 'Notices' }).press('Enter');
  await page.locator('#notice-title').focus();
  await page.keyboard.type('Restart at 18:00');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Five minutes.');
  await page.keyboard.press('Tab');
  await page.keyboard.type('https://elsewhere.example/');
  await page.keyboard.press('Enter');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('/chat');
  await expect(page.locator('#notice-link')).toBeFocused();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('/chat');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toBeVisible();
  await expect(page.locator('#sent summary')).toHaveText('Read by 0 of 1');
  await page.goto(`${house.url}/notices`);
  const unread = page.locator('#unread');
  await expect(unread.getByRole('link', { name: 'Open page: Restart at 18:00' })).toHaveAttribute('href', '/chat');
  await unread.getByRole('button', { name: 'Mark as read: Restart at 18:00' }).press('Enter');
  await expect(unread).toContainText('You have read everything.');
  await expect(page.locator('#read')).toContainText('Restart at 18:00');
  await page.goto(`${house.url}/notices?show=sent`);
  await page.locator('#sent summary').press('Enter');
  await expect(page.locator('#sent details li')).toContainText('kim');
});

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing on the page of notices (${theme}, ${lang})`, async ({ house, page, context }) => {
    await setUp(page, house);
    await wear(context, house.url, { theme, lang });
    for (const [to, level] of [['all', 'critical'], ['role:operator', 'warning'], ['role:admin', 'info']]) {
      const data = { to, level, title: `${level} 디스크 ${'x'.repeat(80)}`, text: 'one\ntwo', link: '/chat' };
      expect((await page.request.post(`${house.url}/api/v1/notices`, { data })).status()).toBe(201);
    }
    for (const address of ['/notices', '/notices?show=sent', '/notices?before=2']) {
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await page.goto(house.url + address);
        expect(await violations(page), `${address} at ${width} px`).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `${address} at ${width} px`).toBeLessThanOrEqual(width);
      }
    }
    await page.goto(`${house.url}/notices`);
    await page.locator('#notice-title').fill(' ');
    await page.locator('form[action="/notices/send"] button').click();
    await expect(page.getByRole('alert')).toBeVisible();
    expect(await violations(page), 'refused').toEqual([]);
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
  });
}

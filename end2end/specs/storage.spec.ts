import { expect, test } from '../fixtures/test.ts';

/** A browser that keeps nothing for a site. */
const blocked = (how: 'rejects' | 'throws') => `
  const refuse = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
  for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: refuse });
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
  const request = ${how === 'throws' ? 'refuse' : "() => Promise.reject(new DOMException('denied', 'SecurityError'))"};
  if ('LockManager' in window) LockManager.prototype.request = request;
`;

for (const how of ['rejects', 'throws'] as const) {
  for (const width of [360, 1280]) {
    test(`where site data is blocked and a lock's request ${how}, each tab is live by itself at ${width} px`, async ({
      page,
      board,
      context,
    }) => {
      await context.addInitScript(blocked(how));
      await page.setViewportSize({ width, height: 800 });
      await board.open();
      const other = await context.newPage();
      await other.goto('/');
      await expect(other.getByTestId('badge')).toHaveAttribute('data-state', 'live');
      await other.close();
      await board.is('live');
      // And again after a person has closed its line.
      await page.evaluate(() => window.dispatchEvent(new Event('offline')));
      await page.evaluate(() => window.dispatchEvent(new Event('online')));
      await board.is('live');
    });
  }
}

test('a choice that cannot be kept holds for the page, and that is said', async ({ page, board, context }) => {
  await context.addInitScript(blocked('rejects'));
  await board.open();
  await page.getByTestId('theme').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  // In the bell: another toast may take this one's place.
  const said = async (words: string) => {
    await expect.poll(() => board.told()).toContainEqual(expect.stringContaining(words));
    await page.keyboard.press('Escape');
  };
  await said('stores nothing for this site');
  await page.getByTestId('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await board.is('live');
  await said('사이트 데이터를 저장하지 않아');
  await page.getByTestId('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await board.is('live');
  await board.choose('Server-Sent Events');
  await expect(page.locator('#connection')).toContainText('Server-Sent Events');
  await expect.poll(() => board.told()).toContainEqual(expect.stringContaining('stores nothing'));
});

test('theme and language are there when one arrives by a link from elsewhere', async ({ page, board, context, server }) => {
  await board.open();
  await page.getByTestId('theme').click();
  await page.getByTestId('theme').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByTestId('language').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await context.route('http://elsewhere.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<a href="${server.url}/">there</a>` }),
  );
  await page.goto('http://elsewhere.example/');
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url() === `${server.url}/`),
    page.getByRole('link', { name: 'there' }).click(),
  ]);
  expect(await answer.text()).toMatch(/<html lang="ko" data-theme="dark"/);
});

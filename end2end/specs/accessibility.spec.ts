import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { Doctor } from '../fixtures/doctor.ts';
import { expect, LINE_LOST, test } from '../fixtures/test.ts';

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing on the overview (${theme}, ${lang})`, async ({ page, context, board, baseURL }) => {
    await wear(context, baseURL!, { theme, lang });
    await board.open();
    expect(await violations(page)).toEqual([]);
  });

  test(`axe finds nothing where there is no page (${theme}, ${lang})`, async ({
    page,
    context,
    board,
    baseURL,
    complaints,
  }) => {
    complaints.allow(/status of 404/);
    await wear(context, baseURL!, { theme, lang });
    await board.visit('/no/such/page');
    expect(await violations(page)).toEqual([]);
  });

  test(`axe finds nothing in what the doctor finds (${theme}, ${lang})`, async ({
    page,
    context,
    network,
    complaints,
  }) => {
    complaints.allow(LINE_LOST);
    complaints.allow(/status of 403/);
    await wear(context, network.url, { theme, lang });
    network.refuses = /^[A-Z]+ \/live\/sse/;
    const doctor = new Doctor(page);
    await doctor.open(network.url);
    await expect(doctor.check('routes').box).toHaveAttribute('data-verdict', 'fault', { timeout: 15_000 });
    const decided = async () => !Object.values(await doctor.verdicts()).includes('running');
    await expect.poll(decided, { timeout: 15_000 }).toBe(true);
    expect(await violations(page)).toEqual([]);
  });
}

for (const { theme } of LOOKS) {
  test(`axe finds nothing on what opens above the page (${theme})`, async ({ page, context, board, baseURL }) => {
    await wear(context, baseURL!, { theme });
    await board.open();
    const open: [string, () => Promise<void>, string][] = [
      ['the connection', () => board.badge.click(), '#connection'],
      ['the bell', () => board.bell.click(), '#notices'],
      ['the palette', () => page.keyboard.press('Control+k'), '#answers [role=option]'],
      ['the shortcuts', () => page.keyboard.press('?'), 'dialog[open]'],
      ['a menu', () => board.card('cpu').box.getByTestId('menu').click(), '.menu__items'],
    ];
    for (const [name, act, seen] of open) {
      await act();
      await expect(page.locator(seen).filter({ visible: true }).first()).toBeVisible();
      expect(await violations(page), name).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.locator(seen).filter({ visible: true })).toHaveCount(0);
    }
  });

  test(`axe finds nothing on tables and on what was disconnected (${theme})`, async ({
    page,
    context,
    board,
    baseURL,
  }) => {
    await wear(context, baseURL!, { theme });
    await board.open();
    for (const id of ['cpu', 'cores', 'network']) await board.card(id).take('table');
    await board.disconnectAll.click();
    await board.is('stopped');
    expect(await violations(page)).toEqual([]);
  });

  test(`axe finds nothing on a page that is offline, with its bell open (${theme})`, async ({
    page,
    context,
    board,
    baseURL,
    complaints,
  }) => {
    complaints.allow(LINE_LOST);
    await wear(context, baseURL!, { theme });
    await board.open();
    await context.setOffline(true);
    await board.is('offline');
    await board.badge.click();
    await expect(page.getByTestId('retry')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await context.setOffline(false);
    await board.is('live');
    await expect(page.getByTestId('toasts')).not.toBeEmpty();
    expect(await violations(page), 'a toast').toEqual([]);
    await board.told();
    expect(await violations(page), 'a notice').toEqual([]);
  });
}

test('axe finds nothing at any width', async ({ page, board }) => {
  await board.open();
  for (const width of [360, 768, 1100, 1920]) {
    await page.setViewportSize({ width, height: 780 });
    await expect(board.card('cpu').box).toBeVisible();
    expect(await violations(page), `at ${width} px`).toEqual([]);
  }
});

test('axe finds nothing without JavaScript', async ({ browser, baseURL }) => {
  // The page's own scripts are kept away; axe needs its own.
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.route('**/pkg/**/*.{js,wasm}', (route) => route.abort());
  await page.goto('/');
  expect(await violations(page)).toEqual([]);
  await context.close();
});

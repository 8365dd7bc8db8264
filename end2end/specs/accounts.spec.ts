import type { Page } from '@playwright/test';
import { code, makeAccount, PASSWORD, setUp, setUpLink, signIn } from '../fixtures/accounts.ts';
import { COLOURS, LAYOUT, LOOKS, violations, wear } from '../fixtures/axe.ts';
import { test } from '../fixtures/house.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect, LINE_LOST } from '../fixtures/test.ts';

test('the first account is made by keyboard alone, and its owner signs out and in again', async ({ house, page, board }) => {
  await page.goto(await setUpLink(house));
  // The first field has the focus.
  for (const text of ['kim', PASSWORD, PASSWORD]) {
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${house.url}/`);
  await board.hydrated();
  await board.is('live');
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Account');
  await page.getByRole('banner').locator('form[action="/sign-out"] button').click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.keyboard.type('Kim');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${house.url}/`);
});

test('who has not signed in is led to the sign-in page, and from there to where it wanted to go', async ({ house, page, browser }) => {
  await setUp(page, house);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${house.url}/chat`);
  await expect(other).toHaveURL(/\/sign-in\?next=%2Fchat$/);
  await signIn(other, 'kim', 'a wrong password of someone');
  await expect(other.getByRole('alert')).toBeVisible();
  await expect(other.locator('input[name="name"]')).toHaveValue('kim');
  await signIn(other, 'kim');
  await expect(other).toHaveURL(`${house.url}/chat`);
  await context.close();
});

test('a second factor is asked for, and a recovery code does once', async ({ house, page, browser }) => {
  await setUp(page, house);
  await page.goto(`${house.url}/account`);
  await page.locator('form[action="/account/totp/start"] input[name="current_password"]').fill(PASSWORD);
  await page.locator('form[action="/account/totp/start"] button').click();
  const uri = await page.locator('a[href^="otpauth:"]').getAttribute('href');
  const secret = new URL(uri!).searchParams.get('secret')!;
  await expect(page.getByRole('img', { name: 'QR code' }).locator('svg')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.locator('form[action="/account/totp/confirm"] input[name="code"]').fill(code(secret));
  await page.locator('form[action="/account/totp/confirm"] button').click();
  const codes = (await page.locator('main').innerText()).match(/[0-9a-f]{5}(-[0-9a-f]{5}){3}/g)!;
  expect(codes).toHaveLength(10);
  const tries = [
    // The code of this moment was used.
    { typed: code(secret), field: 'code', enters: false },
    { typed: code(secret, Date.now() + 30_000), field: 'code', enters: true },
    { typed: codes[0].toUpperCase(), field: 'recovery', enters: true },
    { typed: codes[0], field: 'recovery', enters: false },
  ];
  for (const { typed, field, enters } of tries) {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto(`${house.url}/sign-in`);
    await signIn(other, 'kim');
    await expect(other).toHaveURL(/\/sign-in\/code$/);
    const input = other.locator(`#${field}`);
    if (!(await input.isVisible())) await other.locator('summary').click();
    await input.fill(typed);
    await input.press('Enter');
    if (enters) await expect(other).toHaveURL(`${house.url}/`);
    else await expect(other.getByRole('alert')).toBeVisible();
    await context.close();
  }
});

test('a passkey of a device is added and signs in, and who cancels is told so', async ({ house, page, browser, complaints }) => {
  // Passkeys belong to a domain.
  const site = house.url.replace('127.0.0.1', 'localhost');
  complaints.allow(/NotAllowedError/);
  const device = async (of: Page) => {
    const session = await of.context().newCDPSession(of);
    await session.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    } as const;
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options });
    return { session, authenticatorId };
  };
  await setUp(page, house);
  await page.goto(`${site}/sign-in?next=/account`);
  await signIn(page, 'kim');
  const { session, authenticatorId } = await device(page);
  await page.getByText('Add a passkey').click();
  await page.locator('#passkey-name').fill('my phone');
  await page.locator('form[action="/account/passkeys/start"] button').click();
  await expect(page.getByRole('status')).toContainText('The passkey is added');
  await expect(page.locator('#passkeys .row__name')).toHaveText('my phone');
  expect(await violations(page)).toEqual([]);
  const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
  expect(credentials).toHaveLength(1);

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${site}/sign-in?next=/chat`);
  const there = await device(other);
  const button = other.getByRole('button', { name: 'Sign in with a passkey' });
  // The device has none yet: the browser gives no answer, and the page says so.
  await button.click();
  await expect(other.getByRole('alert')).toContainText('gave no passkey');
  await expect(button).toBeEnabled();
  expect(await violations(other)).toEqual([]);
  await there.session.send('WebAuthn.addCredential', { authenticatorId: there.authenticatorId, credential: credentials[0] });
  await button.click();
  await expect(other).toHaveURL(`${site}/chat`);
  await context.close();
});

test('an invitation makes a viewer, whose live page ends when the account is disabled', async ({ house, page, browser }) => {
  await setUp(page, house);
  await page.goto(`${house.url}/settings/people`);
  await page.locator('form[action="/settings/invitations/create"] select[name="role"]').selectOption('viewer');
  await page.locator('form[action="/settings/invitations/create"] button').click();
  const link = await page.locator('main').innerHTML();
  const secret = /\/invitation\?link=([0-9a-f]+)/.exec(link)![1];
  const context = await browser.newContext();
  const other = await context.newPage();
  const board = new Board(other);
  await other.goto(`${house.url}/invitation?link=${secret}`);
  await makeAccount(other, 'lee');
  await board.hydrated();
  await board.is('live');
  const tab = await context.newPage();
  await tab.goto(`${house.url}/settings/people`);
  await expect(tab.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await tab.locator('form[action^="/settings/"]').count(), 'no form that is not theirs').toBe(0);
  await tab.close();
  await page.goto(`${house.url}/settings/people`);
  const row = page.locator('form[action="/settings/people/disable"]').last();
  await row.locator('xpath=ancestor::details[1]').locator('summary').click();
  await row.locator('button').click();
  await expect(other).toHaveURL(/\/sign-in$/, { timeout: 15_000 });
  await signIn(other, 'lee');
  await expect(other.getByRole('alert')).toBeVisible();
  await context.close();
});

test('a display on the wall shows live charts to whoever has not signed in, and nothing beyond', async ({ page, browser, complaints }) => {
  complaints.allow(/the server responded with a status of 4\d\d/);
  complaints.allow(LINE_LOST);
  const house = await Pulseboard.start({ env: { PULSEBOARD_ANONYMOUS_TOPICS: '["host/*/*"]' } });
  const context = await browser.newContext();
  try {
    await setUp(page, house);
    const wall = await context.newPage();
    const board = new Board(wall);
    await wall.goto(`${house.url}/`);
    await board.hydrated();
    await board.is('live');
    for (const id of ['cpu', 'network']) await board.card(id).moves();
    expect(await violations(wall)).toEqual([]);
    await expect(wall.getByRole('link', { name: 'Sign in', exact: true })).toBeVisible();
    await wall.getByRole('navigation').getByRole('link', { name: 'Lab' }).click();
    await expect(wall).toHaveURL(/\/sign-in\?next=%2Flab$/);
  } finally {
    await context.close();
    await house.stop();
  }
});

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing on the documents of the front door (${theme}, ${lang})`, async ({ house, page, context }) => {
    await wear(context, house.url, { theme, lang });
    await page.goto(await setUpLink(house));
    expect(await violations(page), 'set-up').toEqual([]);
    await makeAccount(page, 'kim');
    for (const address of ['/account', '/settings/people', '/settings/audit']) {
      await page.goto(house.url + address);
      expect(await violations(page), address).toEqual([]);
    }
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${house.url}/api`);
      // The longest document there is: whole once, and then for what a width and a theme may change.
      const only = width === 320 ? LAYOUT : theme === 'light' ? undefined : COLOURS;
      expect(await violations(page, only), `the REST API at ${width} px`).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, `the REST API at ${width} px`).toBeLessThanOrEqual(width);
    }
    await page.goto(`${house.url}/account`);
    await page.getByRole('banner').locator('form[action="/sign-out"] button').click();
    await expect(page).toHaveURL(/\/sign-in$/);
    expect(await violations(page), 'sign-in').toEqual([]);
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
  });
}

import type { Page } from '@playwright/test';
import { setUp } from '../fixtures/accounts.ts';
import { violations } from '../fixtures/axe.ts';
import { test } from '../fixtures/house.ts';
import { expect } from '../fixtures/test.ts';

/** What the system shows of this site. */
function shown(page: Page): Promise<{ title: string; body: string; tag: string; data: string }[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const notifications = await registration.getNotifications();
    return notifications.map(({ title, body, tag, data }) => ({ title, body, tag, data }));
  });
}

test('a browser that may not notify is told so in a plain sentence', async ({ house, page, context }) => {
  await setUp(page, house);
  // All that is not granted is refused.
  await context.grantPermissions(['geolocation'], { origin: house.url });
  await page.goto(`${house.url}/account`);
  const devices = page.locator('#devices');
  await expect(devices).toContainText('No browser shows your notices yet.');
  await expect(devices.getByText('does not allow notifications from this site')).toBeVisible();
  await expect(devices.getByRole('button')).toHaveCount(0);
  await expect(devices.getByText('allow JavaScript')).toBeHidden();
  expect(await violations(page)).toEqual([]);
});

test('the service worker shows what is pushed to it, and leads nowhere else', async ({ house, page, context, complaints }) => {
  complaints.allow(/does not support the Push API in incognito mode/);
  await setUp(page, house);
  await context.grantPermissions(['notifications'], { origin: house.url });
  await page.goto(`${house.url}/account`);
  await expect(page.getByRole('button', { name: 'Show notices on this device' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  // This browser has no push service.
  await page.getByRole('button', { name: 'Show notices on this device' }).click();
  await expect(page.getByRole('alert')).toContainText('could not reach its push service');
  expect(await violations(page)).toEqual([]);
  const devtools = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  // The document's policy lets it be registered, and its scope is the whole board.
  const scope = await page.evaluate(async () => {
    const address = document.querySelector<HTMLElement>('[data-push]')!.dataset.worker!;
    await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
    return (await navigator.serviceWorker.ready).scope;
  });
  expect(scope).toBe(`${house.url}/`);
  const registrationId = await registered;
  const push = async (data: object | string) =>
    devtools.send('ServiceWorker.deliverPushMessage', {
      origin: house.url,
      registrationId,
      data: typeof data === 'string' ? data : JSON.stringify(data),
    });
  await push({ id: 7, level: 'warning', title: 'Disk', text: 'of db-1', link: '/chat', at_ms: 5 });
  const first = { title: 'Disk', body: 'Warning\nof db-1', tag: 'notice-7', data: `${house.url}/chat` };
  await expect.poll(() => shown(page)).toEqual([first]);
  // Again takes its place; what leads elsewhere leads to the notices; what is nothing is still shown, as browsers ask.
  await push({ id: 7, level: 'info', title: 'Disk again', link: '//evil.example/', at_ms: 6 });
  await push({ id: 8, level: 'critical', title: 'Fire', link: 'https://evil.example/', at_ms: 6 });
  await push('not JSON');
  const later = [
    { title: 'Disk again', body: '', tag: 'notice-7', data: `${house.url}/evil.example/` },
    { title: 'Fire', body: 'Critical', tag: 'notice-8', data: `${house.url}/notices` },
    { title: 'New notice', body: '', tag: 'notice-unknown', data: `${house.url}/notices` },
  ];
  const byTag = (all: { tag: string }[]) => all.sort((one, other) => (one.tag < other.tag ? -1 : 1));
  await expect.poll(async () => byTag(await shown(page))).toEqual(later);
});

test('a browser is added, finds itself in the list and is removed', async ({ house, page, context }) => {
  // The one part that a browser without a push service lacks. The keys are those of RFC 8291, appendix A.
  await context.addInitScript(() => {
    if (window.origin === 'null') return;
    const endpoint = 'https://push.example/kim';
    const p256dh = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4';
    const toJSON = () => ({ endpoint, keys: { p256dh, auth: 'BTBZMqHH6r4Tts7J_aSIgg' } });
    let options: PushSubscriptionOptionsInit | undefined = JSON.parse(sessionStorage.getItem('options') ?? 'null');
    const keep = (value?: PushSubscriptionOptionsInit) => {
      options = value;
      sessionStorage.setItem('options', JSON.stringify(value ?? null));
      return true;
    };
    const subscription = { endpoint, toJSON, options: {}, unsubscribe: async () => keep() } as unknown as PushSubscription;
    PushManager.prototype.getSubscription = async () => (options ? subscription : null);
    PushManager.prototype.subscribe = async (asked) => {
      const key = asked?.applicationServerKey;
      if (!asked?.userVisibleOnly || !(key instanceof Uint8Array) || key.length !== 65) throw new TypeError('no key');
      keep(asked);
      return subscription;
    };
  });
  await setUp(page, house);
  await context.grantPermissions(['notifications'], { origin: house.url });
  await page.goto(`${house.url}/account`);
  await page.getByRole('button', { name: 'Show notices on this device' }).press('Enter');
  await expect(page.getByRole('status')).toContainText('The device is added');
  const devices = page.locator('#devices');
  await expect(devices.locator('.row__name')).toHaveText('Chrome · Windows');
  await expect(devices.locator('.row')).toContainText('https://push.example');
  await expect(devices.getByText('this browser', { exact: true })).toBeVisible();
  await expect(devices.getByText('This browser shows your notices.')).toBeVisible();
  await expect(devices.getByRole('button', { name: 'Show notices' })).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await devices.getByText('Remove…').click();
  await devices.getByRole('button', { name: 'Remove device Chrome · Windows' }).click();
  await expect(page.getByRole('status')).toContainText('The device is removed');
  await expect(devices.getByRole('button', { name: 'Show notices on this device' })).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.getItem('options'))).toBe('null');
});

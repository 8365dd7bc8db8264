import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { PASSWORD, setUp } from '../fixtures/accounts.ts';
import { violations } from '../fixtures/axe.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { expect, LINE_LOST, test as base } from '../fixtures/test.ts';

/** A server that signs people in at a provider, and the provider: npm's `oidc-provider`, which takes any name for a person's. */
interface Team {
  house: Pulseboard;
}

const GROUPS: Record<string, string[]> = { lee: ['operations'], park: ['guests'] };

const test = base.extend<{ team: Team }>({
  team: async ({ complaints }, use) => {
    complaints.allow(/the server responded with a status of 4\d\d/);
    complaints.allow(LINE_LOST);
    // The provider's own pages want a font from elsewhere.
    complaints.allow(/fonts\.googleapis|Failed to load resource/);
    const provider = createServer();
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const [client_id, client_secret] = ['board', 'a secret of board'];
    const house = await Pulseboard.start({
      env: {
        PULSEBOARD_OIDC__ISSUER: issuer,
        PULSEBOARD_OIDC__CLIENT_ID: client_id,
        PULSEBOARD_OIDC__CLIENT_SECRET: client_secret,
        PULSEBOARD_OIDC__NAME: 'The Team',
        PULSEBOARD_OIDC__ROLE_CLAIM: 'groups',
        PULSEBOARD_OIDC__ROLES: '{operations="operator"}',
        PULSEBOARD_OIDC__CREATE_ACCOUNTS: 'true',
      },
    });
    const redirect_uris = [`${house.url}/sign-in/provider/return`];
    const knows = new Provider(issuer, {
      clients: [{ client_id, client_secret, redirect_uris }],
      claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, preferred_username: id, groups: GROUPS[id] ?? [] }),
      }),
    });
    provider.on('request', knows.callback());
    await use({ house });
    await house.stop();
    provider.closeAllConnections();
    provider.close();
  },
});

test('who signs in at the provider comes in, and comes back to where it wanted to go', async ({ team, page, browser }) => {
  const { house } = team;
  await setUp(page, house);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${house.url}/account`);
  const link = other.getByRole('link', { name: 'Sign in with The Team' });
  await expect(link).toBeVisible();
  expect(await violations(other)).toEqual([]);
  await link.focus();
  await other.keyboard.press('Enter');
  await other.locator('input[name="login"]').fill('lee');
  await other.locator('input[name="password"]').fill(PASSWORD);
  await other.locator('button[type="submit"]').click();
  // It asks whether this server may know.
  await other.locator('button[type="submit"]').click();
  await expect(other).toHaveURL(`${house.url}/account`);
  await expect(other.locator('main')).toContainText('lee');
  await expect(other.locator('form[action="/account/password"]')).toHaveCount(0);
  expect(await violations(other)).toEqual([]);
  await context.close();
});

test('who has no role there stays out and is told why', async ({ team, page, browser }) => {
  const { house } = team;
  await setUp(page, house);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${house.url}/sign-in`);
  await other.getByRole('link', { name: 'Sign in with The Team' }).click();
  await other.locator('input[name="login"]').fill('park');
  await other.locator('input[name="password"]').fill(PASSWORD);
  await other.locator('button[type="submit"]').click();
  await other.locator('button[type="submit"]').click();
  await expect(other.getByRole('heading', { level: 1 })).toContainText('You have no role here');
  expect(await violations(other)).toEqual([]);
  await other.goto(`${house.url}/account`);
  await expect(other).toHaveURL(/\/sign-in\?next=/);
  await context.close();
});

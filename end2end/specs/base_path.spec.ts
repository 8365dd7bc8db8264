import { readFileSync } from 'node:fs';
import { makeAccount, PASSWORD, setUpLink } from '../fixtures/accounts.ts';
import { Nginx } from '../fixtures/nginx.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect, LINE_LOST, test } from '../fixtures/test.ts';

const BASE = '/pulse/';
const TRANSPORTS = ['Server-Sent Events', 'HTTP streaming', 'Long polling', 'Polling', 'Socket.IO', 'WebSocket'];

/** The lines of docs/proxies.md for nginx. */
function lines(port: number): string {
  const page = readFileSync(new URL('../../docs/proxies.md', import.meta.url), 'utf8');
  const block = page.split('\n### nginx\n')[1].split('```')[1];
  return block.slice(block.indexOf('\n')).replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`);
}

const PROXIES = {
  'leaves the base path on': '',
  'takes the base path off': `rewrite ^${BASE}(.*)$ /$1 break;`,
};

for (const [name, rewrite] of Object.entries(PROXIES)) {
  test(`a board below a base path is whole behind a proxy that ${name}`, async ({ page, complaints }) => {
    complaints.allow(LINE_LOST);
    // Pages are left while they still ask for something.
    complaints.allow(/trouble 0-/);
    const house = await Pulseboard.start({
      env: { PULSEBOARD_BASE_PATH: BASE, PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS: '0' },
    });
    const nginx = await Nginx.before(house.port, rewrite + lines(house.port));
    // Whatever the page asks of this host lies below the base path.
    const outside: string[] = [];
    const look = (address: string) => {
      const { host, pathname } = new URL(address);
      if (host === new URL(nginx.url).host && !pathname.startsWith(BASE)) outside.push(address);
    };
    page.on('request', (request) => look(request.url()));
    page.on('websocket', (socket) => look(socket.url()));
    try {
      const link = new URL(await setUpLink(house));
      expect(link.pathname).toBe(`${BASE}set-up`);
      await page.goto(nginx.url + link.pathname + link.search);
      await makeAccount(page, 'kim');
      await expect(page).toHaveURL(`${nginx.url}${BASE}`);
      const board = new Board(page);
      await board.open(`${nginx.url}${BASE}`);
      for (const transport of TRANSPORTS) {
        await board.choose(transport);
        await expect(board.badge).toContainText(transport);
        await board.is('live');
        await board.card('cpu').moves();
      }
      // From page to page, by links, by the palette, and by the way back.
      await page.getByRole('link', { name: 'Lab' }).click();
      await expect(page).toHaveURL(`${nginx.url}${BASE}lab`);
      await expect(page.getByRole('heading', { name: 'Lab' })).toBeVisible();
      await page.getByRole('link', { name: 'Doctor' }).click();
      await expect(page).toHaveURL(`${nginx.url}${BASE}lab/doctor`);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('overview');
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(`${nginx.url}${BASE}`);
      await expect(page.getByTestId('card-cpu')).toBeVisible();
      await page.goBack();
      await expect(page).toHaveURL(`${nginx.url}${BASE}lab/doctor`);
      await page.reload();
      await board.hydrated();
      await expect(page.getByRole('link', { name: 'Lab' }).first()).toHaveAttribute('aria-current', 'page');
      // The language is kept for this board alone.
      const cookies = (await page.context().cookies()).filter(({ name }) => name !== 'lang');
      expect(cookies.length).toBeGreaterThan(0);
      for (const cookie of cookies) expect(cookie.path).toBe(BASE);
      // The documents, and the way out and in.
      await page.locator('.top a[href$="/account"]').click();
      await expect(page).toHaveURL(`${nginx.url}${BASE}account`);
      await page.locator('.door__links a').filter({ hasText: 'Notices' }).click();
      await expect(page).toHaveURL(`${nginx.url}${BASE}notices`);
      await page.locator('form[action$="/sign-out"] button').click();
      await expect(page).toHaveURL(`${nginx.url}${BASE}sign-in`);
      await page.goto(`${nginx.url}${BASE}lab`);
      await expect(page).toHaveURL(`${nginx.url}${BASE}sign-in?next=%2Flab`);
      await page.locator('input[name="name"]').fill('kim');
      await page.locator('input[name="password"]').fill(PASSWORD);
      await page.locator(`form[action="${BASE}sign-in"] button`).click();
      await expect(page).toHaveURL(`${nginx.url}${BASE}lab`);
      expect(outside).toEqual([]);
    } finally {
      await nginx.close();
      await house.stop();
    }
  });
}

import { Doctor, PROXIES } from '../fixtures/doctor.ts';
import { Haproxy } from '../fixtures/haproxy.ts';
import { Interceptor } from '../fixtures/interceptor.ts';
import { Nginx } from '../fixtures/nginx.ts';
import { Proxy } from '../fixtures/proxy.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, expect, LINE_LOST, test as base } from '../fixtures/test.ts';

const test = base.extend<{ doctor: Doctor; nginx: Nginx }>({
  doctor: async ({ page }, use) => {
    await use(new Doctor(page));
  },
  // As it comes.
  nginx: async ({ server }, use) => {
    const nginx = await Nginx.before(server.port);
    await use(nginx);
    await nginx.close();
  },
});

/** Everything but silence is decided by then. */
const DECIDED = { timeout: 15_000 };

/** Over plain HTTP/1.1, where a browser asks six things at once and not more. */
const WELL = {
  routes: 'well',
  upgrade: 'well',
  streaming: 'well',
  host: 'well',
  tls: 'well',
  http: 'well',
  crowd: 'note',
  clock: 'well',
};

/** What every proxy in front of Pulseboard is told. */
const PASSES = [
  'proxy_http_version 1.1;',
  'proxy_set_header Host $http_host;',
  'proxy_set_header Upgrade $http_upgrade;',
  'proxy_set_header Connection $http_connection;',
];

/** Lines after others were put into them: one that sets the same thing takes the place of the one before. */
function mended(lines: string[], advice: string[]): string {
  const sets = (line: string) => /^(proxy_set_header\s+)?\S+/.exec(line)![0];
  return [...new Map([...lines, ...advice].map((line) => [sets(line), line])).values()].join('\n');
}

test('nothing is found where nothing is in between', async ({ board, doctor }) => {
  await doctor.open();
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
  await expect(doctor.summary).toHaveText(/\S/);
  const { title, evidence } = doctor.check('crowd');
  await expect(title).toHaveText('At most six requests at once');
  const answered = Number(/\d+/.exec(await evidence.innerText())?.[0]);
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThanOrEqual(6);
  // Silence is still listened to, and it is said for how long.
  await expect(doctor.summary).toContainText('runs on to 100 s');
  const before = await doctor.silence();
  await expect.poll(() => doctor.silence()).toBeGreaterThan(before);
  await expect(doctor.check('idle').box).toHaveAttribute('data-verdict', 'running');
  await board.is('live');
});

test('nginx as it comes is told apart, and the lines that are shown mend it', async ({ doctor, nginx, complaints }) => {
  complaints.allow(LINE_LOST);
  // It asks by a name of its own, so that the page looks to the server as if it came from elsewhere.
  complaints.allow(/status of 403/);
  await doctor.open(nginx.url);
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...WELL, upgrade: 'fault', host: 'fault', http: 'fault' });
  await expect(doctor.check('http').title).toHaveText('A proxy speaks HTTP/1.0 to the server');
  await expect(doctor.check('upgrade').title).toHaveText('The WebSocket upgrade is stripped');
  // What is wrong comes first; the proxy has told who it is.
  expect((await doctor.titles()).slice(0, 3).sort()).toEqual(
    ['A proxy changes the Host header', 'A proxy speaks HTTP/1.0 to the server', 'The WebSocket upgrade is stripped'].sort(),
  );
  await expect(doctor.proxy).toHaveValue('nginx');
  await nginx.reconfigure(mended([], await doctor.advice()));
  await doctor.again();
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
});

test('a proxy that holds answers back is told apart, and the lines that are shown mend it', async ({
  doctor,
  nginx,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  complaints.allow(/WebSocket/);
  // The server asks that nothing be held back, and is not heard. Over HTTP/1.1 this nginx passes each chunk on all the same.
  const holds = ['proxy_set_header Host $http_host;', 'proxy_ignore_headers X-Accel-Buffering;', 'proxy_buffering on;'];
  await nginx.reconfigure(holds.join('\n'));
  await doctor.open(nginx.url);
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({
    ...WELL,
    upgrade: 'fault',
    streaming: 'fault',
    http: 'fault',
  });
  await expect(doctor.check('streaming').title).toHaveText('Answers are held back');
  // It still does not hear the server: the lines alone have to mend it.
  await nginx.reconfigure(mended(holds, await doctor.advice()));
  await doctor.again();
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
});

test('a proxy that cuts silence is told apart with its time, and the lines that are shown mend it', async ({
  doctor,
  nginx,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  const cuts = [...PASSES, 'proxy_read_timeout 4s;'];
  await nginx.reconfigure(cuts.join('\n'));
  await doctor.open(nginx.url);
  const { box, title, evidence } = doctor.check('idle');
  await expect(box).toHaveAttribute('data-verdict', 'fault', { timeout: 4_000 + 15_000 });
  await expect(title).toHaveText('Idle connections are cut');
  await expect(evidence).toContainText(/after [345]\s+s/);
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
  await nginx.reconfigure(mended(cuts, await doctor.advice()));
  await doctor.again();
  await expect(box).toHaveAttribute('data-verdict', 'running');
  await expect.poll(() => doctor.silence(), { timeout: 20_000 }).toBeGreaterThan(6);
  await expect(box).toHaveAttribute('data-verdict', 'running');
});

test('a cut that comes later than the heartbeat is only noted: no line of the page is silent for so long', async ({
  board,
  doctor,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  const server = await Pulseboard.start({ env: { PULSEBOARD_LIVE__HEARTBEAT_MS: '2000' } });
  const proxy = await Proxy.before(server.port);
  proxy.cutsIdleAfterMs = 5_000;
  try {
    await doctor.open(proxy.url);
    const { box, title, evidence } = doctor.check('idle');
    await expect(box).toHaveAttribute('data-verdict', 'note', { timeout: 5_000 + 15_000 });
    await expect(title).toHaveText('Idle connections are cut');
    await expect(evidence).toContainText(/after [456]\s+s/);
    await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
    await board.is('live');
    expect(await board.told()).toEqual([]);
  } finally {
    await proxy.close();
    await server.stop();
  }
});

test('an address that is blocked is named, with what answers there', async ({ doctor, network, complaints }) => {
  complaints.allow(LINE_LOST);
  complaints.allow(/status of 403/);
  network.refuses = /^[A-Z]+ \/live\/sse/;
  await doctor.open(network.url);
  // Where nothing can be streamed from there, nothing is known of streams, or it is known from another address.
  const others = { ...WELL, streaming: expect.stringMatching(/^(well|unknown)$/) };
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...others, routes: 'fault' });
  const { title, evidence } = doctor.check('routes');
  await expect(title).toHaveText('An endpoint is blocked');
  await expect(evidence).toContainText('Server-Sent Events');
  await expect(evidence).toContainText('403');
  await expect(evidence).not.toContainText('WebSocket');
});

test('upgrades that something on the way refuses are told from those that it strips', async ({
  doctor,
  network,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  network.refusesUpgrades = true;
  await doctor.open(network.url);
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...WELL, upgrade: 'fault' });
  await expect(doctor.check('upgrade').title).toHaveText('WebSocket upgrades are refused on the way');
});

test('TLS that reaches the server is well, and a box that opens it on the way is named', async ({ browser }) => {
  const server = await Pulseboard.start({ args: ['--tls-self-signed'] });
  const box = await Interceptor.before(server);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  try {
    const doctor = new Doctor(await context.newPage());
    await doctor.open(server.url);
    // HTTP/2 carries all of them on one connection.
    await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...WELL, crowd: 'well' });
    await doctor.open(box.url);
    await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...WELL, tls: 'fault', streaming: 'fault' });
    await expect(doctor.check('tls').title).toHaveText('Something opens TLS on the way');
    await expect(doctor.check('streaming').title).toHaveText('Answers are held back');
  } finally {
    await context.close();
    await box.close();
    await server.stop();
  }
});

test('clocks that are five minutes apart are named', async ({ page, doctor }) => {
  await page.addInitScript((ahead) => {
    const origin = performance.timeOrigin + ahead;
    Object.defineProperty(performance, 'timeOrigin', { get: () => origin });
    const Real = Date;
    window.Date = class extends Real {
      constructor(...given: unknown[]) {
        super(...((given.length > 0 ? given : [Real.now() + ahead]) as [number]));
      }
      static now() {
        return Real.now() + ahead;
      }
    } as DateConstructor;
  }, 5 * 60_000);
  await doctor.open();
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...WELL, clock: 'fault' });
  await expect(doctor.check('clock').title).toHaveText('The clocks are apart');
  await expect(doctor.check('clock').evidence).toContainText('5 min');
});

test('the report holds every finding and nothing secret, and is copied as it stands', async ({
  page,
  context,
  baseURL,
  doctor,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await context.addCookies([{ name: 'keepsake', value: 'not-for-others', url: baseURL! }]);
  await doctor.open();
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
  const report = await doctor.report();
  const titles = await doctor.titles();
  expect(titles).toHaveLength(9);
  for (const title of titles) expect(report).toContain(title);
  await expect(page.getByTestId('doctor-report')).not.toBeEditable();
  await expect(doctor.copy).toHaveAccessibleName('Copy report');
  // It counts the seconds of silence: between two looks it may have become another one.
  await expect
    .poll(async () => {
      await doctor.copy.click();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      return copied !== '' && copied === (await doctor.report());
    })
    .toBe(true);
  for (const secret of ['keepsake', 'not-for-others']) expect(await doctor.report()).not.toContain(secret);
});

test('the lines of a proxy are chosen by keyboard, and fit into 360 pixels', async ({
  page,
  doctor,
  nginx,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  complaints.allow(/status of 403/);
  await page.setViewportSize({ width: 360, height: 780 });
  await doctor.open(nginx.url);
  await expect(doctor.check('http').box).toHaveAttribute('data-verdict', 'fault', DECIDED);
  await expect(doctor.proxy).toHaveValue('nginx');
  await doctor.proxy.focus();
  await page.keyboard.press('H');
  await expect(doctor.proxy).toHaveValue('haproxy');
  for (const chosen of PROXIES) {
    await doctor.proxy.selectOption({ label: chosen });
    for (const name of PROXIES) await expect(doctor.lines(name)).toBeVisible({ visible: name === chosen });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, chosen).toBeLessThanOrEqual(0);
  }
});

test('HAProxy as it comes makes each event late, and the lines that are shown mend it', async ({ doctor, server, complaints }) => {
  complaints.allow(LINE_LOST);
  const haproxy = await Haproxy.before(server.port);
  try {
    await doctor.open(haproxy.url);
    // On a busy machine the clocks are too uncertain to accuse anyone, so a reader would check again.
    await expect(async () => {
      if ((await doctor.verdicts())['streaming'] === 'well') await doctor.again();
      expect(await doctor.verdicts()).toEqual({ ...WELL, streaming: 'fault' });
    }).toPass({ timeout: 60_000 });
    await expect(doctor.check('streaming').title).toHaveText('Each event arrives late');
    await expect(doctor.check('streaming').evidence).toContainText(/each of them \d+ ms after/);
    await doctor.proxy.selectOption({ label: 'HAProxy' });
    await haproxy.reconfigure((await doctor.advice('HAProxy')).join('\n'));
    await doctor.again();
    await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
  } finally {
    await haproxy.close();
  }
});

test('once the Host is right the rest is checked again by itself', async ({ doctor, nginx, complaints }) => {
  complaints.allow(LINE_LOST);
  complaints.allow(/status of 403|WebSocket/);
  const upgrades = PASSES.filter((line) => !line.includes('Host'));
  await nginx.reconfigure(upgrades.join('\n'));
  await doctor.open(nginx.url);
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...WELL, host: 'fault', upgrade: 'unknown' });
  await expect(doctor.check('upgrade').evidence).toContainText('as soon as the Host is right');
  await nginx.reconfigure(PASSES.join('\n'));
  // Nobody presses anything.
  await expect.poll(() => doctor.verdicts(), { timeout: 30_000 }).toEqual(WELL);
});

test('a farewell is no evidence: where the server turns the stream away, nothing is known of streams', async ({
  browser,
}) => {
  const server = await Pulseboard.start({ env: { PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS: '1' } });
  const [holder, context] = [await browser.newContext(), await browser.newContext()];
  try {
    // Someone else has the only place.
    await new Board(await holder.newPage()).open(server.url);
    const doctor = new Doctor(await context.newPage());
    await doctor.open(server.url);
    await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...WELL, streaming: 'unknown' });
    await expect(doctor.check('streaming').evidence).toContainText('limits.connections_per_address');
  } finally {
    await Promise.all([holder.close(), context.close()]);
    await server.stop();
  }
});

test('without a network nothing is accused', async ({ context, doctor, complaints }) => {
  complaints.allow(LINE_LOST);
  await doctor.open();
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
  await context.setOffline(true);
  await doctor.again();
  // That a page came without TLS it knows all the same.
  const innocent = Object.keys(WELL).map((id) => [id, expect.stringMatching(/^(well|unknown)$/)]);
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual({ ...Object.fromEntries(innocent), routes: 'unknown' });
  await expect(doctor.check('idle').box).not.toHaveAttribute('data-verdict', /note|fault/);
  await context.setOffline(false);
  await doctor.again();
  await expect.poll(() => doctor.verdicts(), DECIDED).toEqual(WELL);
});

test('whoever leaves ends the examination', async ({ page, doctor }) => {
  // Short ones are asked for as well, and end by themselves.
  const isLong = (address: string) => {
    const { pathname, searchParams } = new URL(address);
    return pathname === '/live/silence' && Number(searchParams.get('ms')) > 60_000;
  };
  const [asked] = await Promise.all([page.waitForRequest((request) => isLong(request.url())), doctor.open()]);
  // It has begun: a request that waits for its turn would not be missed.
  await asked.response();
  await Promise.all([
    page.waitForEvent('requestfailed', (request) => isLong(request.url())),
    page.getByRole('link', { name: 'Overview' }).click(),
  ]);
});

test('without JavaScript the page has its frame, its title and the reason', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  expect((await page.goto('/lab/doctor'))?.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Lab');
  await expect(page.locator('noscript .notice')).toBeVisible();
  await context.close();
});

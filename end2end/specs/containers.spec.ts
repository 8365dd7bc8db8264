import type { Page } from '@playwright/test';
import { setUp } from '../fixtures/accounts.ts';
import { Agent } from '../fixtures/agent.ts';
import { LOOKS, violations, wear } from '../fixtures/axe.ts';
import { IMAGE } from '../fixtures/docker.ts';
import { test } from '../fixtures/docker_test.ts';
import { Pulseboard } from '../fixtures/pulseboard.ts';
import { Board, LINE_LOST, expect } from '../fixtures/test.ts';

const TRANSPORTS = ['websocket', 'sse', 'http_stream', 'long_polling', 'polling', 'socketio'];

const row = (page: Page, name: string) => page.getByTestId('containers').locator('tbody tr', { hasText: name });
const happened = (page: Page, name: string) => page.getByTestId('happened').locator('li', { hasText: name });
const engine = (page: Page) => page.getByTestId('engine');

/** What happened to a container, the oldest first. */
const words = (page: Page, name: string) =>
  happened(page, name).evaluateAll((lines) => lines.map((line) => line.getAttribute('data-what')).reverse());

test('what becomes of a container is in the table and in the list at once', async ({ house, docker, page }) => {
  const board = new Board(page);
  await board.open(`${house.url}/containers`);
  await expect(engine(page)).toContainText('Docker');
  await expect(page.getByText('There are no containers.')).toBeVisible();

  const id = await docker.box('web', 'sleep 1000', '--label', 'com.docker.compose.project=shop');
  await expect(row(page, 'web')).toContainText('Running');
  await expect(row(page, 'web')).toHaveAttribute('data-id', id);
  await expect(row(page, 'web').locator('[data-of=memory]')).toContainText('iB');
  await docker.cli('pause', 'web');
  await expect(row(page, 'web')).toContainText('Paused');
  await docker.cli('unpause', 'web');
  await docker.cli('rename', 'web', 'shop-web');
  await expect(happened(page, 'shop-web').first()).toContainText('is the new name of web');
  await docker.cli('kill', 'shop-web');
  await expect(row(page, 'shop-web')).toContainText('Exited (137)');
  await expect(happened(page, 'shop-web').first()).toContainText('was ended by SIGKILL');
  await docker.cli('rm', 'shop-web');
  await expect(row(page, 'web')).toHaveCount(0);
  await expect(happened(page, 'shop-web').first()).toContainText('was removed');
  expect(await words(page, 'web')).toEqual(
    ['created', 'started', 'paused', 'unpaused', 'renamed', 'signalled', 'ended', 'removed'],
  );

  await docker.box('job', 'exit 3');
  await expect(row(page, 'job')).toContainText('Exited (3)');
  await expect(happened(page, 'job').first()).toContainText('exited with code 3');
});

test('health and restart loops are told, the worst first', async ({ house, docker, page }) => {
  await docker.box('fine', 'sleep 1000');
  const check = ['--health-cmd', 'test -e /ok', '--health-interval', '1s', '--health-retries', '1'];
  await docker.box('ill', 'sleep 1000', ...check);
  await new Board(page).open(`${house.url}/containers`);
  await expect(row(page, 'ill')).toContainText('Unhealthy');
  await docker.box('loop', 'exit 7', '--restart', 'always');
  await expect(row(page, 'loop')).toContainText('Restart loop', { timeout: 30_000 });
  await expect(happened(page, 'loop').filter({ hasText: 'starts again and again' })).toHaveCount(1);
  const names = page.getByTestId('containers').locator('tbody th');
  await expect(names).toHaveText(['ill', 'loop', 'fine']);
  await expect(page.getByTestId('containers-counts')).toHaveText(/2 critical.*1 running/);
  await docker.cli('exec', 'ill', 'touch', '/ok');
  await expect(row(page, 'ill')).toContainText('Healthy');
});

test('each transport tells an event once, and a list that is opened later has it too', async ({ house, docker, page }) => {
  for (const transport of TRANSPORTS) {
    const board = new Board(page);
    await board.prefers(transport);
    await board.open(`${house.url}/containers`);
    await expect(engine(page)).toContainText('Docker');
    await docker.box(`over-${transport}`, 'sleep 1000');
    await expect(row(page, `over-${transport}`)).toContainText('Running');
    await expect(happened(page, `over-${transport}`)).toHaveCount(2);
    expect(await words(page, `over-${transport}`)).toEqual(['created', 'started']);
  }
});

test('an engine that is killed comes back, and nothing is missed or told twice', async ({ house, docker, page }) => {
  await docker.box('kept', 'sleep 1000');
  await new Board(page).open(`${house.url}/containers`);
  await expect(row(page, 'kept')).toContainText('Running');
  await docker.kill9();
  await expect(engine(page)).toContainText('has not answered');
  await expect(row(page, 'kept'), 'what was told stays').toHaveCount(1);
  await docker.revive();
  await expect(engine(page)).not.toContainText('has not answered', { timeout: 40_000 });
  // An engine that starts ends what still ran.
  await expect(row(page, 'kept')).toContainText('Exited', { timeout: 20_000 });
  await docker.cli('start', 'kept');
  await expect(row(page, 'kept')).toContainText('Running');
  await house.restart();
  await new Board(page).is('live', 30_000);
  await docker.cli('kill', 'kept');
  await expect(row(page, 'kept')).toContainText('Exited (137)');
  // The row and the list of events are told apart.
  const count = async (what: string) => (await words(page, 'kept')).filter((word) => word === what).length;
  await expect.poll(() => count('ended')).toBe(2);
  expect(await count('created')).toBe(1);
  expect(await count('started')).toBe(2);
});

test('a container has a page of its own: charts, what happened, its configuration, and its buttons where that is allowed', async ({ docker, complaints, page, context }) => {
  complaints.allow(LINE_LOST);
  const env = { PULSEBOARD_CONTAINERS__ENGINE: docker.address, PULSEBOARD_CONTAINERS__ACTIONS: 'true' };
  const house = await Pulseboard.start({ env });
  try {
    await docker.box('other', 'sleep 1000');
    const loop = "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done";
    const id = await docker.box('shop', loop, '-e', 'PORT=8080', '-e', 'DB_PASSWORD=hunter2', '--memory', '64m');
    await new Board(page).open(`${house.url}/containers`);
    await row(page, 'shop').getByRole('link', { name: 'shop' }).click();
    await expect(page).toHaveURL(new RegExp(`/containers\\?id=${id}$`));
    await expect(page.getByTestId('container-name')).toHaveText('shop');
    await expect(page.getByTestId('container-state')).toContainText('Running');
    await expect(page.getByTestId('card-container-memory').getByTestId('value')).toContainText('iB');
    const facts = page.getByTestId('container-facts');
    await expect(facts).toContainText('PORT=8080');
    await expect(facts).toContainText('DB_PASSWORD=');
    await expect(facts).not.toContainText('hunter2');
    await expect(facts).toContainText('64.0 MiB');
    await expect(happened(page, 'shop')).toHaveCount(2);
    await expect(happened(page, 'other')).toHaveCount(0);
    const pins = page.getByTestId('card-container-cpu').locator('[data-what=started]');
    await expect(pins).toHaveCount(1);

    for (const look of [LOOKS[1], LOOKS[0]]) {
      await wear(context, house.url, look);
      await page.reload();
      await expect(facts).toContainText('PORT=8080');
      expect(await violations(page)).toEqual([]);
    }
    await page.getByRole('button', { name: 'Stop', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('container-question')).toContainText('Stop shop?');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('container-question')).toHaveCount(0);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByTestId('container-act').click();
    await expect(page.getByTestId('container-state')).toContainText('Exited');
    await expect(happened(page, 'shop').filter({ hasText: 'was stopped' })).toHaveCount(1);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByTestId('container-act').click();
    await expect(page.getByTestId('container-state')).toContainText('Running');

    await page.goto(`${house.url}/containers?id=${id.slice(0, 12)}`);
    await expect(page.getByTestId('container-name')).toHaveText('shop');
    await docker.cli('rm', '-f', 'shop');
    await expect(page.getByTestId('container-gone')).toBeVisible();
    await expect(happened(page, 'shop').first()).toContainText('was removed');
    await page.getByRole('link', { name: 'Containers' }).last().click();
    await expect(row(page, 'other')).toContainText('Running');
  } finally {
    await house.stop();
    await docker.clear();
  }
});

test('the list is filtered, sorted and grouped by the keyboard, and reads well in each look', async ({ house, docker, page, context }) => {
  const of = (project: string) => ['--label', `com.docker.compose.project=${project}`];
  await docker.box('shop-db', 'sleep 1000', ...of('shop'), '--memory', '64m', '--cpus', '0.5');
  await docker.box('shop-web', 'sleep 1000', ...of('shop'));
  await docker.box('blog', 'sleep 1000', ...of('blog'));
  await docker.box('<script>'.replaceAll(/[<>]/g, '-').slice(1), 'exit 1');
  await wear(context, house.url, LOOKS[0]);
  await new Board(page).open(`${house.url}/containers`);
  const names = page.getByTestId('containers').locator('tbody th[scope=row]');
  await expect(names).toHaveText(['script-', 'blog', 'shop-db', 'shop-web']);
  await page.getByTestId('containers-find').focus();
  await page.keyboard.type('shop');
  await expect(names).toHaveText(['shop-db', 'shop-web']);
  await expect(page.getByTestId('containers-shown')).toHaveText('2 of 4 containers');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('nowhere');
  await expect(page.getByText('No container has all of these words.')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(names).toHaveText(['blog', 'script-', 'shop-db', 'shop-web']);
  await page.keyboard.press('Enter');
  await expect(names).toHaveText(['shop-web', 'shop-db', 'script-', 'blog']);
  await page.getByTestId('containers-grouping').getByText('By project').click();
  await expect(page.locator('.containers__group')).toHaveText(['blog', 'shop', 'No project']);
  expect(await violations(page)).toEqual([]);

  await wear(context, house.url, LOOKS[1]);
  await page.setViewportSize({ width: 390, height: 844 });
  await new Board(page).open(`${house.url}/containers`);
  await expect(row(page, 'blog')).toContainText('실행 중');
  expect(await violations(page)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('three hundred containers are one list: filtered, grouped, sorted, and told of as they change', async ({ house, docker, page }) => {
  test.slow();
  const [ALL, RUNNING, PROJECTS] = [300, 20, 12];
  let next = 0;
  const make = async () => {
    for (let number = next++; number < ALL; number = next++) {
      const options = ['--label', `com.docker.compose.project=team-${number % PROJECTS}`];
      const name = `box-${String(number).padStart(3, '0')}`;
      if (number < RUNNING) await docker.box(name, 'exec sleep 100000', ...options);
      else await docker.cli('create', '--network', 'none', '--name', name, ...options, IMAGE, '/bin/true');
    }
  };
  await Promise.all(Array.from({ length: 6 }, make));
  await new Board(page).open(`${house.url}/containers`);
  const rows = page.getByTestId('containers').locator('tbody tr[data-id]');
  await expect(rows).toHaveCount(ALL);
  await expect(page.getByTestId('containers-counts')).toContainText(`${RUNNING} running`);

  await page.getByTestId('containers-grouping').getByText('By project').click();
  await expect(page.getByTestId('containers').locator('tbody tr:not([data-id])')).toHaveCount(PROJECTS);
  await page.getByTestId('containers-find').fill('team-7');
  await expect(rows).toHaveCount(ALL / PROJECTS);
  await page.getByTestId('containers-find').fill('');
  await page.getByTestId('containers-grouping').getByText('All').click();
  await page.getByTestId('containers').getByRole('button', { name: 'Name' }).click();
  await expect(rows.first()).toContainText(/box-(000|299)/);

  await docker.cli('kill', ...Array.from({ length: RUNNING }, (_, number) => `box-${String(number).padStart(3, '0')}`));
  await expect(page.getByTestId('containers-counts')).not.toContainText('●');
  await expect(rows.filter({ hasText: 'Exited (137)' })).toHaveCount(RUNNING);
  await docker.clear();
  await expect(rows).toHaveCount(0);
});

test('without an engine the page says so in a sentence', async ({ page, complaints }) => {
  complaints.allow(LINE_LOST);
  const house = await Pulseboard.start({ env: { PULSEBOARD_CONTAINERS__ENGINE: 'off' } });
  await new Board(page).open(`${house.url}/containers`);
  await expect(engine(page)).toHaveText('No container engine is watched. The settings turn it off.');
  await expect(page.getByTestId('containers-off')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await house.stop();
});

test("containers of an agent's machine have the live page of their host, and it leads to the others", async ({ docker, complaints, page, context }) => {
  complaints.allow(LINE_LOST);
  const house = await Pulseboard.start({ env: { PULSEBOARD_CONTAINERS__ENGINE: 'off' } });
  const agent = await Agent.make();
  try {
    await setUp(page, house);
    await page.goto(`${house.url}/hosts`);
    await page.getByRole('button', { name: 'Show the line to run' }).click();
    const line = await page.getByLabel('Run this on the host').inputValue();
    agent.run([...line.split(' ').slice(1), '--name', 'web-1', '--engine', docker.address]);
    const id = await docker.box('far', 'sleep 1000');
    const host = page.locator('[data-id=web-1]');
    await expect(host).toContainText('online', { timeout: 20_000 });
    await expect(async () => {
      await page.reload();
      await expect(host.getByRole('link', { name: 'Containers' })).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await host.getByRole('link', { name: 'Containers' }).click();
    await expect(page).toHaveURL(/\/containers\?host=web-1$/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Containers · web-1');
    await expect(engine(page)).toContainText('Docker');
    await expect(row(page, 'far')).toContainText('Running');
    await expect(row(page, 'far').locator('[data-of=memory]')).toContainText('iB');
    await docker.box('job', 'exit 3');
    await expect(row(page, 'job')).toContainText('Exited (3)');
    await expect(happened(page, 'job').first()).toContainText('exited with code 3');
    const hosts = page.getByTestId('containers-hosts');
    await expect(hosts.getByRole('link')).toHaveText(['local', 'web-1']);
    await expect(hosts.locator('[aria-current=page]')).toHaveText('web-1');
    for (const look of [LOOKS[1], LOOKS[0]]) {
      await wear(context, house.url, look);
      await page.reload();
      await expect(row(page, 'far')).toHaveAttribute('data-state', 'running');
      expect(await violations(page)).toEqual([]);
    }

    await row(page, 'far').getByRole('link', { name: 'far' }).click();
    await expect(page).toHaveURL(new RegExp(`/containers\\?host=web-1&id=${id}$`));
    await expect(page.getByTestId('container-name')).toHaveText('far');
    await expect(page.getByTestId('container-elsewhere')).toBeVisible();
    await expect(page.getByTestId('container-facts')).toHaveCount(0);
    await expect(page.getByTestId('card-container-memory').getByTestId('value')).toContainText('iB');
    await page.getByRole('link', { name: '← Containers' }).click();
    await hosts.getByRole('link', { name: 'local' }).click();
    await expect(page.getByTestId('containers-off')).toBeVisible();

    await page.goBack();
    await expect(row(page, 'far')).toContainText('Running');
    await agent.kill();
    await expect(engine(page)).toContainText('has not answered', { timeout: 30_000 });
    await expect(row(page, 'far')).toContainText('Running');
  } finally {
    await agent.clean();
    await house.stop();
    await docker.clear();
  }
});

import { expect, test } from '../fixtures/test.ts';

test.beforeEach(({ complaints }) => complaints.allow(/status of 404/));

test('an address without a page is answered with 404, in the frame', async ({ page, board }) => {
  const answer = await page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await board.hydrated();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no page at this address');
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  await expect(board.badge).toBeVisible();
  // There is nothing to be connected or looked back at.
  await expect(board.connectAll).toHaveCount(0);
  await expect(page.getByTestId('range')).toHaveCount(0);
  await expect(page).toHaveTitle(/Pulseboard/);
});

test('the way home leads to live numbers', async ({ page, board }) => {
  await page.goto('/no/such/page');
  await board.hydrated();
  await page.getByRole('link', { name: 'Go to the overview' }).click();
  await expect(page).toHaveURL('/');
  await expect(board.card('cpu').value).toHaveText(/^\d+\.\d\s*%$/);
  await board.is('live');
  await board.card('cpu').moves();
  await expect(board.disconnectAll).toBeVisible();
  await expect(page.getByTestId('range')).toBeVisible();
});

test('a program that asks for what is not there gets a word it can match', async ({ request }) => {
  const answer = await request.get('/api/v1/hosts/nobody');
  expect(answer.status()).toBe(404);
  expect(await answer.json()).toMatchObject({ code: 'not_found' });
});

test('without JavaScript the page is there as well', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  const answer = await page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await page.getByRole('link', { name: 'Go to the overview' }).click();
  await expect(page.getByTestId('card-cpu').getByTestId('value')).toHaveText(/\d/);
  await context.close();
});

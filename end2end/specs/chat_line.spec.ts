import { Chat, newRoom, person } from '../fixtures/chat.ts';
import { Board, expect, LINE_LOST, test } from '../fixtures/test.ts';

test('it goes up and down on every transport, and a change of transport loses nothing', async ({
  context,
  browser,
  baseURL,
}) => {
  const room = newRoom();
  const kim = await Chat.enter(context, 'Kim', room);
  const lee = await person(browser, baseURL, 'Lee', room);
  const board = new Board(kim.page);
  const said: string[] = [];
  for (const name of ['WebSocket', 'Server-Sent Events', 'HTTP streaming', 'Long polling', 'Polling', 'Socket.IO']) {
    await board.choose(name);
    // The change itself is under way while this is said.
    await kim.say(`Kim at once on ${name}`);
    await lee.has(`Kim at once on ${name}`);
    await board.is('live');
    await expect(board.badge).toContainText(name);
    await lee.say(`Lee to ${name}`);
    await kim.has(`Lee to ${name}`);
    await kim.say(`Kim on ${name}`);
    await lee.has(`Kim on ${name}`);
    await kim.has(`Kim on ${name}`);
    said.push(`Kim at once on ${name}`, `Lee to ${name}`, `Kim on ${name}`);
  }
  expect(await kim.said()).toEqual(said);
  expect(await lee.said()).toEqual(said);
  await lee.page.context().close();
});

test('a message cut off in mid-send waits, survives a reload, and arrives once', async ({
  context,
  browser,
  baseURL,
  complaints,
}) => {
  complaints.allow(LINE_LOST);
  const room = newRoom();
  const kim = await Chat.enter(context, 'Kim', room);
  const lee = await person(browser, baseURL, 'Lee', room);
  await kim.say('before');
  await lee.has('before');
  // The answer of one message is lost: it is on its way while the network goes.
  await kim.field.fill('in mid-send');
  await Promise.all([kim.field.press('Enter'), context.setOffline(true)]);
  await kim.say('while offline');
  await expect(kim.row('while offline')).toHaveAttribute('data-state', 'sending');
  await expect(kim.panel.getByText('Messages wait here')).toBeVisible();
  await expect(kim.field).toBeEnabled();
  await lee.say('meanwhile');
  await context.setOffline(false);
  for (const chat of [kim, lee]) for (const text of ['in mid-send', 'while offline', 'meanwhile']) await chat.has(text);
  await expect.poll(() => lee.said()).toEqual(await kim.said());
  expect((await kim.said()).filter((text) => text === 'in mid-send')).toHaveLength(1);

  // The next one is written without a network and sent by the next page.
  await context.setOffline(true);
  await kim.say('by the next page');
  await kim.page.close();
  await context.setOffline(false);
  const next = await Chat.enter(context, 'Kim', room);
  await next.has('by the next page');
  await lee.has('by the next page');
  expect((await lee.said()).filter((text) => text === 'by the next page')).toHaveLength(1);
  await lee.page.context().close();
});

test('after kill -9 of the server everything that was said is there', async ({ context, server, complaints }) => {
  complaints.allow(LINE_LOST);
  const room = newRoom();
  const kim = await Chat.enter(context, 'Kim', room);
  for (const n of [1, 2, 3]) await kim.say(`message ${n}`);
  for (const n of [1, 2, 3]) await kim.has(`message ${n}`);
  await server.kill9();
  await kim.say('to a dead server');
  await server.revive();
  await kim.has('to a dead server');
  expect(await kim.said()).toEqual(['message 1', 'message 2', 'message 3', 'to a dead server']);
  await kim.page.reload();
  await kim.has('to a dead server');
  expect(await kim.said()).toEqual(['message 1', 'message 2', 'message 3', 'to a dead server']);
});

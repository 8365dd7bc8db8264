import { Chat, newRoom, remember } from '../fixtures/chat.ts';
import { Nginx } from '../fixtures/nginx.ts';
import { expect, test } from '../fixtures/test.ts';

for (const [lang, width, words, link] of [
  ['en', 1280, 'a proxy has changed the address', 'Open the Doctor'],
  ['ko', 360, '프록시가 요청의 주소를 바꿔서', '진단 열기'],
] as const) {
  test(`what a proxy does to the address is said in the reader's words, and leads to the Doctor (${lang})`, async ({
    page,
    board,
    context,
    server,
    complaints,
  }) => {
    complaints.allow(/403|WebSocket connection to/);
    // The port of the address is lost: the page comes, and what it sends looks like another site's.
    const nginx = await Nginx.before(server.port, 'proxy_set_header Host $host;');
    try {
      await page.setViewportSize({ width, height: 800 });
      await context.addCookies([{ name: 'lang', value: lang, url: nginx.url }]);
      await remember(context, 'Kim', newRoom());
      await page.goto(nginx.url);
      await board.hydrated();
      const chat = new Chat(page);
      await chat.open();
      await chat.field.fill('hello');
      await chat.field.press('Enter');
      const note = page.locator('.said__note');
      await expect(note).toContainText(words, { timeout: 30_000 });
      await note.getByRole('link', { name: link }).click();
      await expect(page).toHaveURL(/\/lab\/doctor$/);
    } finally {
      await nginx.close();
    }
  });
}

import { wear } from '../fixtures/axe.ts';
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
    complaints.allow(/403/);
    // What the server answers where a proxy has taken the port from the address.
    await page.route('**/live/send', (route) =>
      route.fulfill({
        status: 403,
        json: { id: route.request().postDataJSON().id, code: 'forbidden_origin', message: 'this Origin is not the site' },
      }),
    );
    await page.setViewportSize({ width, height: 800 });
    await wear(context, server.url, { lang });
    await remember(context, 'Kim', newRoom());
    await board.prefers('sse');
    await board.open();
    const chat = new Chat(page);
    await chat.open();
    await chat.field.fill('hello');
    await chat.field.press('Enter');
    const note = page.locator('.said__note');
    await expect(note).toContainText(words);
    await expect(note).not.toContainText('Origin');
    await note.getByRole('link', { name: link }).click();
    await expect(page).toHaveURL(/\/lab\/doctor$/);
  });
}

/** Over plain HTTP from another machine no browser says where a request comes from; from loopback it does, so the proxy takes that away. */
const WITHOUT_THE_PORT = 'proxy_set_header Host $host; proxy_set_header Sec-Fetch-Site ""; proxy_buffering off;';

for (const [lang, words, link] of [
  ['en', 'a proxy has changed the address', 'Open the Doctor'],
  ['ko', '프록시가 요청의 주소를 바꿔서', '진단 열기'],
] as const) {
  test(`behind an nginx that takes the port from the Host, the page says so and leads to the Doctor (${lang})`, async ({
    page,
    board,
    context,
    server,
    complaints,
  }) => {
    complaints.allow(/status of 403|WebSocket/);
    const nginx = await Nginx.before(server.port, WITHOUT_THE_PORT);
    try {
      await wear(context, nginx.url, { lang });
      await remember(context, 'Kim', newRoom());
      await board.prefers('sse');
      await board.open(nginx.url);
      const chat = new Chat(page);
      await chat.open();
      await chat.say('hello');
      const note = page.locator('.said__note');
      await expect(note).toContainText(words);
      await expect(note).not.toContainText('Origin');
      await note.getByRole('link', { name: link }).click();
      await expect(page).toHaveURL(/\/lab\/doctor$/);
      // The lines of the document mend it: what waited is sent.
      await page.goto('about:blank');
      await nginx.reconfigure(WITHOUT_THE_PORT.replace('$host', '$http_host'));
      await board.open(nginx.url);
      await chat.open();
      await chat.has('hello');
      // A page leaves before its proxy does.
      await page.goto('about:blank');
    } finally {
      await nginx.close();
    }
  });
}

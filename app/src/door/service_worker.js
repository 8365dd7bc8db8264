"use strict";
// Shows notices while no page is open. All addresses are below the scope, which is where the board is.

const WORDS = {
  en: {
    warning: "Warning",
    critical: "Critical",
    notice: "New notice",
    ended: "Notices on this device have stopped",
    again: "Open your account to turn them on again.",
  },
  ko: {
    warning: "경고",
    critical: "위험",
    notice: "새 알림",
    ended: "이 기기의 알림이 중단되었습니다",
    again: "계정 페이지를 열어 다시 켜 주세요.",
  },
};
const words = self.navigator.language.startsWith("ko") ? WORDS.ko : WORDS.en;

// An address of the board: a link of a notice begins at the board, wherever that is. What leads elsewhere leads to the notices.
const onBoard = (path) => {
  const { scope } = self.registration;
  try {
    const address = new URL(String(path).replace(/^\/+/, ""), scope);
    if (address.href.startsWith(scope)) return address.href;
  } catch {
    // It is none.
  }
  return new URL("notices", scope).href;
};

const show = (title, { body, tag, link, isLasting }) =>
  self.registration.showNotification(title, {
    body,
    tag,
    icon: onBoard("icon-192.png"),
    data: onBoard(link ?? "notices"),
    requireInteraction: isLasting,
  });

const read = (data) => {
  try {
    return data?.json() ?? {};
  } catch {
    // A browser wants something to be shown for each message.
    return {};
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { id, level, title, text, link } = read(event.data);
  const body = [words[level], text].filter(Boolean).join("\n");
  const tag = `notice-${id ?? "unknown"}`;
  event.waitUntil(show(title ?? words.notice, { body, tag, link, isLasting: level === "critical" }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = onBoard(event.notification.data?.slice(self.registration.scope.length) ?? "notices");
  const open = async () => {
    const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const page = pages.find((one) => one.url === address);
    await (page ? page.focus() : self.clients.openWindow(address));
  };
  event.waitUntil(open());
});

// Renewing takes a form of the account's page, which only a person sends.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(show(words.ended, { body: words.again, tag: "ended", link: "account#devices" }));
});

"use strict";
(() => {
  const offer = document.querySelector("[data-push]");
  const [section, form] = [offer.closest("section"), offer.querySelector("form")];
  const button = form.querySelector("button");
  const say = (why) => {
    for (const one of section.querySelectorAll("[data-push-why]")) {
      one.hidden = one.dataset.pushWhy !== why;
      // It is heard at once where someone waits for it.
      if (why === "failed") one.setAttribute("role", "alert");
    }
  };
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const isSame = (one, other) => one && new Uint8Array(one).join() === other.join();
  const key = bytes(offer.dataset.push);

  // The row of this browser is known by a digest: an endpoint stands in no document.
  const rowOf = async ({ endpoint }) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
    const text = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return section.querySelector(`[data-push-row="${text}"]`);
  };

  const show = async () => {
    if (!window.isSecureContext) return say("insecure");
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return say("unsupported");
    if (Notification.permission === "denied") return say("denied");
    const registration = await navigator.serviceWorker.getRegistration(offer.dataset.worker);
    const subscription = await registration?.pushManager.getSubscription();
    const row = subscription && (await rowOf(subscription));
    say(row ? "on" : "");
    offer.hidden = Boolean(row);
    if (!row) return;
    row.querySelector("[data-push-this]").hidden = false;
    const remove = row.querySelector(".once form");
    remove.addEventListener("submit", async (event) => {
      event.preventDefault();
      await subscription.unsubscribe().catch(() => {});
      remove.submit();
    });
  };

  const turnOn = async () => {
    button.disabled = true;
    say("");
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        button.disabled = false;
        return say("denied");
      }
      await navigator.serviceWorker.register(offer.dataset.worker, { updateViaCache: "none" });
      const { pushManager } = await navigator.serviceWorker.ready;
      const old = await pushManager.getSubscription();
      // One of another server's key would keep this one from being made.
      if (old && !isSame(old.options.applicationServerKey, key)) await old.unsubscribe();
      const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      const { endpoint, keys } = subscription.toJSON();
      for (const [name, value] of Object.entries({ endpoint, ...keys })) form.elements[name].value = value;
      form.submit();
    } catch {
      say("failed");
      button.disabled = false;
      button.focus();
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    turnOn();
  });
  show().catch(() => say("unsupported"));
})();

"use strict";
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const ask = {
    create: async (options) => {
      const publicKey = {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: (options.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
      };
      const made = await navigator.credentials.create({ publicKey });
      const { attestationObject, clientDataJSON } = made.response;
      return [made, { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) }];
    },
    get: async (options) => {
      const publicKey = { ...options, challenge: bytes(options.challenge) };
      const found = await navigator.credentials.get({ publicKey });
      const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
      return [
        found,
        {
          authenticatorData: text(authenticatorData),
          clientDataJSON: text(clientDataJSON),
          signature: text(signature),
          userHandle: userHandle ? text(userHandle) : null,
        },
      ];
    },
  };
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const [failed, button] = [form.querySelector("[role=alert]"), form.querySelector("button")];
    const run = async () => {
      failed.hidden = button.disabled = true;
      try {
        const [credential, response] = await ask[form.dataset.passkey](JSON.parse(form.dataset.options));
        const { id, rawId, type } = credential;
        form.elements.credential.value = JSON.stringify({ id, rawId: text(rawId), type, response });
        form.submit();
      } catch {
        failed.hidden = button.disabled = false;
        button.focus();
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run();
    });
    form.hidden = false;
    for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
    if (form.dataset.passkey === "create") run();
  }
})();

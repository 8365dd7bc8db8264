//! Notices on this device: the browsers of an account that are told of notices while no page is open (Web Push). The browser is asked by a
//! script; without it the list and its buttons work.

use common::door::paths;
use leptos::prelude::*;

use super::{
    agent::program,
    context::DoorContext,
    form::{asks_once, button, danger_button, fact, form, hidden, main_button, row_id, time},
    words::DeviceWords,
};

/// The script that subscribes the browser. The policy of a document that has it names its hash, so every byte between the tags is this text.
pub const DEVICES_SCRIPT: &str = include_str!("devices.js");

/// The service worker, which shows notices while no page is open.
pub const SERVICE_WORKER: &str = include_str!("service_worker.js");

/// The title of the message that tries a device out.
#[must_use]
pub fn test_title(context: &DoorContext) -> &'static str {
    DeviceWords::of(context.language).test_title
}

/// A browser of the account.
#[derive(Debug, Clone)]
pub struct DeviceRow {
    /// Its number.
    pub id: u64,
    /// The `User-Agent` of the browser.
    pub agent: String,
    /// The origin of its push service.
    pub service: String,
    /// The SHA-256 of its address there, in hexadecimal: by it the browser finds itself in the list.
    pub endpoint_digest: String,
    /// The moment at which it was added, Unix milliseconds.
    pub created: u64,
    /// The moment at which a message was last handed on; none where none was.
    pub delivered: Option<u64>,
    /// The reason for which the last message was not; empty where it was.
    pub failure: String,
}

/// The section's contents. `key` is the server's public key, to which a browser subscribes.
pub(super) fn section(context: &DoorContext, key: String, rows: Vec<DeviceRow>) -> AnyView {
    let words = DeviceWords::of(context.language);
    let list = if rows.is_empty() {
        view! { <p class="door__none">{words.none}</p> }.into_any()
    } else {
        let rows: Vec<_> = rows.into_iter().map(|device| row(context, device)).collect();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let fields = view! {
        {hidden("endpoint", String::new())}
        {hidden("p256dh", String::new())}
        {hidden("auth", String::new())}
        {main_button(words.turn_on)}
    };
    view! {
        <p class="field__hint">{words.hint}</p>
        {list}
        <p class="field__hint" data-push-why="script">
            {words.needs_script}
        </p>
        {why("insecure", words.insecure)}
        {why("unsupported", words.unsupported)}
        {why("denied", words.denied)}
        {why("on", words.is_on)}
        <p class="door__problem" data-push-why="failed" hidden>
            {words.failed}
        </p>
        <div data-push=key data-worker=context.href(paths::SERVICE_WORKER) hidden>
            {form(context, paths::ACCOUNT_DEVICES_ADD, "door__form", fields.into_any())}
        </div>
        <script inner_html=DEVICES_SCRIPT></script>
    }
    .into_any()
}

/// A sentence that the script shows.
fn why(name: &'static str, text: &'static str) -> AnyView {
    view! {
        <p class="field__hint" data-push-why=name hidden>
            {text}
        </p>
    }
    .into_any()
}

fn row(context: &DoorContext, device: DeviceRow) -> AnyView {
    let words = DeviceWords::of(context.language);
    let name = match program(&device.agent) {
        none if none.is_empty() => words.unnamed.to_owned(),
        name => name,
    };
    let test = view! {
        {row_id(device.id)}
        {button(words.test, Some((words.test_of)(&name)))}
    };
    let remove = view! {
        {row_id(device.id)}
        {danger_button(words.remove, Some((words.remove_of)(&name)))}
    };
    let remove = form(context, paths::ACCOUNT_DEVICES_REMOVE, "door__act", remove.into_any());
    let ask = (words.remove_ask_of)(&name);
    let delivered = device.delivered.map_or_else(|| words.never.into_any(), time);
    let failure = (!device.failure.is_empty()).then(|| {
        // The server's own words.
        fact(words.failure, view! { <span lang="en">{device.failure}</span> }.into_any())
    });
    view! {
        <li class="row" data-push-row=device.endpoint_digest>
            <div class="row__head">
                <p class="row__name" title=device.agent>
                    {name}
                </p>
                <span class="tag" data-push-this="" hidden>
                    {words.this}
                </span>
            </div>
            <dl class="row__facts">
                {fact(words.service, device.service.into_any())}
                {fact(words.delivered, delivered)}
                {fact(words.created, time(device.created))}
                {failure}
            </dl>
            <div class="row__act">
                {form(context, paths::ACCOUNT_DEVICES_TEST, "door__act", test.into_any())}
                {asks_once(words.remove_ask, ask, words.remove_loss.to_owned(), remove)}
            </div>
        </li>
    }
    .into_any()
}

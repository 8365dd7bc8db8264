//! The notices that the reader is sent: they are counted, shown once as a toast, listed in the bell until they are
//! acknowledged, on this device or another. The code comes with the other popovers.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::erased_view::{ErasedView, IntoErasedView, click, list, live};
use crate::{
    first_paint, format,
    i18n::{Words, words},
    live::{Clock, NotificationKind, Notifications, effect},
    ports::{Browser, Notice, NoticeNews, SentNotice},
};

/// The bell lists so many, as an answer has them; a page may stay open for months.
const LISTED: usize = 20;

/// Every text of them in one language.
#[derive(Debug)]
pub(super) struct SentWords {
    /// Button.
    acknowledge: &'static str,
    /// The link to the page of notices.
    all: &'static str,
    /// A level.
    info: &'static str,
    /// A level.
    warning: &'static str,
}

words!(SentWords, EN, KO);

const EN: SentWords =
    SentWords { acknowledge: "Mark as read", all: "All notices", info: "Info", warning: "Warning" };

const KO: SentWords =
    SentWords { acknowledge: "읽음으로 표시", all: "모든 알림", info: "정보", warning: "경고" };

/// Something to be done about the notices, before those are asked for that are not read.
enum Step {
    Look,
    Acknowledge(u64),
    Read(String),
}

/// Takes what is heard from now on, and asks for what was sent before.
pub(super) fn begin(bell: Notifications, browser: &Browser) {
    let of = browser.clone();
    bell.sent.read_by(Arc::new(move |event| act(bell, &of, Step::Read(event.data.get().to_owned()))));
    let of = browser.clone();
    browser.link.on_notice(Box::new(move |notice| {
        if matches!(notice, Notice::Gap { .. } | Notice::Resumed { .. }) {
            act(bell, &of, Step::Look);
        }
    }));
    act(bell, browser, Step::Look);
    effect(move || mark_tab(bell));
}

/// The picture of the browser's tab: something is critical, a notice is not read, or neither.
fn mark_tab(bell: Notifications) {
    let picture = match (bell.is_loud(), bell.sent.unread.get()) {
        (true, _) => "/favicon-critical.svg",
        (false, 0) => "/favicon.svg",
        (false, _) => "/favicon-notice.svg",
    };
    let picture = first_paint::href(picture);
    if let Ok(Some(icon)) = document().query_selector("link[rel=icon]")
        && icon.get_attribute("href").as_ref() != Some(&picture)
    {
        let _ = icon.set_attribute("href", &picture);
    }
}

fn act(bell: Notifications, browser: &Browser, step: Step) {
    let (sent, browser) = (bell.sent, browser.clone());
    spawn_local(async move {
        let Some(port) = (browser.notices)().await else { return };
        let mut acknowledged = match step {
            Step::Look => None,
            Step::Acknowledge(id) => Some(id),
            Step::Read(event) => match port.read(&event) {
                // Its text is asked for where somebody reads it.
                Some(NoticeNews::Sent(notice)) => {
                    take(bell, notice, browser.clock.now() as u64);
                    if !sent.opened.get() {
                        return;
                    }
                    None
                }
                // Which ones are read is not said.
                Some(NoticeNews::Unread { .. }) => None,
                None => return,
            },
        };
        let mut before = sent.newest.get();
        loop {
            let turn = sent.asked.get() + 1;
            sent.asked.set(turn);
            let answer = port.unread(acknowledged.take()).await;
            let Some(NoticeNews::Unread { count, newest, notices }) = answer else { return };
            if sent.asked.get() != turn {
                return;
            }
            let now = sent.newest.get();
            if now == before || now <= newest {
                // A store that was restored counts from a lesser number on.
                sent.newest.set(newest);
                sent.shown.update(|shown| *shown = newest.min(*shown));
                sent.unread.set(count);
                let early =
                    notices.first().filter(|one| sent.early.get() && one.id > sent.shown.get()).cloned();
                sent.early.set(false);
                sent.list.set(notices);
                if let Some(notice) = early {
                    show(bell, notice, browser.clock.now() as u64);
                }
                return;
            }
            // One came meanwhile that the answer does not know.
            before = now;
        }
    });
}

/// Takes a new notice. One that is told again is known by its number.
fn take(bell: Notifications, notice: SentNotice, now: u64) {
    let sent = bell.sent;
    let is_listed = || sent.list.look(|list| list.iter().any(|one| one.id == notice.id)) == Some(true);
    if notice.id > sent.newest.get() {
        sent.newest.set(notice.id);
        sent.unread.update(|unread| *unread += 1);
        sent.list.update(|list| {
            list.insert(0, notice.clone());
            list.truncate(LISTED);
        });
    } else if notice.id <= sent.shown.get() || !is_listed() {
        // Shown before, or read by now. An answer may have counted it before its event came.
        return;
    }
    show(bell, notice, now);
}

fn show(bell: Notifications, notice: SentNotice, now: u64) {
    bell.sent.shown.set(notice.id);
    bell.notify(NotificationKind::Sent(Arc::new(notice)), now);
}

/// Renders those that are not read, for the bell.
pub(super) fn unread(bell: Notifications) -> ErasedView {
    bell.sent.opened.set(true);
    if let Some(browser) = use_context::<Browser>() {
        act(bell, &browser, Step::Look);
    }
    let rows = live(move || list(bell.sent.list.get().into_iter().map(|notice| row(bell, notice))));
    view! {
        <ul class="sent">{rows}</ul>
        <a class="sent__all" href=first_paint::href("/notices") rel="external">
            {SentWords::here().all}
        </a>
    }
    .fresh()
}

fn row(bell: Notifications, notice: SentNotice) -> ErasedView {
    let (words, clock, id, at) = (SentWords::here(), Clock::here(), notice.id, notice.at_ms);
    let link = if notice.link.is_empty() { "/notices" } else { &notice.link };
    let moment = [&format::date(at, clock.zone()), " ", &format::minute(at, clock.zone())].concat();
    let browser = use_context::<Browser>();
    let acknowledge = move || {
        if let Some(browser) = &browser {
            act(bell, browser, Step::Acknowledge(id));
        }
    };
    view! {
        <li class="sent__notice" data-kind=kind(&notice)>
            <a href=first_paint::href(link) rel="external">
                {title(&notice)}
            </a>
            <p class="sent__text">{[&notice.text, "\n", &moment].concat()}</p>
            <button
                type="button"
                class="button"
                aria-label=[words.acknowledge, ": ", &notice.title].concat()
                on:click=click(acknowledge)
            >
                {words.acknowledge}
            </button>
        </li>
    }
    .fresh()
}

/// A notice's line: its urgency in a word, and its title.
pub(super) fn title(notice: &SentNotice) -> String {
    let words = SentWords::here();
    let level = match kind(notice) {
        "crit" => Words::here().critical,
        "warn" => words.warning,
        _ => words.info,
    };
    [level, ": ", &notice.title].concat()
}

/// The urgency's name for the stylesheet.
pub(super) fn kind(notice: &SentNotice) -> &'static str {
    match notice.level.as_str() {
        "critical" => "crit",
        "warning" => "warn",
        _ => "info",
    }
}

//! The state of the page: the list as the server told it, with all news since then.

use std::{collections::VecDeque, sync::Arc};

use common::{
    Cursor,
    container::{ContainerList, ContainerNews, ContainersUsage},
    frame::Event,
    host::HostId,
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{
    list::{self, TimelineItem},
    read,
    sort::{ContainerSort, Grouping},
};
use crate::{
    live::{Cell, Connection, Stored, Trouble, effect},
    ports::{Browser, FetchError, LinkState},
    widgets::ElementRef,
};

/// As many lines of the past are shown.
const SHOWN: usize = 200;
/// News that come before the list has, as many as the server keeps of the topic. Were there more, the list is asked for again.
const WAITING: usize = 1_000;
/// Usage comes this often while someone watches, milliseconds.
const USAGE_MS: u32 = 1_000;

#[derive(Clone, Copy)]
pub(super) struct Board {
    pub(super) list: Cell<Option<Arc<ContainerList>>>,
    pub(super) usage: Cell<Option<Arc<ContainersUsage>>>,
    /// The newest first.
    pub(super) timeline: Cell<VecDeque<TimelineItem>>,
    /// Why there is no list.
    pub(super) trouble: Cell<Option<Trouble>>,
    /// True if the list could not be asked for again, and may be old.
    pub(super) is_old: Cell<bool>,
    pub(super) find: Cell<String>,
    pub(super) field: ElementRef,
    pub(super) sort: Cell<ContainerSort>,
    pub(super) grouping: Cell<Grouping>,
    host: Stored<HostId>,
    browser: Stored<Browser>,
    /// The news since the question under way was sent; none while nothing is asked.
    waiting: Stored<Option<Vec<(Cursor, ContainerNews)>>>,
    /// True if the list is to be asked for once more when the answer is here.
    again: Stored<bool>,
    /// The newest entry that the timeline has.
    newest: Stored<Option<Cursor>>,
}

impl Board {
    /// That of a host. It begins when the page is there, and ends with it.
    pub(super) fn new(browser: Browser, host: HostId) -> Self {
        let board = Self {
            list: Cell::new(None),
            usage: Cell::new(None),
            timeline: Cell::new(VecDeque::new()),
            trouble: Cell::new(None),
            is_old: Cell::new(false),
            find: Cell::new(String::new()),
            field: ElementRef::new(),
            sort: Cell::new(ContainerSort::FIRST),
            grouping: Cell::new(Grouping::None),
            host: Stored::new(host),
            browser: Stored::new(browser),
            waiting: Stored::new(None),
            again: Stored::new(false),
            newest: Stored::new(None),
        };
        let line = Connection::here();
        effect(move || {
            let (browser, host) = (board.browser.get(), board.host.get());
            let news = move |event: &Event| board.hear(event);
            let usage = move |event: &Event| board.hear_usage(event);
            let news = browser.messages.watch(host.containers_topic(), None, Box::new(news));
            let usage =
                browser.messages.watch(host.containers_usage_topic(), Some(USAGE_MS), Box::new(usage));
            let guards = SendWrapper::new((news, usage));
            board.ask();
            on_cleanup(move || drop(guards));
        });
        // A line that was broken may have missed some, and then the list tells.
        let was_live = Stored::new(true);
        effect(move || {
            let is_live = matches!(line.state(), LinkState::Live);
            if is_live && was_live.with(|was| *was) == Some(false) {
                board.ask();
            }
            was_live.set(is_live);
        });
        board
    }

    /// Returns the host, and whether it is the server's own machine.
    pub(super) fn host(self) -> (HostId, bool) {
        let host = self.host.get();
        let is_local = host == HostId::local();
        (host, is_local)
    }

    /// Returns the path of the page of this host, up to where a field of its query goes on.
    pub(super) fn path(self) -> String {
        path(&self.host.get())
    }

    /// Asks for the list.
    pub(super) fn ask(self) {
        let Some(is_asked) = self.waiting.with(Option::is_some) else { return };
        if is_asked {
            self.again.set(true);
            return;
        }
        self.waiting.set(Some(Vec::new()));
        let (browser, host) = (self.browser.get(), self.host.get());
        spawn_local(async move {
            let address = ["/api/v1/hosts/", &host.to_string(), "/containers"].concat();
            let answer = browser.requests.text("GET", &address, None).await;
            // The page may have been left meanwhile.
            if self.list.is_gone() {
                return;
            }
            let read = answer.and_then(|text| {
                serde_json::from_str::<ContainerList>(&text).map_err(|error| FetchError {
                    status: 200,
                    reason: None,
                    message: error.to_string(),
                })
            });
            let news = self.waiting.update(Option::take).flatten().unwrap_or_default();
            let missed = news.len() >= WAITING;
            match read {
                Ok(mut list) => {
                    for (cursor, news) in news {
                        list::apply(&mut list, cursor, news);
                    }
                    self.trouble.set(None);
                    self.is_old.set(false);
                    self.list.set(Some(Arc::new(list)));
                }
                Err(error) if self.list.look(Option::is_some) == Some(true) => {
                    leptos::logging::warn!("the list of containers did not come: {}", error.message);
                    self.is_old.set(true);
                }
                Err(error) => {
                    let now = browser.clock.now();
                    self.trouble.set(Some(Trouble::of(error, now)));
                }
            }
            if self.again.update(std::mem::take) == Some(true) || missed {
                self.ask();
            }
        });
    }

    fn hear(self, event: &Event) {
        let Some(news) = read::news(event.data.get()) else { return };
        // After a broken line some may be told again.
        let newest = self.newest.with(|newest| *newest).flatten();
        if newest.is_none_or(|newest| !list::is_known(newest, event.cursor)) {
            self.newest.set(Some(event.cursor));
            if let Some(item) = TimelineItem::of(&news) {
                self.timeline.update(|timeline| {
                    timeline.push_front(item);
                    timeline.truncate(SHOWN);
                });
            }
        }
        if news == ContainerNews::Listed {
            return self.ask();
        }
        let is_kept = self.waiting.update(|waiting| match waiting {
            Some(waiting) if waiting.len() < WAITING => {
                waiting.push((event.cursor, news.clone()));
                true
            }
            Some(_) => true,
            None => false,
        });
        if is_kept == Some(false) {
            self.list.update(|list| {
                if let Some(list) = list {
                    list::apply(Arc::make_mut(list), event.cursor, news);
                }
            });
        }
    }

    fn hear_usage(self, event: &Event) {
        if let Ok(usage) = serde_json::from_str::<ContainersUsage>(event.data.get()) {
            self.usage.set(Some(Arc::new(usage)));
        }
    }
}

/// The path of the page of a host, up to where a field of its query goes on.
pub(super) fn path(host: &HostId) -> String {
    let host = host.to_string();
    if host == HostId::local().as_str() {
        "/containers?".to_owned()
    } else {
        ["/containers?host=", &host, "&"].concat()
    }
}

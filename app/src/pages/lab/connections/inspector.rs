//! The state of the inspector: the last second's list, the way it is shown, and the reader's action.

use std::{rc::Rc, sync::Arc};

use common::{
    Topic,
    connection::{Connection, Connections},
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use web_sys::HtmlInputElement;

use super::words::ConnectionsWords;
use super::{following::Following, sort::Sort};
use crate::{
    i18n::Words,
    live::{Cell, Stored, Trouble, effect},
    ports::{Browser, ConnectionPorts, FetchError},
    widgets::ElementRef,
};

/// Why there is no list.
#[derive(Debug, Clone)]
pub(super) enum ListFailure {
    /// It is for operators, and the reader has given no token, or a wrong one.
    Locked,
    /// It could not be had.
    Trouble(Trouble),
}

#[derive(Clone, Copy)]
pub(super) struct Inspector {
    pub(super) list: Cell<Option<Arc<Connections>>>,
    pub(super) fault: Cell<Option<ListFailure>>,
    /// The token that the reader gave is not the operator's.
    pub(super) wrong: Cell<bool>,
    /// A token was given, and its first answer has not come.
    tried: Stored<bool>,
    /// The server has not answered the last time.
    pub(super) old: Cell<bool>,
    /// The text of the search field.
    pub(super) find: Cell<String>,
    pub(super) field: ElementRef,
    pub(super) sort: Cell<Sort>,
    /// True while the reader is asked to confirm that a connection is to be ended.
    pub(super) asking: Cell<bool>,
    pub(super) ending: Cell<Option<Arc<Connection>>>,
    /// The result of ending the connection.
    pub(super) told: Cell<String>,
    pub(super) following: Following,
    browser: Stored<Browser>,
    ports: Stored<Option<SendWrapper<Rc<dyn ConnectionPorts>>>>,
    /// A topic that only this page follows: by it the page finds its own connection among all.
    own: Stored<Option<Topic>>,
    /// The number of times that a list was wanted since the request under way was sent; none without a request.
    waited: Stored<Option<u32>>,
}

/// The topics that pages follow to find themselves.
const PAGES: &str = "page/";
/// A list that was wanted so often meanwhile, about once a second, is late.
const LATE: u32 = 4;
/// The status of a request that carries no token of the operator, or a wrong one.
const UNAUTHORIZED: u16 = 401;

impl Inspector {
    /// One that begins when the page is there, and ends with it.
    pub(super) fn new(browser: Browser) -> Self {
        let own: Option<Topic> = [PAGES, browser.messages.new_message_id().as_str()].concat().parse().ok();
        let inspector = Self {
            list: Cell::new(None),
            fault: Cell::new(None),
            wrong: Cell::new(false),
            tried: Stored::new(false),
            old: Cell::new(false),
            find: Cell::new(String::new()),
            field: ElementRef::new(),
            sort: Cell::new(Sort::FIRST),
            asking: Cell::new(false),
            ending: Cell::new(None),
            told: Cell::new(String::new()),
            following: Following::new(browser.clone()),
            browser: Stored::new(browser),
            ports: Stored::new(None),
            own: Stored::new(own),
            waited: Stored::new(None),
        };
        effect(move || {
            inspector.begin();
            let (browser, own) = (inspector.browser.get(), inspector.own.get());
            let tick = move || {
                inspector.ask();
                inspector.following.show();
            };
            let ticking = browser.clock.every_second(Box::new(tick));
            let found = own.map(|own| browser.messages.watch(own, None, Box::new(|_| ())));
            let guards = SendWrapper::new((ticking, found));
            on_cleanup(move || drop(guards));
        });
        inspector
    }

    /// Asks for what asks for the list, again after it did not come.
    pub(super) fn begin(self) {
        let browser = self.browser.get();
        self.fault.set(None);
        spawn_local(async move {
            let ports = (browser.laboratory)().await;
            // The page may have been left meanwhile.
            if self.find.is_gone() {
                return;
            }
            match ports {
                Some(ports) => {
                    self.ports.set(Some(SendWrapper::new(ports.connections())));
                    self.ask();
                }
                None => {
                    self.fail(FetchError {
                        status: 0,
                        reason: None,
                        message: "a piece of the page did not come".into(),
                    });
                }
            }
        });
    }

    /// Asks for the list, unless it is on its way.
    fn ask(self) {
        let (Some(find), Some(ports)) = (self.find.look(Clone::clone), self.ports()) else { return };
        let waited = self.waited.update(|waited| waited.replace(waited.map_or(0, |times| times + 1)));
        if let Some(Some(times)) = waited {
            if times >= LATE && self.list.look(Option::is_some) == Some(true) {
                self.old.set(true);
            }
            return;
        }
        let order = self.sort.peek().order();
        spawn_local(async move {
            let answer = ports.list(&find, order).await;
            self.waited.set(None);
            match answer {
                Ok(list) => {
                    self.fault.set(None);
                    self.tried.set(false);
                    self.old.set(false);
                    self.list.set(Some(Arc::new(list)));
                }
                Err(error) => self.fail(error),
            }
            // Something else was asked for while this was on its way.
            if self.find.look(|now| *now != find) == Some(true) {
                self.ask();
            }
        });
    }

    /// Asks with the token that the reader has given.
    pub(super) fn unlock(self, token: &str) {
        let Some(ports) = self.ports() else { return };
        ports.authorize(token);
        self.wrong.set(false);
        self.tried.set(true);
        self.ask();
    }

    fn fail(self, error: FetchError) {
        let Some(now) = self.browser.with(|browser| browser.clock.now()) else { return };
        if error.status == UNAUTHORIZED {
            let tried = self.tried.update(std::mem::take) == Some(true);
            self.wrong.update(|wrong| *wrong |= tried);
            // Set once only: the field in which the token is being typed stays.
            if self.fault.look(|fault| matches!(fault, Some(ListFailure::Locked))) == Some(false) {
                self.list.set(None);
                self.fault.set(Some(ListFailure::Locked));
            }
        } else if self.list.look(Option::is_some) == Some(true) {
            self.old.set(true);
        } else {
            self.fault.set(Some(ListFailure::Trouble(Trouble::of(error, now))));
        }
    }

    /// Returns true if there is a list, tracked.
    pub(super) fn has_list(self) -> bool {
        self.list.with(Option::is_some)
    }

    /// Returns the numbers of connections that are shown and that exist, tracked.
    pub(super) fn shown(self) -> String {
        let counts = |list: &Option<Arc<Connections>>| {
            let Connections { total, matching, connections, .. } = &**list.as_ref()?;
            Some((ConnectionsWords::here().shown)(connections.len(), *matching, *total))
        };
        self.list.with(counts).unwrap_or_default()
    }

    /// Looks for what stands in the field.
    pub(super) fn search(self) {
        let find = self.field.peek::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
        self.find.set(find.trim().to_owned());
        self.ask();
    }

    /// Empties the field.
    pub(super) fn show_all(self) {
        if let Some(field) = self.field.peek::<HtmlInputElement>() {
            field.set_value("");
            let _ = field.focus();
        }
        self.search();
    }

    /// The one connection that carries this page.
    pub(super) fn is_own(self, one: &Connection) -> bool {
        self.own.with(|own| own.as_ref().is_some_and(|own| one.topics.contains(own))) == Some(true)
    }

    /// The topics of a connection that say something.
    pub(super) fn topics(one: &Connection) -> Vec<&str> {
        one.topics.iter().map(Topic::as_str).filter(|topic| !topic.starts_with(PAGES)).collect()
    }

    /// Returns the name of a connection's transport for people.
    pub(super) fn transport(self, one: &Connection) -> String {
        let names = self.browser.get().link.transports();
        let name = names.iter().find(|(id, _)| *id == one.transport);
        name.map_or(one.transport.as_str(), |(_, name)| name).to_owned()
    }

    /// Asks the reader about ending a connection.
    pub(super) fn ask_to_end(self, one: Arc<Connection>) {
        self.ending.set(Some(one));
        self.asking.set(true);
    }

    /// Ends the one that the reader was asked about.
    pub(super) fn end(self) {
        self.asking.set(false);
        let (Some(one), Some(ports)) = (self.ending.peek(), self.ports()) else { return };
        let (words, all) = (ConnectionsWords::here(), Words::here());
        let now = self.browser.with(|browser| browser.clock.now()).unwrap_or_default();
        spawn_local(async move {
            let told = match ports.disconnect(one.id).await {
                Ok(()) => (words.kicked)(&one.address),
                Err(error) => (words.not_kicked)(&one.address, &Trouble::of(error, now).told(all)),
            };
            self.told.set(told);
            self.ask();
        });
    }

    /// Follows a connection, or no more.
    pub(super) fn follow(self, one: &Arc<Connection>) {
        if let Some(ports) = self.ports() {
            self.following.turn(one, &**ports);
        }
    }

    fn ports(self) -> Option<SendWrapper<Rc<dyn ConnectionPorts>>> {
        self.ports.with(Clone::clone).flatten()
    }
}

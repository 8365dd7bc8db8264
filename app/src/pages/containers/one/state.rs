//! The state of a container's page, beside that of the host's containers.

use std::sync::Arc;

use common::container::{
    ContainerAction, ContainerActionAnswer, ContainerActionRequest, ContainerDetail, ContainerHistory,
    ContainerInfo,
};
use leptos::{prelude::*, task::spawn_local};
use serde::de::DeserializeOwned;

use super::{super::board::Board, past::UsageTrend};
use crate::{
    live::{Cell, Clock, Stored, Trouble, effect},
    ports::{Browser, FetchError},
};

/// The outcome of the last action.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// The engine is at it.
    UnderWay(ContainerAction),
    /// It was refused, or failed.
    Failed(ContainerAction, Trouble),
}

#[derive(Clone, Copy)]
pub(super) struct OneContainer {
    pub(super) board: Board,
    /// As the address has it: the id, or its beginning.
    id: Stored<String>,
    pub(super) detail: Cell<Option<Arc<ContainerDetail>>>,
    /// Why there is no configuration.
    pub(super) trouble: Cell<Option<Trouble>>,
    pub(super) past: Cell<UsageTrend>,
    /// The minutes that the charts show.
    pub(super) minutes: Cell<u64>,
    /// The action that the reader is asked about.
    pub(super) chosen: Cell<Option<ContainerAction>>,
    pub(super) asking: Cell<bool>,
    pub(super) outcome: Cell<Option<Outcome>>,
    pub(super) clock: Clock,
    browser: Stored<Browser>,
}

impl OneContainer {
    pub(super) fn new(board: Board, browser: Browser, id: String) -> Self {
        let one = Self {
            board,
            id: Stored::new(id),
            detail: Cell::new(None),
            trouble: Cell::new(None),
            past: Cell::new(UsageTrend::default()),
            minutes: Cell::new(10),
            chosen: Cell::new(None),
            asking: Cell::new(false),
            outcome: Cell::new(None),
            clock: Clock::here(),
            browser: Stored::new(browser),
        };
        effect(move || {
            let Some(usage) = one.board.usage.get() else { return };
            let own = usage.containers.iter().find(|own| one.is(&own.id));
            if let Some(own) = own {
                one.past.update(|past| past.push(usage.at, own));
            }
        });
        effect(move || untrack(|| one.ask()));
        one
    }

    /// Returns true of the id of this container.
    pub(super) fn is(self, id: &str) -> bool {
        self.id.with(|own| id.starts_with(own.as_str())) == Some(true)
    }

    /// The container as it is, tracked; none where there is none of this id.
    pub(super) fn info(self) -> Option<ContainerInfo> {
        self.board.list.with(|list| {
            let list = list.as_ref()?;
            list.containers.iter().find(|one| self.is(&one.id)).cloned()
        })
    }

    /// The cores of the host, tracked.
    pub(super) fn cores(self) -> f64 {
        self.board.list.with(|list| list.as_ref().map_or(1.0, |list| list.cores as f64))
    }

    /// Its address in the API.
    fn address(self, rest: &str) -> String {
        let (host, _) = self.board.host();
        ["/api/v1/hosts/", &host.to_string(), "/containers/", &self.id.get(), rest].concat()
    }

    /// Asks for its configuration, which the engine of this machine tells alone, and for its past.
    pub(super) fn ask(self) {
        let browser = self.browser.get();
        let (_, is_local) = self.board.host();
        spawn_local(async move {
            if is_local {
                let detail: Result<ContainerDetail, _> =
                    read(browser.requests.text("GET", &self.address(""), None).await);
                if self.detail.is_gone() {
                    return;
                }
                match detail {
                    Ok(detail) => {
                        self.trouble.set(None);
                        self.detail.set(Some(Arc::new(detail)));
                    }
                    Err(error) => self.trouble.set(Some(Trouble::of(error, browser.clock.now()))),
                }
            }
            let past: Result<ContainerHistory, _> =
                read(browser.requests.text("GET", &self.address("/history"), None).await);
            if let (Ok(kept), false) = (past, self.past.is_gone()) {
                self.past.update(|past| past.prepend(&kept));
            }
        });
    }

    /// Asks the reader about an action.
    pub(super) fn choose(self, action: ContainerAction) {
        self.chosen.set(Some(action));
        self.asking.set(true);
    }

    /// Has the engine do what the reader was asked about.
    pub(super) fn act(self) {
        self.asking.set(false);
        let Some(action) = self.chosen.peek() else { return };
        self.outcome.set(Some(Outcome::UnderWay(action)));
        let browser = self.browser.get();
        spawn_local(async move {
            let Ok(body) = serde_json::to_string(&ContainerActionRequest { action }) else { return };
            let answer = browser.requests.text("POST", &self.address("/actions"), Some(&body)).await;
            let answer: Result<ContainerActionAnswer, _> = read(answer);
            if self.outcome.is_gone() {
                return;
            }
            match answer {
                Ok(ContainerActionAnswer { done: true }) => self.outcome.set(None),
                Ok(_) => {}
                Err(error) => {
                    let trouble = Trouble::of(error, browser.clock.now());
                    self.outcome.set(Some(Outcome::Failed(action, trouble)));
                }
            }
        });
    }
}

/// Reads an answer.
fn read<T: DeserializeOwned>(answer: Result<String, FetchError>) -> Result<T, FetchError> {
    answer.and_then(|text| {
        serde_json::from_str(&text).map_err(|error| FetchError {
            status: 200,
            reason: None,
            message: error.to_string(),
        })
    })
}

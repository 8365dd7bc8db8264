//! Requests beside the line.

use std::rc::Rc;

use common::ClientMessage;
use transports::{browser::spawn, catalog::Entry, inbound};

use super::state::Feed;
use crate::browser;

/// The status of an answer to whoever has not signed in (RFC 9110 §15.5.2).
const NOT_SIGNED_IN: u16 = 401;

impl Feed {
    pub(super) fn post(self: &Rc<Self>, message: ClientMessage) {
        let feed = Rc::downgrade(self);
        spawn(async move {
            let posted = inbound::client::post(&message).await;
            if let Some(feed) = feed.upgrade() {
                feed.turn(|engine, now| engine.posted(&message.id, posted, now));
            }
        });
    }

    /// One at a time: a network that swallows requests must not collect them.
    pub(super) fn probe(self: &Rc<Self>) {
        if self.probing.replace(true) {
            return;
        }
        let feed = Rc::downgrade(self);
        spawn(async move {
            let reached = browser::reach().await;
            if let Some(feed) = feed.upgrade() {
                feed.probing.set(false);
                feed.turn(|engine, now| engine.probed(reached, now));
            }
        });
    }

    pub(super) fn examine(self: &Rc<Self>, entry: &'static Entry) {
        let feed = Rc::downgrade(self);
        spawn(async move {
            let answered = browser::preflight(entry.path).await;
            if answered == Some(NOT_SIGNED_IN) {
                return browser::reload();
            }
            if let (Some(feed), Some(status)) = (feed.upgrade(), answered) {
                feed.turn(|engine, _| engine.examined(entry, status));
            }
        });
    }
}

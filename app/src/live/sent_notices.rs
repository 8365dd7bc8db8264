//! Notices that people and programs send to the reader. Here is what every page has of them: it follows their topics from its first
//! connection on. What is made of them comes with the popovers.

use std::sync::Arc;

use common::frame::Event;
use leptos::prelude::*;

use super::{Cell, Stored, effect};
use crate::{
    first_paint,
    ports::{Browser, SentNotice},
};

/// The beginning of the event of a new notice; others say that some were read.
const NOTICE: &str = r#"{"type":"n"#;

/// The notices that the reader was sent.
#[derive(Clone, Copy)]
pub struct SentNotices {
    /// The number of those that it has not read, on any device.
    pub unread: Cell<usize>,
    /// Those of them that are known, the newest first.
    pub list: Cell<Vec<SentNotice>>,
    /// The greatest number that is counted.
    pub(crate) newest: Stored<u64>,
    /// The greatest number that was shown.
    pub(crate) shown: Stored<u64>,
    /// True once a notice came before the code that shows it: the first answer has it.
    pub(crate) early: Stored<bool>,
    /// The number of the last question: answers of older ones come too late.
    pub(crate) asked: Stored<u64>,
    /// True once the reader has opened the list: from then on it is kept whole.
    pub(crate) opened: Stored<bool>,
    reader: Stored<Option<ReadEvent>>,
}

/// Takes an event of the reader's topics.
pub(crate) type ReadEvent = Arc<dyn Fn(&Event) + Send + Sync>;

impl SentNotices {
    pub(super) fn new() -> Self {
        let sent = Self {
            unread: Cell::new(0),
            list: Cell::new(Vec::new()),
            newest: Stored::new(0),
            shown: Stored::new(0),
            early: Stored::new(false),
            asked: Stored::new(0),
            opened: Stored::new(false),
            reader: Stored::new(None),
        };
        // Before the connection opens: then no notice comes between it and the first question.
        effect(move || {
            let Some(browser) = use_context::<Browser>() else { return };
            for topic in first_paint::notice_topics() {
                // As long as the page is there.
                Box::leak(browser.messages.watch(topic, None, Box::new(move |event| sent.hear(event))));
            }
        });
        sent
    }

    fn hear(self, event: &Event) {
        match self.reader.get() {
            Some(read) => read(event),
            None if event.data.get().starts_with(NOTICE) => drop(self.early.set(true)),
            None => {}
        }
    }

    /// Gives what is heard to the code that reads it, which asks for what came before.
    pub(crate) fn read_by(self, read: ReadEvent) {
        self.reader.set(Some(read));
    }
}

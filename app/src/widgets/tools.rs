//! The tools of a card's chart: read it as a table, save it as a picture or as data, show one series alone.

use charts::Chart;
use common::metric::Unit;
use leptos::prelude::*;

use super::erased_view::{ElementRef, ErasedView, Live};
use crate::{
    format,
    i18n::Words,
    lazy::{ChunkContent, LazyChunk},
    live::{Cell, Clock, Derived, LiveHost, Notifications, Stored},
    ports::{Browser, Notice},
};

/// Shared by a card's menu, its chart and its legend.
#[derive(Clone, Copy)]
pub(crate) struct Tools {
    /// The whole chart.
    pub(crate) chart: Derived<Chart>,
    /// The unit of the values.
    pub(crate) unit: Unit,
    /// Its name in files.
    pub(crate) file: &'static str,
    /// True if the table replaces the chart.
    pub(crate) as_table: Cell<bool>,
    /// The one series that is shown, where one was chosen.
    pub(crate) alone: Cell<Option<usize>>,
    pub(crate) canvas: ElementRef,
    /// Describes the chart in words.
    pub(super) label: Stored<Option<Derived<String>>>,
    pub(super) words: &'static Words,
    pub(super) clock: Clock,
    /// Of which machine; none where it is of none.
    host: Option<LiveHost>,
    browser: Stored<Option<Browser>>,
    exports: LazyChunk,
    notifications: Notifications,
}

/// The functions of the chunk with the exports that a chart calls.
pub(super) struct Exports {
    /// The table in a chart's place.
    pub(super) table: fn(Tools, Derived<String>) -> ErasedView,
    pub(super) save_data: fn(Tools, &Browser),
    pub(super) save_picture: fn(Tools, &Browser),
}

impl Tools {
    pub(crate) fn new(file: &'static str, unit: Unit, chart: Derived<Chart>) -> Self {
        Self {
            chart,
            unit,
            file,
            as_table: Cell::new(false),
            alone: Cell::new(None),
            canvas: ElementRef::new(),
            label: Stored::new(None),
            words: Words::here(),
            clock: Clock::here(),
            host: use_context(),
            browser: Stored::new(use_context()),
            exports: LazyChunk::of("exports"),
            notifications: Notifications::here(),
        }
    }

    /// Returns the machine's name for itself, if the chart is of one.
    pub(super) fn host_name(self) -> Option<String> {
        untrack(|| self.host?.info()).map(|info| info.hostname)
    }

    /// Returns the name of a file, without its ending: the machine, the chart and the time of saving.
    pub(crate) fn file_name(self) -> String {
        let host = self.host_name().unwrap_or_else(|| "pulseboard".to_owned());
        let now = self.browser.get().map_or(0, |browser| browser.clock.now() as u64);
        let zone = untrack(|| self.clock.zone());
        name(&host, self.file, &format::date(now, &zone), &format::clock(now, &zone))
    }

    pub(crate) fn save_data(self) {
        self.with_exports(|exports, tools, browser| (exports.save_data)(tools, browser));
    }

    pub(crate) fn save_picture(self) {
        self.with_exports(|exports, tools, browser| (exports.save_picture)(tools, browser));
    }

    /// The table, once the piece with it is here.
    pub(super) fn table(self, label: Derived<String>) -> Live {
        self.exports.fetch(Box::new(|_| ()));
        self.exports.show(Box::new(move |content| {
            content.rest.downcast_ref::<Exports>().map(|exports| (exports.table)(self, label))
        }))
    }

    fn with_exports(self, act: fn(&Exports, Self, &Browser)) {
        let Some(browser) = self.browser.get() else { return };
        self.exports.then(Box::new(move |content: Option<&'static ChunkContent>| {
            match content.and_then(|content| content.rest.downcast_ref()) {
                Some(exports) => act(exports, self, &browser),
                None => self.notifications.notify(Notice::NotLoaded, browser.clock.now() as u64),
            }
        }));
    }
}

/// A file's name that every system takes.
fn name(host: &str, what: &str, date: &str, time: &str) -> String {
    let fits = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    [host, "-", what, "-", date, "-", &time.replace(':', "")].concat().chars().map(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_files_name_says_what_it_is_on_every_system() {
        assert_eq!(
            name("web-1.example", "cpu", "2026-11-28", "03:50:57"),
            "web-1.example-cpu-2026-11-28-035057"
        );
        assert_eq!(name("../\\\"서버", "lab", "2026-11-28", "03:50:57"), "..------lab-2026-11-28-035057");
    }
}

//! What can be done with a card's chart: read it as a table, save it as a picture or as data, see one series alone.

use charts::Chart;
use common::series::Unit;
use leptos::{prelude::*, web_sys::HtmlCanvasElement};

use super::{part::Place, twin::Twin};
use crate::{
    live::{Clock, Derived, Kept, Slot},
    ports::Browser,
    words::Words,
};

/// Shared by a card's menu, its chart and its legend.
#[derive(Clone, Copy)]
pub(crate) struct Tools {
    /// What is drawn, whole.
    pub(crate) chart: Derived<Chart>,
    /// What it is counted in.
    pub(crate) unit: Unit,
    /// Its name in files.
    pub(crate) file: &'static str,
    /// Whether the table stands in the chart's place.
    pub(crate) as_table: Slot<bool>,
    /// The one series that is shown, where one was chosen.
    pub(crate) alone: Slot<Option<usize>>,
    pub(crate) canvas: Place,
    words: &'static Words,
    browser: Kept<Option<Browser>>,
}

impl Tools {
    pub(crate) fn new(file: &'static str, unit: Unit, chart: Derived<Chart>) -> Self {
        Self {
            chart,
            unit,
            file,
            as_table: Slot::new(false),
            alone: Slot::new(None),
            canvas: Place::new(),
            words: Words::here(),
            browser: Kept::new(use_context()),
        }
    }

    /// The chart as a table, tracked.
    pub(crate) fn twin(self, clock: Clock) -> Twin {
        Twin::of(&self.chart.get(), self.unit, self.words, clock.zone())
    }

    pub(crate) fn save_data(self, clock: Clock) {
        if let Some(browser) = self.browser.get() {
            let text = untrack(|| self.twin(clock)).to_csv();
            browser.save_text(&[self.file, ".csv"].concat(), "text/csv;charset=utf-8", &text);
        }
    }

    pub(crate) fn save_picture(self) {
        if let (Some(browser), Some(canvas)) = (self.browser.get(), self.canvas.peek::<HtmlCanvasElement>()) {
            browser.save_picture(&[self.file, ".png"].concat(), &canvas);
        }
    }
}

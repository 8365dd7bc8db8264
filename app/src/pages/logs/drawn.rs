//! The elements of the lines, as the page holds them.

use std::collections::VecDeque;

use leptos::web_sys::HtmlElement;
use send_wrapper::SendWrapper;

use crate::widgets::ElementRef;

/// The text of the probe is so long.
pub(super) const PROBE: usize = 50;

/// The elements that lines are drawn in.
#[derive(Clone, Copy)]
pub(super) struct LinesElements {
    /// The view, which scrolls.
    pub(super) view: ElementRef,
    /// A text in the lines' type, which nobody sees.
    pub(super) probe: ElementRef,
    pub(super) above: ElementRef,
    pub(super) rows: ElementRef,
    pub(super) below: ElementRef,
}

impl LinesElements {
    pub(super) fn new() -> Self {
        let [view, probe, above, rows, below] = [(); 5].map(|()| ElementRef::new());
        Self { view, probe, above, rows, below }
    }
}

/// The rows in the document, by the numbers of their lines.
pub(super) struct DrawnRows {
    pub(super) rows: SendWrapper<VecDeque<(u64, HtmlElement)>>,
    /// The time that times are relative to.
    pub(super) first: u64,
    /// True if all have to be drawn anew.
    pub(super) is_stale: bool,
}

impl Default for DrawnRows {
    fn default() -> Self {
        Self { rows: SendWrapper::new(VecDeque::new()), first: 0, is_stale: false }
    }
}

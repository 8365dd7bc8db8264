//! The overlays above a page: which one is open, and the state of the palette.

use crate::{live::Cell, parts};

/// The overlays above the page.
#[derive(Clone, Copy)]
pub(crate) struct Overlays {
    pub(crate) palette: Cell<bool>,
    pub(crate) shortcuts: Cell<bool>,
    pub(crate) finder: Finder,
}

impl Overlays {
    pub(crate) fn new() -> Self {
        Self { palette: Cell::new(false), shortcuts: Cell::new(false), finder: Finder::new() }
    }

    /// Provides closed overlays for the page.
    pub(crate) fn provide() {
        parts::share(Self::new());
    }

    /// The page's overlays.
    pub(crate) fn here() -> Self {
        parts::shared()
    }
}

/// The state that the field and its answers share.
#[derive(Clone, Copy)]
pub(crate) struct Finder {
    pub(super) query: Cell<String>,
    /// Which answer is chosen.
    pub(super) chosen: Cell<usize>,
    /// The keys that were pressed and not handled yet.
    pub(super) pressed: Cell<Vec<Press>>,
}

/// A key that is for the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Press {
    Down,
    Up,
    Take,
}

impl Finder {
    fn new() -> Self {
        Self { query: Cell::new(String::new()), chosen: Cell::new(0), pressed: Cell::new(Vec::new()) }
    }
}

//! A page, as the router, the sidebar, the palette and the keys find it.

use crate::{
    first_paint,
    i18n::LocalText,
    widgets::{ErasedView, Icon},
};

/// The registration of a page. Its commands stand apart, in its function `commands`, so that only the palette's chunk has them.
pub(crate) struct Page {
    /// The way to it; a panel beside every page has none.
    pub(crate) route: Option<Route>,
    /// The keys that work on it; those of a panel work on every page.
    pub(crate) shortcuts: &'static [Shortcut],
}

/// The addresses of a page, and its entry in the navigation.
pub(crate) struct Route {
    /// Its address, and then those of the pages inside of it, which begin with it.
    pub(crate) paths: &'static [&'static str],
    pub(crate) name: LocalText,
    pub(crate) icon: Icon,
    /// True if the page's cards use the page's connection and show trends.
    pub(crate) has_trends: bool,
    /// Renders it. Where its code is a chunk, this is what stands in its place until the chunk is here.
    pub(crate) view: fn() -> ErasedView,
}

/// A key without Ctrl, Alt or Cmd.
pub(crate) struct Shortcut {
    /// As it is shown, and as in `KeyboardEvent.key`: `C`.
    pub(crate) key: &'static str,
    pub(crate) meaning: LocalText,
    /// Called with the contexts of the page.
    pub(crate) act: fn(),
}

impl Route {
    /// Its address.
    pub(crate) fn path(&self) -> &'static str {
        self.paths.first().copied().unwrap_or_default()
    }

    /// Returns true if the address is this page's, or lies inside of it.
    pub(crate) fn has(&self, path: &str) -> bool {
        first_paint::own(path)
            .strip_prefix(self.path())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl Page {
    /// Returns true if the page is at this address, or beside the page that is.
    pub(crate) fn is_shown(&self, path: &str) -> bool {
        self.route.as_ref().is_none_or(|route| route.has(path))
    }
}

//! The reader's preferences, outside of the page.

/// Keeps preferences, and shows them on the document.
pub trait PreferencePort {
    /// Keeps a preference (theme, language) where the server sees it too: a cookie of one year. False where this browser keeps none.
    fn remember(&self, name: &'static str, value: &str) -> bool;
    /// Sets an attribute of the root element (`data-theme`, `lang`); repaints every canvas.
    fn mark_root(&self, name: &'static str, value: Option<&str>);
    /// Asks the server for the page in another language, by its tag, and keeps the choice as [`PreferencePort::remember`] does.
    fn choose_language(&self, tag: &'static str);
}

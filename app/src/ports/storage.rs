//! Storage: texts that this browser keeps for the page.

/// Keeps texts under names.
pub trait StoragePort {
    /// Keeps a text in this browser; `None` forgets it.
    fn keep(&self, name: &'static str, text: Option<&str>);
    /// Reads the value that was kept under this name.
    fn kept(&self, name: &'static str) -> Option<String>;
}

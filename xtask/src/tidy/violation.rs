//! One thing to tidy.

use std::fmt;

/// Shown as `path:line: what; why`, which editors and CI turn into a link.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Violation {
    path: String,
    /// From 1; 0 when it is about the file as a whole.
    line: usize,
    what: String,
    why: String,
}

impl Violation {
    pub(super) fn new(
        path: impl Into<String>,
        line: usize,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), line, what: what.into(), why: why.into() }
    }

    /// Returns the line number, for tests of rules.
    #[cfg(test)]
    pub(super) fn line(&self) -> usize {
        self.line
    }

    #[cfg(test)]
    pub(super) fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, what, why } = self;
        write!(formatter, "{path}:{}: {what}; {why}", (*line).max(1))
    }
}

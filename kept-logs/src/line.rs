//! A line that is kept.

/// A line that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct KeptLine {
    /// Unix microseconds; 0 where nobody knows. It is kept in whole milliseconds.
    pub at: u64,
    /// True where it was written to the output for errors.
    pub stderr: bool,
    /// The bytes of the whole line, where it was cut.
    pub cut: Option<u64>,
    /// The text.
    pub text: String,
}

//! Sources of lines.

/// A source of lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    /// The host.
    pub host: String,
    /// Its key there, as `container:ID`.
    pub key: String,
    /// The name for people.
    pub name: String,
}

impl Source {
    /// Reports that this is the same source, whatever its name was.
    pub(crate) fn is(&self, other: &Self) -> bool {
        (&self.host, &self.key) == (&other.host, &other.key)
    }
}

/// A source, and what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSummary {
    /// The source.
    pub source: Source,
    /// The time of the first line, Unix microseconds.
    pub first_at: u64,
    /// The time of the last line.
    pub last_at: u64,
    /// The lines.
    pub lines: u64,
}

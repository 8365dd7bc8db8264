//! Lines of containers that are kept, and found later: also those of containers that are gone.

use serde::{Deserialize, Serialize};

/// The sources of which lines are kept on this server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptLogSources {
    /// The bytes that it takes on the disk.
    pub bytes: u64,
    /// The most bytes that it may take.
    pub most_bytes: u64,
    /// Lines are kept for so many days.
    pub days: u32,
    /// The sources, by host and name.
    pub sources: Vec<KeptLogSource>,
}

/// A source of kept lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptLogSource {
    /// The host.
    pub host: String,
    /// Its key there: `container:ID`.
    pub source: String,
    /// The name that it had.
    pub name: String,
    /// The time of its first line, Unix microseconds.
    pub first_at: u64,
    /// The time of its last line.
    pub last_at: u64,
    /// The number of its lines.
    pub lines: u64,
}

/// A page of hits, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptLogPage {
    /// The hits. None may stand here, and more come later, where the search took long.
    pub hits: Vec<KeptLogHit>,
    /// The `before` of the next page; absent where nothing is left to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A line that was found, with equal ones of its source that follow each other among what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptLogHit {
    /// The host.
    pub host: String,
    /// The source: `container:ID`.
    pub source: String,
    /// Its name.
    pub name: String,
    /// The time of the newest of these lines, Unix microseconds; 0 where nobody knows.
    pub at: u64,
    /// The time of the oldest of them.
    pub first_at: u64,
    /// The number of these lines.
    pub repeated: u64,
    /// True where it was written to the output for errors; absent for false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stderr: bool,
    /// The text, at most 16 KiB of it.
    pub text: String,
    /// The bytes of the whole line, where that is longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<u64>,
}

//! Targets: Prometheus endpoints that are scraped.

/// The topic that tells that there is something new of the targets, while someone looks at the list of them. A newer one replaces an older.
pub const TARGET_NEWS: &str = "targets";

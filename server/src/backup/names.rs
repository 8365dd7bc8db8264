//! The names in a backup: the paths of the data folder that are worth keeping, and no others.

/// The first entry: the form of the file.
pub(super) const FORM: &str = "pulseboard-backup";
/// The form that this version writes and reads.
pub(super) const FORM_VERSION: &str = "1\n";
/// The settings file that the server was started with, as it stood there.
pub(super) const SETTINGS: &str = "settings.toml";
/// The last entry: digests of all others.
pub(super) const SUMS: &str = "SHA256SUMS";
/// The folder of the log.
pub(super) const LOG: &str = "log";
/// The folder of history.
pub(super) const HISTORY: &str = "history";
/// Small files of the data folder that the server has made.
pub(super) const SMALL: [&str; 3] = ["operator-token", "tls/self-signed.pem", "tls/self-signed.key"];

/// Returns true if a restored data folder may have a file of this name.
pub(super) fn is_kept(name: &str) -> bool {
    name == SETTINGS
        || name == store_sqlite::FILE
        || SMALL.contains(&name)
        || is_segment(name)
        || is_history(name)
}

/// Returns true for a segment of the log: sixteen hexadecimal digits and `.seg`.
fn is_segment(name: &str) -> bool {
    let id = name.strip_prefix("log/").and_then(|name| name.strip_suffix(".seg"));
    id.is_some_and(|id| id.len() == 16 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

/// Returns true for a file of history.
fn is_history(name: &str) -> bool {
    name.strip_prefix("history/").is_some_and(history::is_file_to_copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_servers_own_files_is_kept() {
        for name in
            ["history/change", "store.db", "log/00000000000000ff.seg", "settings.toml", "tls/self-signed.key"]
        {
            assert!(is_kept(name), "{name}");
        }
        for name in [
            "",
            "log",
            "log/head",
            "log/lock",
            "history/lock",
            "history/../change",
            "log/00000000000000FF.seg",
            "log/ff.seg",
            "/etc/passwd",
            "../store.db",
            "log/../store.db",
            "store.db-wal",
        ] {
            assert!(!is_kept(name), "{name}");
        }
    }
}

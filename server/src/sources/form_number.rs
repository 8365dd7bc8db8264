//! Numbers in forms, as people type them.

use std::str::FromStr;

use super::error::SourceChangeError;

/// Reads a whole number.
pub(super) fn number<T: FromStr>(text: &str, what: &str) -> Result<T, SourceChangeError> {
    text.trim().parse().map_err(|_| none(what))
}

/// Reads seconds, with a fraction where there is one. Returns milliseconds.
pub(super) fn milliseconds(text: &str, what: &str) -> Result<u64, SourceChangeError> {
    let seconds: f64 = number(text, what)?;
    let ms = (seconds * 1_000.0).round();
    if (0.0..1e12).contains(&ms) { Ok(ms as u64) } else { Err(none(what)) }
}

fn none(what: &str) -> SourceChangeError {
    SourceChangeError::Invalid(format!("{what} is not a number that makes sense."))
}

/// Writes milliseconds as seconds.
pub(super) fn seconds_text(ms: u64) -> String {
    let text = format!("{}.{:03}", ms / 1_000, ms % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_as_they_are_written() {
        for (ms, text) in [(1_000, "1"), (250, "0.25"), (86_400_000, "86400"), (1_501, "1.501")] {
            assert_eq!(seconds_text(ms), text);
            assert_eq!(milliseconds(text, "It").expect("read"), ms);
        }
    }
}

//! The address of a series of any host, as a query of a page or of REST names it: `HOST:METRIC`, and then `:LABEL` for each label.
//!
//! In each word `:`, `%` and control characters are percent-encoded (RFC 3986 §2.1), so that a colon separates words and nothing else.

use std::{fmt, str::FromStr};

use crate::{host::HostId, serde_str, series::SeriesKey};

/// A series of a host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeriesAddress {
    /// The host.
    pub host: HostId,
    /// The series of it.
    pub key: SeriesKey,
}

/// A text that names no series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no series: HOST:METRIC, and then :LABEL for each label")]
pub struct BadSeriesAddress(String);

serde_str::text_form!(SeriesAddress);

impl fmt::Display for SeriesAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.host.as_str())?;
        for word in std::iter::once(self.key.metric()).chain(self.key.labels().iter().map(String::as_str)) {
            f.write_str(":")?;
            write_word(f, word)?;
        }
        Ok(())
    }
}

impl FromStr for SeriesAddress {
    type Err = BadSeriesAddress;

    fn from_str(text: &str) -> Result<Self, BadSeriesAddress> {
        let bad = || BadSeriesAddress(text.chars().take(80).collect());
        let mut words = text.split(':').map(decoded);
        let host = words.next().flatten().and_then(|host| host.parse().ok()).ok_or_else(bad)?;
        let metric = words.next().flatten().filter(|metric| !metric.is_empty()).ok_or_else(bad)?;
        let labels = words.collect::<Option<Vec<String>>>().ok_or_else(bad)?;
        Ok(Self { host, key: SeriesKey::with_labels(&metric, labels) })
    }
}

fn write_word(f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
    for letter in word.chars() {
        match letter {
            ':' | '%' | '\0'..='\x1f' | '\x7f' => write!(f, "%{:02X}", u32::from(letter))?,
            _ => fmt::Write::write_char(f, letter)?,
        }
    }
    Ok(())
}

/// Decodes a word; none where that is no UTF-8. A percent sign without two hexadecimal digits behind it stays as it is, as in forms
/// (WHATWG URL §1.3).
fn decoded(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
        match (bytes[place], digit(place + 1), digit(place + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                place += 3;
            }
            (byte, ..) => {
                out.push(byte);
                place += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(host: &str, metric: &str, labels: &[&str]) -> SeriesAddress {
        let labels = labels.iter().map(|&label| label.to_owned());
        SeriesAddress { host: host.parse().expect("a host"), key: SeriesKey::with_labels(metric, labels) }
    }

    #[test]
    fn every_series_is_read_as_it_was_written() {
        for (one, text) in [
            (address("local", "cpu.total", &[]), "local:cpu.total"),
            (address("web-1", "filesystem.used", &["/data/웹 a"]), "web-1:filesystem.used:/data/웹 a"),
            (address("a.b_c", "job:rate5m", &["C:\\", "50%"]), "a.b_c:job%3Arate5m:C%3A\\:50%25"),
            (address("local", "x", &["", "\u{0}\n", "%3A"]), "local:x::%00%0A:%253A"),
        ] {
            assert_eq!(one.to_string(), text);
            assert_eq!(text.parse(), Ok(one), "{text}");
        }
    }

    #[test]
    fn slips_that_have_one_meaning_are_understood() {
        assert_eq!("local:cpu.total:".parse(), Ok(address("local", "cpu.total", &[])));
        assert_eq!("local:x:50%:%zz".parse(), Ok(address("local", "x", &["50%", "%zz"])));
    }

    #[test]
    fn a_text_that_names_no_series_is_refused() {
        for text in [
            "",
            ":",
            "local",
            "local:",
            ":cpu.total",
            "no host:x",
            "../x:y",
            "LOCAL:x",
            "local:x:%ff",
            "a/b:c",
        ] {
            assert!(text.parse::<SeriesAddress>().is_err(), "{text}");
        }
        let long = "x".repeat(1_000).parse::<SeriesAddress>().expect_err("no series");
        assert!(long.to_string().len() < 200);
    }
}

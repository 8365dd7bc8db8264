//! A series' key in the folder: host, metric and labels, with a zero byte between two, which none of them has.

use common::{host::HostId, series::SeriesKey};

/// The key of a series of a host.
pub(super) fn encode(host: &HostId, series: &SeriesKey) -> Vec<u8> {
    let words =
        [host.as_str(), series.metric()].into_iter().chain(series.labels().iter().map(String::as_str));
    let words: Vec<String> = words.map(|word| word.replace('\0', "\u{fffd}")).collect();
    words.join("\0").into_bytes()
}

/// The words of a key: host, metric and labels; none where it is no such key.
pub(super) fn decode(key: &[u8]) -> Option<(&str, &str, Vec<&str>)> {
    let mut words = std::str::from_utf8(key).ok()?.split('\0');
    Some((words.next()?, words.next()?, words.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let host = HostId::local();
        let key = encode(&host, &SeriesKey::labelled("filesystem.used", "/data/웹 a\0b"));
        assert_eq!(decode(&key), Some(("local", "filesystem.used", vec!["/data/웹 a\u{fffd}b"])));
        assert_eq!(decode(&encode(&host, &SeriesKey::of("cpu.total"))), Some(("local", "cpu.total", vec![])));
        assert_eq!(decode(b"local"), None);
        assert_eq!(decode(b"\xff\0x"), None);
    }
}

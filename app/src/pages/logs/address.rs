//! The sources in the page's address: `/logs?source=container:ID&source=journal`.

use common::logs::LogSource;

/// At most so many are shown together, as many as a stream may have.
pub(super) const MOST_SOURCES: usize = 16;

/// Reads the sources of a query; what is none is left out.
pub(super) fn sources(query: &str) -> Vec<LogSource> {
    let mut sources = Vec::new();
    for pair in query.trim_start_matches('?').split('&') {
        let Some(text) = pair.strip_prefix("source=") else { continue };
        if let Some(source) = decoded(text).and_then(|text| text.parse().ok())
            && !sources.contains(&source)
            && sources.len() < MOST_SOURCES
        {
            sources.push(source);
        }
    }
    sources
}

/// The query of these sources, with its question mark; empty without any.
pub(super) fn query(sources: &[LogSource]) -> String {
    let mut query = String::new();
    for source in sources {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str("source=");
        query.push_str(&encoded(&source.to_string()));
    }
    query
}

/// A text as it stands in a query.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b":-_.@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    out
}

/// The text of a part of a query; none where it is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_as_they_are_written() {
        let written = [
            LogSource::Container("0123456789ab".into()),
            LogSource::Journal(None),
            LogSource::Journal(Some(r"dev-disk\x2d1.swap".into())),
            LogSource::File("nginx-access.log".into()),
        ];
        let query = query(&written);
        let expected = "?source=container:0123456789ab&source=journal&source=journal:dev-disk%5Cx2d1.swap&source=file:nginx-access.log";
        assert_eq!(query, expected);
        assert_eq!(sources(&query), written);
    }

    #[test]
    fn what_is_no_source_is_left_out_and_none_stands_twice() {
        for bad in [
            "",
            "?",
            "source=",
            "source=disk:a",
            "source=%ff",
            "source=%4",
            "other=journal",
            "source=journal:--x",
        ] {
            assert_eq!(sources(bad), [], "{bad}");
        }
        assert_eq!(sources("source=journal&x=1&source=journal&source=%6aournal"), [LogSource::Journal(None)]);
        let many: Vec<_> = (0..40).map(|name| format!("source=file:{name}")).collect();
        assert_eq!(sources(&many.join("&")).len(), MOST_SOURCES);
    }
}

//! Entity tags of files.

use axum::http::{HeaderMap, header};

/// Returns true if the client already has the answer of this strong tag (RFC 9110 §13.1.2).
pub(super) fn is_current(asked: &HeaderMap, etag: &str) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    tags.flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_client_that_has_the_answer_is_told_apart_by_its_tag() {
        for (value, current) in [
            ("\"4.8.4\"", true),
            ("\"1\", W/\"4.8.4\"", true),
            ("*", true),
            ("\"4.8.4-gzip\"", false),
            ("4.8.4", false),
        ] {
            let asked = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]);
            assert_eq!(is_current(&asked, "\"4.8.4\""), current, "{value}");
        }
    }
}

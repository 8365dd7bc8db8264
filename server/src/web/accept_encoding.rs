//! Reads which codings of an answer a client takes.

use axum::http::{HeaderMap, header};

/// A coding of answers.
#[derive(Clone, Copy)]
pub(super) enum Coding {
    /// RFC 7932.
    Brotli,
    /// RFC 1952.
    Gzip,
}

impl Coding {
    /// Its names (RFC 9110 §8.4.1.3 has two for gzip).
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Brotli => &["br"],
            Self::Gzip => &["gzip", "x-gzip"],
        }
    }
}

/// Returns true if the coding is acceptable (RFC 9110 §12.5.3): named, or meant by `*`, and not with
/// a weight of zero. A weight that cannot be read is none; and a client that says nothing gets an answer that everyone reads.
pub(super) fn takes(headers: &HeaderMap, coding: Coding) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut named = None;
    let mut any = false;
    for said in lines.flat_map(|line| line.split(',')) {
        let (name, weight) = said.split_once(';').unwrap_or((said, ""));
        let weight = weight.trim().trim_start_matches("q=").trim_start_matches("Q=");
        let wanted = weight.is_empty() || weight.parse::<f32>().is_ok_and(|weight| weight > 0.0);
        match name.trim() {
            name if coding.names().iter().any(|own| name.eq_ignore_ascii_case(own)) => named = Some(wanted),
            "*" => any = wanted,
            _ => {}
        }
    }
    named.unwrap_or(any)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn who_does_not_take_gzip_does_not_get_it() {
        let takes = |accepted: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in accepted {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            takes(&headers, Coding::Gzip)
        };
        for accepted in [
            &["gzip"][..],
            &["gzip, deflate, br"],
            &["br", "GZIP;q=0.5"],
            &["br, GZIP;q=0.5"],
            &["x-gzip"],
            &["*"],
            &["identity, *;q=0.1"],
            &["*;q=0, x-gzip"],
        ] {
            assert!(takes(accepted), "{accepted:?}");
        }
        for refused in [
            &[][..],
            &["br"],
            &["identity"],
            &["gzip;q=0"],
            &["gzip;q=0, *"],
            &["gzip; q=0.000"],
            &["gzip;q=much"],
            &["x-gzip;q=0"],
            &["*;q=0"],
            &["gzipped"],
        ] {
            assert!(!takes(refused), "{refused:?}");
        }
    }

    #[test]
    fn brotli_goes_by_its_own_name() {
        let takes = |accepted: &'static str| {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            takes(&headers, Coding::Brotli)
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("*;q=0.1"));
        assert!(!takes("gzip") && !takes("br;q=0") && !takes("brotli"));
    }
}

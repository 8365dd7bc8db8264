//! The content type says which reader it is.

use exposition::{ACCEPT, Format, Limits, Reader};

#[test]
fn the_content_type_names_the_format() {
    for (content_type, wanted) in [
        (None, Some(Format::Text)),
        (Some(""), Some(Format::Text)),
        (Some("text/plain"), Some(Format::Text)),
        (Some("text/plain; version=0.0.4; charset=utf-8"), Some(Format::Text)),
        (Some("text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8"), Some(Format::Text)),
        (Some("TEXT/PLAIN;VERSION=0.0.4"), Some(Format::Text)),
        (Some("application/openmetrics-text; version=1.0.0; charset=utf-8"), Some(Format::OpenMetrics)),
        (Some("application/openmetrics-text; charset=utf-8; version=\"0.0.1\""), Some(Format::OpenMetrics)),
        (Some(" application/openmetrics-text"), Some(Format::OpenMetrics)),
        (Some("application/openmetrics-text; version=2.0.0"), None),
        (Some("application/openmetrics-text; version="), None),
        (Some("text/html; charset=utf-8"), None),
        (Some("text/plainer"), None),
        (Some("application/json"), None),
        (
            Some(
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
            ),
            None,
        ),
        (Some(";"), None),
    ] {
        assert_eq!(Format::of_content_type(content_type).ok(), wanted, "{content_type:?}");
    }
}

#[test]
fn an_unknown_type_is_one_error() {
    let refused = |content_type: &str| {
        Reader::new(Some(content_type), b"<html>\n", Limits::default()).expect_err("no format").to_string()
    };
    assert_eq!(
        refused("text/html; charset=utf-8"),
        "the answer is `text/html; charset=utf-8`, and neither Prometheus text nor OpenMetrics 1.0"
    );
    assert!(refused(&"서".repeat(1_000)).len() < 200);
}

#[test]
fn each_type_that_is_asked_for_is_read() {
    for asked in ACCEPT.split(',') {
        if asked.starts_with("*/*") {
            continue;
        }
        assert!(Format::of_content_type(Some(asked)).is_ok(), "{asked}");
    }
    assert_eq!(ACCEPT.split(',').filter(|asked| asked.contains("escaping=allow-utf-8")).count(), 2);
}

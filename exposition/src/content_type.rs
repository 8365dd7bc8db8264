use thiserror::Error;

/// The `Accept` header to ask with.
///
/// Without `escaping=allow-utf-8` some libraries write an underscore for each letter beyond ASCII, and different names become one. OpenMetrics is
/// preferred, since a body that was cut off can be told there. Protobuf is not asked for.
pub const ACCEPT: &str = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
    text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1";

/// A format of expositions that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Prometheus' text format: timestamps in milliseconds, no end marker. Version 1.0.0 adds quoted names, which are read in each version.
    Text,
    /// OpenMetrics: timestamps in seconds, units, exemplars, and `# EOF` at the end.
    OpenMetrics,
}

/// The answer has a content type that is not read, such as a page of HTML or protobuf.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the answer is `{content_type}`, and neither Prometheus text nor OpenMetrics 1.0")]
pub struct UnknownContentType {
    /// The type as it was given, at most its first 100 bytes.
    pub content_type: String,
}

/// The longest content type that an error repeats.
const LONGEST_TOLD: usize = 100;

impl Format {
    /// Returns the format that a `Content-Type` header names; none means text.
    ///
    /// The version of `text/plain` does not matter: all are read alike, and makers of their own exporters write all sorts. OpenMetrics is read
    /// in its versions 0 and 1. The encoding is always UTF-8, whatever `charset` says (OpenMetrics 1.0, "Overall Structure").
    ///
    /// # Errors
    ///
    /// [`UnknownContentType`], for any other type, and for OpenMetrics from version 2 on.
    pub fn of_content_type(content_type: Option<&str>) -> Result<Self, UnknownContentType> {
        let Some(content_type) = content_type.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(Self::Text);
        };
        let mut parts = content_type.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        if essence.eq_ignore_ascii_case("text/plain") {
            return Ok(Self::Text);
        }
        let version = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim_end().eq_ignore_ascii_case("version").then(|| value.trim_start().trim_matches('"'))
        });
        let is_read = version.is_none_or(|version| matches!(version.split('.').next(), Some("0" | "1")));
        if essence.eq_ignore_ascii_case("application/openmetrics-text") && is_read {
            return Ok(Self::OpenMetrics);
        }
        let end = content_type.floor_char_boundary(LONGEST_TOLD);
        Err(UnknownContentType { content_type: content_type[..end].to_owned() })
    }
}

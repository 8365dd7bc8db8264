//! The path below which a proxy shows the board.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

/// The longest path.
const LONGEST: usize = 200;

/// The path below which browsers find the board: `/`, or `/pulse/`. Cheap to clone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BasePath(
    /// Without the slash at its end: empty, or `/pulse`.
    Arc<str>,
);

/// A text that is no base path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBasePath {
    /// It does not begin or end as it has to.
    #[error("{0:?} is not a base path: it begins and ends with a slash, as /pulse/ does")]
    Slashes(String),
    /// A part of it cannot be one.
    #[error("{0:?} is not a base path: between its slashes stand letters, digits, and -._ after the first")]
    Segment(String),
    /// A part of the board begins with it, so that nobody could say which is meant.
    #[error("{path:?} is not a base path: the board has addresses of its own below {own:?}")]
    Own {
        /// The text.
        path: String,
        /// The board's own addresses.
        own: String,
    },
    /// It is too long.
    #[error("a base path has at most {LONGEST} characters")]
    Long,
}

impl BasePath {
    /// Returns the path without the slash at its end: what stands before the board's own addresses.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// True where the board is found at `/`.
    pub(crate) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns an address of the board as browsers ask for it.
    pub(crate) fn join(&self, address: &str) -> String {
        [&*self.0, address].concat()
    }

    /// Returns the board's own address in what a browser asks for; none where it is not below the base path.
    pub(crate) fn strip<'a>(&self, asked: &'a str) -> Option<&'a str> {
        asked.strip_prefix(&*self.0).filter(|rest| rest.starts_with('/'))
    }
}

impl FromStr for BasePath {
    type Err = BadBasePath;

    fn from_str(text: &str) -> Result<Self, BadBasePath> {
        if text.len() > LONGEST {
            return Err(BadBasePath::Long);
        }
        let bare = text.strip_suffix('/').filter(|bare| bare.is_empty() || bare.starts_with('/'));
        let bare = bare.ok_or_else(|| BadBasePath::Slashes(text.to_owned()))?;
        let is_segment = |segment: &str| {
            segment.starts_with(|first: char| first.is_ascii_alphanumeric())
                && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        };
        let mut segments = bare.split('/').skip(1);
        if !segments.clone().all(is_segment) {
            return Err(BadBasePath::Segment(text.to_owned()));
        }
        match segments.next() {
            Some(first) if crate::access::is_own(first) => {
                Err(BadBasePath::Own { path: text.to_owned(), own: format!("/{first}") })
            }
            _ => Ok(Self(bare.into())),
        }
    }
}

impl TryFrom<String> for BasePath {
    type Error = BadBasePath;

    fn try_from(text: String) -> Result<Self, BadBasePath> {
        text.parse()
    }
}

impl From<BasePath> for String {
    fn from(path: BasePath) -> Self {
        path.to_string()
    }
}

impl fmt::Display for BasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.0)
    }
}

impl fmt::Debug for BasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_said_as_it_is_read() {
        for text in ["/", "/pulse/", "/a/b-1/c_d.e/"] {
            assert_eq!(text.parse::<BasePath>().expect("a base path").to_string(), text);
        }
        assert_eq!(BasePath::default(), "/".parse().expect("a base path"));
    }

    #[test]
    fn any_other_text_is_refused_with_the_reason() {
        let long = format!("/{}/", "a".repeat(LONGEST));
        for (text, why) in [
            ("", "begins and ends with a slash"),
            ("pulse", "begins and ends with a slash"),
            ("/pulse", "begins and ends with a slash"),
            ("pulse/", "begins and ends with a slash"),
            ("//", "between its slashes"),
            ("/a//b/", "between its slashes"),
            ("/../", "between its slashes"),
            ("/a b/", "between its slashes"),
            ("/%70/", "between its slashes"),
            ("/펄스/", "between its slashes"),
            ("/a\";x=\"/", "between its slashes"),
            ("/live/", "addresses of its own below \"/live\""),
            ("/api/board/", "addresses of its own below \"/api\""),
            ("/pkg/", "addresses of its own below \"/pkg\""),
            ("/lab/", "addresses of its own below \"/lab\""),
            ("/favicon.svg/", "addresses of its own below"),
            (&long, "at most 200"),
        ] {
            let error = text.parse::<BasePath>().expect_err(text).to_string();
            assert!(error.contains(why), "{text:?}: {error}");
        }
    }

    #[test]
    fn only_whole_segments_are_taken_off() {
        let pulse: BasePath = "/pulse/".parse().expect("a base path");
        assert_eq!(pulse.strip("/pulse/"), Some("/"));
        assert_eq!(pulse.strip("/pulse/lab?a#b"), Some("/lab?a#b"));
        for other in ["/pulse", "/pulses/lab", "/lab", "pulse/", "", "/Pulse/"] {
            assert_eq!(pulse.strip(other), None, "{other}");
        }
        assert_eq!(pulse.join("/lab"), "/pulse/lab");
        assert_eq!(BasePath::default().strip("/lab"), Some("/lab"));
        assert_eq!(BasePath::default().join("/lab"), "/lab");
    }
}

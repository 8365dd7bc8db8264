//! Versions of the API, and of the products that speak it.

use std::{fmt, str::FromStr};

use crate::{json::Json, text, time::EventTime};

/// A version of Docker's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
}

impl ApiVersion {
    /// The oldest version that this crate reads: Docker 20.10's and Podman 4's.
    pub const OLDEST: Self = Self { major: 1, minor: 41 };
    /// The version that this crate asks for where the engine has it.
    pub const OURS: Self = Self { major: 1, minor: 44 };

    /// Chooses the version for requests: ours or the engine's, whichever is older, but none below the engine's oldest.
    pub(crate) fn chosen(theirs: Self, their_oldest: Option<Self>) -> Self {
        Self::OURS.min(theirs).max(their_oldest.unwrap_or(Self::OLDEST).min(theirs))
    }
}

impl FromStr for ApiVersion {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |digits: &str| -> Result<u16, ()> {
            if digits.bytes().all(|byte| byte.is_ascii_digit()) {
                digits.parse().map_err(|_| ())
            } else {
                Err(())
            }
        };
        let (major, minor) = text.trim().split_once('.').ok_or(())?;
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The product behind a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Product {
    /// Docker, or anything that does not say that it is Podman.
    Docker,
    /// Podman, by its Docker-compatible paths.
    Podman,
}

impl Product {
    /// The name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "Docker",
            Self::Podman => "Podman",
        }
    }
}

/// An engine, and the version of the API that it is asked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineVersion {
    /// The version that requests name.
    pub api: ApiVersion,
    /// The product.
    pub product: Product,
    /// The product's own version, such as `28.5.2`.
    pub version: String,
    /// The engine's clock at that time, to the second; none where it does not say.
    pub clock: Option<EventTime>,
}

impl EngineVersion {
    /// The first two numbers of the product's version; none where it has none.
    #[must_use]
    pub fn release(&self) -> Option<(u32, u32)> {
        let mut numbers = self.version.split(|letter: char| !letter.is_ascii_digit());
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    }
}

/// The engine's answer about its version: the product's version, and the oldest API that it takes.
pub(crate) fn parse_version(body: &[u8]) -> Option<(String, Option<ApiVersion>)> {
    let value = serde_json::from_slice(body).ok()?;
    let json = Json(Some(&value));
    let version = text::clean(json.get("Version").word()?, text::NAME);
    Some((version, json.get("MinAPIVersion").text().and_then(|oldest| oldest.parse().ok())))
}

#[cfg(test)]
mod tests {
    use super::{ApiVersion, EngineVersion, Product, parse_version};

    fn api(text: &str) -> ApiVersion {
        text.parse().unwrap()
    }

    #[test]
    fn the_older_of_both_is_asked_for_but_none_that_the_engine_has_given_up() {
        let cases = [
            ("1.41", Some("1.12"), "1.41"),
            ("1.44", Some("1.24"), "1.44"),
            ("1.51", Some("1.24"), "1.44"),
            ("1.52", Some("1.44"), "1.44"),
            ("1.60", Some("1.50"), "1.50"),
            ("1.40", None, "1.40"),
            // An engine that says nonsense is asked by what it says last.
            ("1.41", Some("1.99"), "1.41"),
        ];
        for (theirs, oldest, wanted) in cases {
            assert_eq!(ApiVersion::chosen(api(theirs), oldest.map(api)), api(wanted), "{theirs} {oldest:?}");
        }
        assert!(api("1.9") < api("1.41"));
        for bad in ["", "1", "1.", "v1.41", "1.41.2", "1.+1", "99999.1", "1.-1"] {
            assert!(bad.parse::<ApiVersion>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_answer_about_versions_is_read() {
        let answer =
            br#"{"Version":"20.10.24+dfsg1","ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux"}"#;
        assert_eq!(parse_version(answer), Some(("20.10.24+dfsg1".to_owned(), Some(api("1.12")))));
        assert_eq!(parse_version(br#"{"Version":"4.3.1"}"#), Some(("4.3.1".to_owned(), None)));
        for bad in [&b"{}"[..], b"", b"[]", br#"{"Version":7}"#, b"\xff"] {
            assert_eq!(parse_version(bad), None);
        }
    }

    #[test]
    fn the_release_is_the_first_two_numbers() {
        let of = |version: &str| {
            let version = version.to_owned();
            EngineVersion { api: ApiVersion::OURS, product: Product::Podman, version, clock: None }.release()
        };
        assert_eq!(of("20.10.24+dfsg1"), Some((20, 10)));
        assert_eq!(of("5.8.6"), Some((5, 8)));
        assert_eq!((of("dev"), of("")), (None, None));
    }
}

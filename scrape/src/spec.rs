//! Settings of a target, and the checks of them.

use std::{fmt, fs, path::PathBuf, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use exposition::{Filter, FilterError};
use http::{HeaderValue, Uri};
use outbound::{AuthorityError, Outbound};
use serde::Deserialize;

use crate::origin::Origin;

/// The most seconds that a scrape may take.
const LONGEST_TIMEOUT: u64 = 300;
/// The most series that may be kept of a scrape: as many as are read.
const MOST_SERIES: usize = 100_000;
/// The most names of labels that may be kept.
const MOST_LABELS: usize = 64;

/// One endpoint, and what is wanted of it. Only the address must be given.
///
/// ```
/// let spec: scrape::TargetSpec = toml::from_str(
///     r#"
///     url = "https://db1.example.org:9100/metrics"
///     timeout_seconds = 5
///     metrics = ["node_*", "!node_cpu_guest_*"]
///     "#,
/// ).expect("settings");
/// assert_eq!(spec.timeout_seconds, 5);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// The whole address: `http://localhost:9100/metrics`. It has no user and no password.
    pub url: String,
    /// Seconds that a whole scrape may take, from the name's look-up to the last byte: 1 to 300, 10 if not given. The endpoint is told.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// Patterns of names of metrics, as [`Filter`] has them: `node_*` keeps, `!node_cpu_guest_*` leaves out. Without any, all are kept.
    #[serde(default)]
    pub metrics: Vec<String>,
    /// Names of the labels that are kept, at most 64; all if not given. Of series that are equal without the others, the first one is kept.
    #[serde(default)]
    pub labels: Option<Vec<String>>,
    /// Keeps the `_bucket` series of histograms, which are most of what some endpoints send.
    #[serde(default)]
    pub buckets: bool,
    /// The most series that are kept of a scrape: 1 to 100,000, 10,000 if not given. The first ones are.
    #[serde(default = "default_most_series")]
    pub max_series: usize,
    /// A token that is sent as `Authorization: Bearer …`.
    #[serde(default)]
    pub bearer_token: Option<Secret>,
    /// A user and a password that are sent as `Authorization: Basic …`.
    #[serde(default)]
    pub basic_auth: Option<BasicAuth>,
    /// A file in PEM with the certificates of the authorities that are trusted, in place of the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Checks the certificate of an `https` endpoint; true if not given.
    #[serde(default = "default_verify")]
    pub verify: bool,
}

/// A user and a password (RFC 7617).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasicAuth {
    /// The user's name, without a colon.
    pub username: String,
    /// The password.
    pub password: Secret,
}

/// A text that logs do not show.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Why a target's settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// The address is no whole one.
    #[error("`{0}` is no address of an endpoint: it is like http://localhost:9100/metrics")]
    Url(String),
    /// The address has a user or a password in it.
    #[error("the address must not have a user or a password in it: give them as `basic_auth`")]
    UserInUrl,
    /// The timeout is none that makes sense.
    #[error("`timeout_seconds` is {0}, and must be 1 to 300")]
    Timeout(u64),
    /// The most series is a number that makes no sense.
    #[error("`max_series` is {0}, and must be 1 to 100000")]
    MaxSeries(usize),
    /// A pattern cannot be used.
    #[error("`metrics`: {0}")]
    Metrics(#[from] FilterError),
    /// There are more names of labels than a series may have.
    #[error("`labels` has {0} names, and may have 64")]
    Labels(usize),
    /// The token has a line's end or another character that no header may have.
    #[error("`bearer_token` has a character that a header cannot have")]
    BearerToken,
    /// The user's name has a colon, which ends it.
    #[error("the `username` must not have a colon")]
    Username,
    /// There are two sorts of credentials for one header.
    #[error("`bearer_token` and `basic_auth` are both given, and only one can be sent")]
    TwoCredentials,
    /// An authority is named although no certificate is checked.
    #[error("`ca_file` is given, but with `verify = false` no certificate is checked")]
    NothingToVerify,
    /// The file of authorities cannot be read.
    #[error("`ca_file` cannot be read: {0}")]
    CaFile(std::io::Error),
    /// The file of authorities has none.
    #[error("`ca_file` cannot be used: {0}")]
    Authorities(#[from] AuthorityError),
    /// TLS cannot be had at all.
    #[error("TLS cannot be had: {0}")]
    Tls(String),
}

/// Settings that were checked, in the form in which they are used.
#[derive(Debug)]
pub(crate) struct CheckedSpec {
    pub(crate) uri: Uri,
    pub(crate) origin: Origin,
    pub(crate) timeout: Duration,
    pub(crate) filter: Filter,
    pub(crate) labels: Option<Vec<String>>,
    pub(crate) buckets: bool,
    pub(crate) max_series: usize,
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) outbound: Outbound,
}

impl TargetSpec {
    /// Makes the settings of an address, all else as if it were not given.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            timeout_seconds: default_timeout(),
            metrics: Vec::new(),
            labels: None,
            buckets: false,
            max_series: default_most_series(),
            bearer_token: None,
            basic_auth: None,
            ca_file: None,
            verify: default_verify(),
        }
    }

    pub(crate) fn check(self, outbound: &Outbound) -> Result<CheckedSpec, SpecError> {
        let (uri, origin) = self.address()?;
        if !(1..=LONGEST_TIMEOUT).contains(&self.timeout_seconds) {
            return Err(SpecError::Timeout(self.timeout_seconds));
        }
        if !(1..=MOST_SERIES).contains(&self.max_series) {
            return Err(SpecError::MaxSeries(self.max_series));
        }
        if let Some(labels) = self.labels.as_ref().filter(|labels| labels.len() > MOST_LABELS) {
            return Err(SpecError::Labels(labels.len()));
        }
        Ok(CheckedSpec {
            uri,
            origin,
            timeout: Duration::from_secs(self.timeout_seconds),
            filter: Filter::new(&self.metrics)?,
            authorization: self.authorization()?,
            outbound: self.outbound(outbound)?,
            labels: self.labels,
            buckets: self.buckets,
            max_series: self.max_series,
        })
    }

    fn address(&self) -> Result<(Uri, Origin), SpecError> {
        // An address with a user is not repeated, for the password is in it.
        if self.url.split(['?', '#']).next().is_some_and(|start| start.contains('@')) {
            return Err(SpecError::UserInUrl);
        }
        let bad = || SpecError::Url(self.url.chars().take(200).collect());
        let uri: Uri = self.url.parse().map_err(|_| bad())?;
        let origin = Origin::of(&uri).ok_or_else(bad)?;
        Ok((uri, origin))
    }

    fn authorization(&self) -> Result<Option<HeaderValue>, SpecError> {
        let text = match (&self.bearer_token, &self.basic_auth) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Err(SpecError::TwoCredentials),
            (Some(token), None) => format!("Bearer {}", token.0),
            (None, Some(basic)) if basic.username.contains(':') => return Err(SpecError::Username),
            (None, Some(basic)) => {
                format!(
                    "Basic {}",
                    BASE64_STANDARD.encode(format!("{}:{}", basic.username, basic.password.0))
                )
            }
        };
        let mut value = HeaderValue::try_from(text).map_err(|_| SpecError::BearerToken)?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    fn outbound(&self, outbound: &Outbound) -> Result<Outbound, SpecError> {
        match (&self.ca_file, self.verify) {
            (None, true) => Ok(outbound.clone()),
            (None, false) => {
                Outbound::without_verification().map_err(|error| SpecError::Tls(error.to_string()))
            }
            (Some(path), true) => {
                Ok(Outbound::with_authorities(&fs::read(path).map_err(SpecError::CaFile)?)?)
            }
            (Some(_), false) => Err(SpecError::NothingToVerify),
        }
    }
}

fn default_timeout() -> u64 {
    10
}

fn default_most_series() -> usize {
    10_000
}

fn default_verify() -> bool {
    true
}

//! The fields of the forms of probes and targets, as the browser sends them.

use serde::Deserialize;

/// A probe to be made or changed. Numbers are texts: what is none comes back as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The number of the one to be changed; empty for a new one.
    #[serde(default)]
    pub id: String,
    /// The time of its last change that the page has shown; empty for a new one.
    #[serde(default)]
    pub seen: String,
    /// Its name.
    pub name: String,
    /// The host that asks; the server's own where it is empty.
    #[serde(default)]
    pub from: String,
    /// `http`, `tcp`, `icmp` or `dns`.
    pub kind: String,
    /// The address, host or name that is asked.
    pub target: String,
    /// Seconds from one question to the next.
    #[serde(default)]
    pub interval: String,
    /// Seconds that an attempt may take.
    #[serde(default)]
    pub timeout: String,
    /// The number of attempts after the first.
    #[serde(default)]
    pub retries: String,
    /// The number of the probe that it hangs on; empty for none.
    #[serde(default)]
    pub parent: String,
    /// HTTP: status codes that are well.
    #[serde(default)]
    pub status: String,
    /// HTTP: a text in the answer.
    #[serde(default)]
    pub keyword: String,
    /// HTTP: the text must not be there.
    #[serde(default)]
    pub absent: Option<String>,
    /// HTTP: days that the certificate must be valid for.
    #[serde(default)]
    pub days_left: String,
    /// HTTP: any certificate will do.
    #[serde(default)]
    pub unverified: Option<String>,
    /// DNS: the type of the record.
    #[serde(default)]
    pub record: String,
    /// DNS: the name server.
    #[serde(default)]
    pub server: String,
    /// DNS: the answer.
    #[serde(default)]
    pub expect: String,
}

/// A target to be added or changed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The number of the one to be changed; empty for a new one.
    #[serde(default)]
    pub id: String,
    /// The time of its last change that the page has shown; empty for a new one.
    #[serde(default)]
    pub seen: String,
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// Seconds from one scrape to the next.
    #[serde(default)]
    pub interval: String,
    /// Seconds that a scrape may take.
    #[serde(default)]
    pub timeout: String,
    /// Patterns of metrics, one a line.
    #[serde(default)]
    pub metrics: String,
    /// A bearer token. Left empty, the one that there is stays.
    #[serde(default)]
    pub token: String,
    /// Any certificate will do.
    #[serde(default)]
    pub unverified: Option<String>,
}

/// A row that is to be done something with, or the opposite of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchForm {
    /// Proves that the form came from a page of this server.
    pub csrf: String,
    /// The number of the row.
    pub id: u64,
    /// `on` or `off`.
    pub to: String,
}

//! Addresses to listen on, as settings and the command line name them.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use serde::{Deserialize, Serialize};

/// An address to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenAddress {
    /// An address and a port. Port 0 takes a free one.
    Tcp(SocketAddr),
    /// A unix socket, made at this path.
    Unix(PathBuf),
}

/// The addresses to listen on: at least one. In settings a text, with commas between several, or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OneOrMany", into = "OneOrMany")]
pub struct ListenAddresses(Vec<ListenAddress>);

/// A text that names no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no address to listen on: write a number and a port, as 127.0.0.1:3000 or [::]:3000, or unix:/PATH"
)]
pub struct BadListenAddress(String);

/// The form of the setting.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl ListenAddresses {
    /// The addresses, in the order of the settings.
    pub fn iter(&self) -> impl Iterator<Item = &ListenAddress> {
        self.0.iter()
    }

    /// Returns the first address that other machines can reach, if there is one. A unix socket is this machine's own.
    #[must_use]
    pub fn beyond_loopback(&self) -> Option<SocketAddr> {
        self.0.iter().find_map(|address| match address {
            ListenAddress::Tcp(address) if !address.ip().is_loopback() => Some(*address),
            ListenAddress::Tcp(_) | ListenAddress::Unix(_) => None,
        })
    }
}

impl From<SocketAddr> for ListenAddresses {
    fn from(address: SocketAddr) -> Self {
        Self(vec![ListenAddress::Tcp(address)])
    }
}

impl FromStr for ListenAddress {
    type Err = BadListenAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadListenAddress(text.to_owned());
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(_) => Err(bad()),
            None => text.parse().map(Self::Tcp).map_err(|_| bad()),
        }
    }
}

impl FromStr for ListenAddresses {
    type Err = BadListenAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',').map(|one| one.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl TryFrom<OneOrMany> for ListenAddresses {
    type Error = BadListenAddress;

    fn try_from(said: OneOrMany) -> Result<Self, Self::Error> {
        match said {
            OneOrMany::One(text) => text.parse(),
            OneOrMany::Many(texts) if texts.is_empty() => Err(BadListenAddress(String::new())),
            OneOrMany::Many(texts) => {
                texts.iter().map(|text| text.parse()).collect::<Result<_, _>>().map(Self)
            }
        }
    }
}

impl From<ListenAddresses> for OneOrMany {
    fn from(addresses: ListenAddresses) -> Self {
        match &*addresses.0 {
            [one] => Self::One(one.to_string()),
            several => Self::Many(several.iter().map(ToString::to_string).collect()),
        }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_or_several_are_read_from_a_text_or_a_list() {
        let read = |json: &str| serde_json::from_str::<ListenAddresses>(json).expect("addresses");
        let again = |json: &str| serde_json::to_string(&read(json)).expect("text");
        assert_eq!(again(r#"["127.0.0.1:3000"]"#), r#""127.0.0.1:3000""#);
        let several = r#"["127.0.0.1:3000","unix:/run/p.sock","[::]:80"]"#;
        assert_eq!(again(r#""127.0.0.1:3000, unix:/run/p.sock,[::]:80""#), several);
        assert_eq!(again(several), several);
    }

    #[test]
    fn what_is_no_address_is_refused_by_its_text() {
        for bad in ["", "3000", "localhost:3000", "127.0.0.1", "unix:", "unix:p.sock", "127.0.0.1:3000,"] {
            let error = bad.parse::<ListenAddresses>().expect_err(bad).to_string();
            assert!(error.contains("is no address to listen on"), "{error}");
        }
        assert!(serde_json::from_str::<ListenAddresses>("[]").is_err());
        assert!(serde_json::from_str::<ListenAddresses>("3000").is_err());
    }

    #[test]
    fn a_unix_socket_is_on_this_machine_alone() {
        let beyond =
            |text: &str| text.parse::<ListenAddresses>().unwrap().beyond_loopback().map(|it| it.to_string());
        assert_eq!(beyond("127.0.0.1:1,[::1]:1,unix:/run/p.sock"), None);
        assert_eq!(beyond("127.0.0.1:1,[::]:1"), Some("[::]:1".to_owned()));
    }
}

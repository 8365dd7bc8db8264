//! The address of a server: `postgres://user:password@host:port/database?sslmode=…`.

use std::{path::PathBuf, str::FromStr};

use store::StoreError;
use tokio_postgres::config::{Config, Host, SslMode};

/// The check of the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verification {
    /// No check: whoever sits between can read and change everything.
    None,
    /// The certificate is signed by a known authority, for any name.
    Authority,
    /// The certificate is signed by a known authority, for the name in the address.
    Full,
}

/// An address that was read. `Config` prints no password.
#[derive(Debug)]
pub(crate) struct Address {
    /// The library's settings.
    pub(crate) config: Config,
    /// The check of the server's certificate.
    pub(crate) verification: Verification,
    /// The file with the authorities that count; none for the system's.
    pub(crate) authorities: Option<PathBuf>,
}

impl FromStr for Address {
    type Err = StoreError;

    /// Reads an address. The words of `sslmode` are libpq's; without one the certificate is checked in full.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(bad("the address begins with postgres:// or postgresql://"));
        }
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut authorities, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value.to_owned()),
                Some(("sslrootcert", value)) => authorities = Some(PathBuf::from(decoded(value))),
                _ => rest.push(pair),
            }
        }
        let plain = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        // The error names the option, and never its value.
        let mut config = Config::from_str(&plain)
            .map_err(|error| bad(&format!("the address cannot be read: {}", reason(&error))))?;
        let is_local = config.get_hosts().iter().all(|host| !matches!(host, Host::Tcp(_)));
        let (ssl_mode, verification) = match mode.as_deref() {
            // A socket in the file system does not leave the machine.
            None if is_local => (SslMode::Disable, Verification::None),
            None | Some("verify-full") => (SslMode::Require, Verification::Full),
            Some("verify-ca") => (SslMode::Require, Verification::Authority),
            Some("require") => (SslMode::Require, Verification::None),
            Some("prefer") => (SslMode::Prefer, Verification::None),
            Some("disable") => (SslMode::Disable, Verification::None),
            Some(_) => return Err(bad("sslmode is disable, prefer, require, verify-ca or verify-full")),
        };
        if authorities.is_some() && verification == Verification::None {
            return Err(bad("sslrootcert is of use with sslmode=verify-ca or verify-full only"));
        }
        config.ssl_mode(ssl_mode);
        if config.get_application_name().is_none() {
            config.application_name("pulseboard");
        }
        Ok(Self { config, verification, authorities })
    }
}

/// Decodes the percent signs of a value. A plus is itself there: it is no form.
fn decoded(value: &str) -> String {
    let pair = format!("v={}", value.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn reason(error: &tokio_postgres::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

fn bad(text: &str) -> StoreError {
    StoreError::BadSettings(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Address, StoreError> {
        text.parse()
    }

    #[test]
    fn the_certificate_is_checked_unless_the_address_says_otherwise() {
        for (query, mode, verification) in [
            ("", SslMode::Require, Verification::Full),
            ("?sslmode=verify-full", SslMode::Require, Verification::Full),
            ("?sslmode=verify-ca", SslMode::Require, Verification::Authority),
            ("?sslmode=require", SslMode::Require, Verification::None),
            ("?sslmode=prefer", SslMode::Prefer, Verification::None),
            ("?sslmode=disable", SslMode::Disable, Verification::None),
        ] {
            let address = read(&format!("postgres://mina:pw@db.example/pulse{query}")).expect("it is one");
            assert_eq!(
                (address.config.get_ssl_mode(), address.verification),
                (mode, verification),
                "{query}"
            );
        }
        let socket = read("postgres:///pulse?host=/run/postgresql&user=mina").expect("it is one");
        assert_eq!(socket.config.get_ssl_mode(), SslMode::Disable);
    }

    #[test]
    fn other_options_are_passed_on() {
        let text = "postgresql://mina@db/pulse?connect_timeout=3&sslmode=verify-ca&sslrootcert=/etc/a%20b+c.pem&application_name=x";
        let address = read(text).expect("it is one");
        assert_eq!(address.config.get_connect_timeout(), Some(&std::time::Duration::from_secs(3)));
        assert_eq!(address.config.get_application_name(), Some("x"));
        assert_eq!(address.authorities, Some(PathBuf::from("/etc/a b+c.pem")));
    }

    #[test]
    fn a_bad_address_is_refused_without_its_password() {
        for bad in [
            "",
            "mysql://mina:hunter2@db/pulse",
            "postgres://mina:hunter2@db:port/pulse",
            "postgres://mina:hunter2@db/pulse?sslmode=maybe",
            "postgres://mina:hunter2@db/pulse?nonsense=1",
            "postgres://mina:hunter2@db/pulse?sslmode=require&sslrootcert=/a.pem",
        ] {
            let error = read(bad).expect_err(bad);
            assert_eq!(error.kind(), "bad_settings", "{bad}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let address = read("postgres://mina:hunter2@db/pulse").expect("it is one");
        assert!(!format!("{address:?}").contains("hunter2"));
    }
}

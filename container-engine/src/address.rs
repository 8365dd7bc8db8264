//! Addresses of engines, in the words of `DOCKER_HOST`.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

/// The longest path of a socket (`sun_path` of unix(7), without its end).
const LONGEST_PATH: usize = 107;
/// The port of an engine without TLS, after IANA's registry.
const PLAIN_PORT: u16 = 2375;

/// The place where an engine listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineAddress {
    /// A unix socket, by its absolute path.
    Unix(PathBuf),
    /// A port, with TLS or without.
    Tcp {
        /// The name or address of the host, without brackets.
        host: String,
        /// The port.
        port: u16,
        /// The files for TLS; none for a connection that anyone on the path may read and change.
        tls: Option<TlsFiles>,
    },
}

/// The files, all PEM, by which client and engine recognise each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The authority that has signed the engine's certificate.
    pub authority: PathBuf,
    /// The client's certificate and its private key; none for an engine that asks for none.
    pub client: Option<(PathBuf, PathBuf)>,
}

/// Why a text is no address of an engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The text begins with no scheme that is understood.
    #[error("an engine's address begins with unix:// or tcp://, not as \"{0}\" does")]
    Scheme(String),
    /// The path of a socket does not begin at the root.
    #[error("the path of a socket begins with a slash: unix:///run/docker.sock")]
    RelativePath,
    /// The path of a socket is longer than the system takes.
    #[error("the path of a socket has at most {LONGEST_PATH} bytes")]
    LongPath,
    /// The host is missing, or has letters that no host has.
    #[error("the address names no host: tcp://host:2376")]
    Host,
    /// The port is no number from 1 to 65535.
    #[error("the port is a number from 1 to 65535")]
    Port,
    /// Something stands after the port.
    #[error("nothing stands after the port: tcp://host:2376")]
    Path,
}

impl EngineAddress {
    /// Says the address with TLS by these files; a socket stays what it is.
    #[must_use]
    pub fn with_tls(self, files: TlsFiles) -> Self {
        match self {
            Self::Tcp { host, port, .. } => Self::Tcp { host, port, tls: Some(files) },
            socket @ Self::Unix(_) => socket,
        }
    }
}

impl FromStr for EngineAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("unix://") {
            return socket(path);
        }
        let Some(rest) = text.strip_prefix("tcp://") else {
            return Err(AddressError::Scheme(
                text.chars().take(20).filter(|letter| !letter.is_control()).collect(),
            ));
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#']) {
            return Err(AddressError::Path);
        }
        let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, port)) => (host, Some(port.strip_prefix(':').ok_or(AddressError::Port)?)),
            None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
        };
        let is_of_host =
            |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '%');
        if host.is_empty() || !host.chars().all(is_of_host) {
            return Err(AddressError::Host);
        }
        let port = match port {
            None => PLAIN_PORT,
            Some(port) => {
                let digits = port.bytes().all(|byte| byte.is_ascii_digit());
                port.parse().ok().filter(|port| *port > 0 && digits).ok_or(AddressError::Port)?
            }
        };
        Ok(Self::Tcp { host: host.to_owned(), port, tls: None })
    }
}

fn socket(path: &str) -> Result<EngineAddress, AddressError> {
    if !Path::new(path).is_absolute() {
        return Err(AddressError::RelativePath);
    }
    if path.len() > LONGEST_PATH {
        return Err(AddressError::LongPath);
    }
    Ok(EngineAddress::Unix(PathBuf::from(path)))
}

impl fmt::Display for EngineAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp { host, port, .. } if host.contains(':') => write!(f, "tcp://[{host}]:{port}"),
            Self::Tcp { host, port, .. } => write!(f, "tcp://{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressError, EngineAddress};

    #[test]
    fn addresses_are_read_and_written_alike() {
        let cases = [
            ("unix:///run/docker.sock", "unix:///run/docker.sock"),
            (" unix:///run/user/1000/podman/podman.sock\n", "unix:///run/user/1000/podman/podman.sock"),
            ("tcp://engine.example:2376", "tcp://engine.example:2376"),
            ("tcp://engine", "tcp://engine:2375"),
            ("tcp://10.0.0.1:2375/", "tcp://10.0.0.1:2375"),
            ("tcp://[::1]:2376", "tcp://[::1]:2376"),
            ("tcp://[::1]", "tcp://[::1]:2375"),
        ];
        for (text, wanted) in cases {
            let address: EngineAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), wanted);
            assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        let long = format!("unix:///{}", "a".repeat(107));
        let cases = [
            ("", AddressError::Scheme(String::new())),
            ("/run/docker.sock", AddressError::Scheme("/run/docker.sock".to_owned())),
            ("ssh://host", AddressError::Scheme("ssh://host".to_owned())),
            ("unix://docker.sock", AddressError::RelativePath),
            ("unix://", AddressError::RelativePath),
            (&long, AddressError::LongPath),
            ("tcp://", AddressError::Host),
            ("tcp://:2375", AddressError::Host),
            ("tcp://user@host", AddressError::Host),
            ("tcp://ho st", AddressError::Host),
            ("tcp://host:0", AddressError::Port),
            ("tcp://host:65536", AddressError::Port),
            ("tcp://host:+1", AddressError::Port),
            ("tcp://host:", AddressError::Port),
            ("tcp://[::1]2375", AddressError::Port),
            ("tcp://host:2375/v1.41", AddressError::Path),
        ];
        for (text, wanted) in cases {
            assert_eq!(text.parse::<EngineAddress>(), Err(wanted), "{text}");
        }
    }
}

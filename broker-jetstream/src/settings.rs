//! Settings of the log on NATS JetStream.

use std::{fmt, path::PathBuf, time::Duration};

use broker::BrokerError;

/// The connection to NATS, and what this board makes there.
#[derive(Debug, Clone)]
pub struct JetStreamSettings {
    /// Addresses of the servers, `nats://host:port` or `tls://host:port`, with `user:password@` before the host where they ask for it.
    /// One suffices: a cluster tells of its others.
    pub servers: Vec<String>,
    /// The first token of every subject, and in capitals the name of the streams: 1 to 32 of `a-z 0-9 _ -`. Two boards share a NATS
    /// by two prefixes.
    pub prefix: String,
    /// The copies of each stream, on as many servers: 1, 3 or 5.
    pub replicas: usize,
    /// The most bytes that the stream of `Log` topics holds; the oldest entries go first. None for as much as the server allows.
    pub max_bytes: Option<u64>,
    /// The login, where it does not stand in `servers`.
    pub login: Login,
    /// TLS beyond what `tls://` in an address asks for, which holds for all servers then.
    pub tls: TlsFiles,
    /// The time for which the server itself recognises what is sent twice. Beyond it, nodes go by what they read.
    pub duplicate_window: Duration,
    /// The time that connecting may take.
    pub connect_timeout: Duration,
    /// The time for which a publication is tried again while the servers choose a leader, before it is answered by an error.
    pub publish_timeout: Duration,
}

/// A login at NATS. Its `Debug` shows no secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Login {
    /// None, or the one in the addresses.
    #[default]
    None,
    /// A user and a password.
    User {
        /// The user's name.
        user: String,
        /// The user's password.
        password: String,
    },
    /// A token.
    Token(String),
    /// A file of credentials, as `nsc` writes it (JWT and seed).
    CredentialsFile(PathBuf),
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::User { user, .. } => f.debug_struct("User").field("user", user).finish_non_exhaustive(),
            Self::Token(_) => f.write_str("Token(..)"),
            Self::CredentialsFile(path) => f.debug_tuple("CredentialsFile").field(path).finish(),
        }
    }
}

/// Files for TLS, all PEM.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsFiles {
    /// The authority that signed the servers' certificates, where the system does not know it.
    pub ca: Option<PathBuf>,
    /// The certificate that this node shows, and its key.
    pub client: Option<(PathBuf, PathBuf)>,
    /// Connects with TLS even where no address begins with `tls://` and no file is given.
    pub required: bool,
}

impl Default for JetStreamSettings {
    fn default() -> Self {
        Self {
            servers: vec!["nats://127.0.0.1:4222".to_owned()],
            prefix: "pulseboard".to_owned(),
            replicas: 1,
            max_bytes: None,
            login: Login::None,
            tls: TlsFiles::default(),
            duplicate_window: Duration::from_secs(600),
            connect_timeout: Duration::from_secs(5),
            publish_timeout: Duration::from_secs(20),
        }
    }
}

impl JetStreamSettings {
    /// Checks what NATS would refuse later with a line that says less.
    pub(crate) fn check(&self) -> Result<(), BrokerError> {
        let unusable = |text: String| Err(BrokerError::Unusable(text));
        let plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
        if !(1..=32).contains(&self.prefix.len()) || !self.prefix.bytes().all(plain) {
            return unusable(format!("the prefix {:?} is not 1 to 32 of a-z, 0-9, '_' and '-'", self.prefix));
        }
        if !matches!(self.replicas, 1 | 3 | 5) {
            return unusable(format!("{} replicas: use 1, 3 or 5", self.replicas));
        }
        if self.servers.is_empty() {
            return unusable("no address of a NATS server is set".to_owned());
        }
        Ok(())
    }
}

//! Settings: defaults, under a TOML file, under `PULSEBOARD_*` in the environment, under flags.

mod environment;
pub(crate) mod setting;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use transports::gate::{HostName, TrustedProxy};

use setting::OutOfBounds;

use crate::{
    BasePath, CarriedSite,
    cli::ServeFlags,
    hosts::{BadThresholds, ThresholdSetting, check_thresholds},
    listen::ListenAddresses,
    operator_token::{self, BadToken},
    secret::Secret,
};
pub use crate::{
    accounts::{AnonymousTopics, AuditConfig, OidcConfig},
    containers::ContainerSettings,
    history::PastSettings,
    hosts::settings::Collect,
    log_setup::settings::BrokerConfig,
    logs::{JournalUse, KeptContainers, LogSourceSettings},
    web_push::PushConfig,
};
pub use setting::{Bound, Setting};

/// All settings. In the environment, levels are joined by two underscores: `PULSEBOARD_LIMITS__MESSAGE_BYTES`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The addresses to listen on.
    pub listen: ListenAddresses,
    /// The folder for everything that must outlive a restart.
    pub data_dir: PathBuf,
    /// TLS, and with it HTTP/2.
    pub tls: Tls,
    /// The path below which browsers find the board.
    pub base_path: BasePath,
    /// Names under which the server is asked, besides loopback: for a reverse proxy on the same machine.
    pub hosts: Vec<HostName>,
    /// Addresses and networks whose proxies are believed when they say for whom they ask.
    pub trusted_proxies: Vec<TrustedProxy>,
    /// True if their connections begin with the PROXY protocol, version 1 or 2.
    pub proxy_protocol: bool,
    /// The credential for looking into other people's connections.
    pub operator: OperatorConfig,
    /// The format of the log.
    pub log: LogFormat,
    /// The stored log.
    pub log_store: LogStore,
    /// The log's place, where several nodes share it.
    pub broker: BrokerConfig,
    /// The place of the accounts.
    pub store: StoreConfig,
    /// The topics that may be read without signing in.
    pub anonymous_topics: Vec<AnonymousTopics>,
    /// The time for which the audit log is kept.
    pub audit: AuditConfig,
    /// The provider at which people may sign in.
    pub oidc: OidcConfig,
    /// The push services of browsers.
    pub push: PushConfig,
    /// The limits of one connection and of one address; 0 means no limit.
    pub limits: Limits,
    /// The times of a live connection, and what it may do.
    pub live: Live,
    /// The intervals of the measurements.
    pub collect: Collect,
    /// The container engine of this machine.
    pub containers: ContainerSettings,
    /// The sources of lines beside containers.
    pub logs: LogSourceSettings,
    /// The bounds of the past of numbers.
    pub history: PastSettings,
    /// From which values on a metric is a warning or critical, by the metric's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub thresholds: BTreeMap<String, ThresholdSetting>,
    /// Environment variables that look like settings and are none.
    #[serde(skip)]
    pub ignored: Vec<String>,
    /// The program that asks the system what may never be answered: no setting, but this very binary.
    #[serde(skip)]
    pub prober: Option<PathBuf>,
    /// The site that this very binary carries: no setting, either.
    #[serde(skip)]
    pub site: Option<Arc<CarriedSite>>,
}

/// The source of the TLS certificate; without any of these the server speaks plain HTTP.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// A file of certificates (PEM), the server's own first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cert: Option<PathBuf>,
    /// The file of its private key (PEM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<PathBuf>,
    /// Make a certificate that no browser trusts, for trying it.
    #[serde(default)]
    pub self_signed: bool,
}

/// The operator's credential.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorConfig {
    /// The token that requests for other people's connections must carry; without it one is made in the data folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
}

/// The place of the accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// The address of a PostgreSQL database, which several nodes share; without it they stand in the data folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Secret>,
}

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    Human,
    /// A JSON object a line.
    Json,
}

/// The part of the live log that is stored, so that it outlives a restart.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogStore {
    /// The size limit in the data folder, bytes. Half of it is for what can be resumed, half for what is used up.
    pub bytes: u64,
}

/// Limits; 0 means none.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Live connections in all.
    pub connections: usize,
    /// Live connections from one address.
    pub connections_per_address: usize,
    /// Topics that one connection may follow.
    pub topics_per_connection: usize,
    /// The longest message or publication, bytes. By default a publication and all that a transport puts around it stay under
    /// the 64 KiB that some clients take at most.
    pub message_bytes: usize,
    /// Messages a second from one client.
    pub messages_per_second: u32,
    /// Publications a second from one client.
    pub publications_per_second: u32,
    /// Seconds without progress before a reader is given up.
    pub stall_seconds: u64,
    /// Seconds that a connection is kept between two requests: longer than a proxy before it keeps its own.
    pub idle_seconds: u64,
}

/// The times of a live connection, and what it may do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Live {
    /// The longest silence between two frames, milliseconds.
    pub heartbeat_ms: u64,
    /// When a client whose connection broke comes back, milliseconds.
    pub retry_ms: u64,
    /// Seconds until a one-way line ends with a `bye` and is asked for again; 0 for never. Proxies that keep a connection
    /// for a reader who has left, and those that end every answer after ten minutes, are why.
    pub max_age_seconds: u64,
    /// True if a WebSocket compresses, provided that the client offers it.
    pub compression: bool,
}

/// The settings that no feature owns, in the order in which they are checked.
pub(crate) const CORE: &[Setting] = &[
    Setting::free("listen"),
    Setting::free("data_dir"),
    Setting::free("base_path"),
    Setting::free("hosts"),
    Setting::free("trusted_proxies"),
    Setting::free("proxy_protocol"),
    Setting::free("log"),
    Setting::free("operator.token"),
    Setting::free("tls.cert"),
    Setting::free("tls.key"),
    Setting::free("tls.self_signed"),
    Setting::bounded(
        "log_store.bytes",
        &[Bound::Within(16 << 20..=1 << 40, "16777216 (16 MiB) to 1099511627776 (1 TiB)")],
    ),
    Setting::bounded("live.heartbeat_ms", &[Bound::Within(500..=300_000, "500 to 300000")]),
    Setting::bounded("live.retry_ms", &[Bound::Within(100..=60_000, "100 to 60000")]),
    Setting::bounded("live.max_age_seconds", &[Bound::ZeroOrWithin(10..=86_400, "0, or 10 to 86400")]),
    Setting::free("live.compression"),
    Setting::free("limits.connections"),
    Setting::free("limits.connections_per_address"),
    Setting::free("limits.topics_per_connection"),
    Setting::free("limits.message_bytes"),
    Setting::free("limits.messages_per_second"),
    Setting::bounded("limits.stall_seconds", &[Bound::Within(1..=3600, "1 to 3600")]),
    Setting::bounded("limits.idle_seconds", &[Bound::Within(1..=3600, "1 to 3600")]),
];

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)).into(),
            data_dir: "data".into(),
            tls: Tls::default(),
            base_path: BasePath::default(),
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            proxy_protocol: false,
            operator: OperatorConfig::default(),
            log: LogFormat::Human,
            broker: BrokerConfig::default(),
            store: StoreConfig::default(),
            anonymous_topics: Vec::new(),
            audit: AuditConfig::default(),
            oidc: OidcConfig::default(),
            push: PushConfig::default(),
            log_store: LogStore { bytes: 256 << 20 },
            limits: Limits {
                connections: 10_000,
                connections_per_address: 16,
                topics_per_connection: 64,
                message_bytes: 64_000,
                messages_per_second: 50,
                publications_per_second: 100,
                stall_seconds: 30,
                idle_seconds: 75,
            },
            live: Live { heartbeat_ms: 15_000, retry_ms: 2_000, max_age_seconds: 540, compression: true },
            collect: Collect::default(),
            containers: ContainerSettings::default(),
            logs: LogSourceSettings::default(),
            history: PastSettings::default(),
            thresholds: BTreeMap::new(),
            ignored: Vec::new(),
            prober: None,
            site: None,
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named cannot be read.
    #[error("cannot read the settings file {path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// A key is unknown or its value is of another kind.
    #[error("{0}")]
    Value(String),
    /// A value is outside of what makes sense.
    #[error(transparent)]
    Range(#[from] OutOfBounds),
    /// The operator's token is none.
    #[error("operator.token: {0}")]
    Token(#[from] BadToken),
    /// Thresholds cannot be used.
    #[error(transparent)]
    Thresholds(#[from] BadThresholds),
    /// The PROXY protocol is asked for, and of nobody.
    #[error("proxy_protocol is true and trusted_proxies is empty: name the proxies that begin with it")]
    NoProxies,
    /// Other machines could reach a server that knows no name of its own: it would refuse all of them.
    #[error(
        "listen is {0} and hosts is empty: name the hosts under which browsers ask for it, as hosts = [\"board.example\"]"
    )]
    NoHosts(SocketAddr),
}

impl Config {
    /// Puts the layers together, and checks them against `settings`, which are all that there are.
    ///
    /// # Errors
    /// When the file cannot be read, a key is unknown, or a value is not one; the error names the key and its source.
    pub fn load(flags: &ServeFlags, settings: &[&Setting]) -> Result<Self, ConfigError> {
        let mut layers = Figment::from(Serialized::defaults(Self::default()));
        if let Some(path) = &flags.config {
            let text = std::fs::read_to_string(path)
                .map_err(|error| ConfigError::File { path: path.clone(), error })?;
            // From a string, for figment takes a file that cannot be read for an empty one; the name is put back in errors.
            layers = layers.merge(Toml::string(&text));
        }
        // The commonest slip, `PULSEBOARD_LOG_FORMAT` for `PULSEBOARD_LOG`, must not pass unheard.
        let (environment, ignored) = environment::settings();
        let mut config: Self = layers
            .merge(environment)
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|error| ConfigError::Value(error_message(error, flags)))?;
        setting::check(&config, settings)?;
        if flags.tls_self_signed || flags.tls_cert.is_some() {
            // The certificate's source is one choice, not three: a flag replaces the file's setting.
            config.tls = Tls {
                cert: flags.tls_cert.clone(),
                key: flags.tls_key.clone(),
                self_signed: flags.tls_self_signed,
            };
        }
        config.ignored = ignored;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        check_thresholds(&self.thresholds)?;
        if let Some(token) = &self.operator.token {
            operator_token::check(token)?;
        }
        if self.proxy_protocol && self.trusted_proxies.is_empty() {
            return Err(ConfigError::NoProxies);
        }
        if let Some(address) = self.listen.beyond_loopback()
            && self.hosts.is_empty()
        {
            return Err(ConfigError::NoHosts(address));
        }
        Ok(())
    }

    /// The times of live connections as the transports take them.
    #[must_use]
    pub fn pace(&self) -> transports::live::Pace {
        transports::live::Pace {
            heartbeat: Duration::from_millis(self.live.heartbeat_ms),
            retry: Duration::from_millis(self.live.retry_ms),
            max_age: match self.live.max_age_seconds {
                0 => None,
                seconds => Some(Duration::from_secs(seconds)),
            },
        }
    }

    /// The limits as the transports take them.
    #[must_use]
    pub fn transport_limits(&self) -> transports::gate::Limits {
        transports::gate::Limits {
            connections: self.limits.connections,
            connections_per_address: self.limits.connections_per_address,
            message_bytes: self.limits.message_bytes,
            messages_per_second: self.limits.messages_per_second,
            stall: Duration::from_secs(self.limits.stall_seconds),
        }
    }
}

/// One line for each fault: the key, what is wrong, and where it was said.
fn error_message(errors: figment::Error, flags: &ServeFlags) -> String {
    let one = |error: figment::Error| {
        let source = error.metadata.as_ref().map(|metadata| match &flags.config {
            Some(path) if metadata.name.contains("TOML") => format!(" (in {})", path.display()),
            _ => format!(" (in {})", metadata.name),
        });
        let what = one_line(&error.kind.to_string()) + source.as_deref().unwrap_or_default();
        if error.path.is_empty() { what } else { format!("{}: {what}", error.path.join(".")) }
    };
    errors.into_iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The TOML parser draws the line that it could not read over several lines, with a gutter.
fn one_line(text: &str) -> String {
    text.lines().filter(|line| !line.contains(" |") && !line.trim().is_empty()).collect::<Vec<_>>().join(": ")
}

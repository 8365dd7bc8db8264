//! The log at NATS JetStream, which several nodes share.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use broker::{Broker, BrokerError, Clock, TopicPolicy};
use broker_jetstream::{JetStreamBroker, JetStreamSettings, Login, TlsFiles};
use tokio::time::{Instant, sleep, timeout};

use super::settings::BrokerConfig;

/// A log that is read from NATS at the start is there within this time: a few hundred MiB.
const READ_UP: Duration = Duration::from_secs(120);

/// NATS may start at the same time as this server, and choose its leaders for so long.
const START: Duration = Duration::from_secs(15);
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(500);

/// Connects.
///
/// # Errors
/// When the settings contradict each other, or NATS cannot be reached or used.
pub(super) async fn open(
    url: &str,
    config: &BrokerConfig,
    policies: Vec<TopicPolicy>,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Arc<JetStreamBroker>> {
    let settings = JetStreamSettings {
        servers: url.split(',').map(|server| server.trim().to_owned()).collect(),
        prefix: config.prefix.clone(),
        replicas: usize::try_from(config.replicas)?,
        max_bytes: Some(config.max_bytes).filter(|&bytes| bytes > 0),
        login: login(config)?,
        tls: TlsFiles {
            ca: config.ca.clone(),
            client: match (config.cert.clone(), config.key.clone()) {
                (Some(cert), Some(key)) => Some((cert, key)),
                (None, None) => None,
                _ => bail!("broker.cert and broker.key: give both or neither"),
            },
            required: false,
        },
        ..JetStreamSettings::default()
    };
    connect(settings, policies, clock).await.context("the log at NATS cannot be opened")
}

/// Connects, and waits a moment for servers that start at the same time.
async fn connect(
    settings: JetStreamSettings,
    policies: Vec<TopicPolicy>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<JetStreamBroker>, BrokerError> {
    let until = Instant::now() + START;
    loop {
        match JetStreamBroker::connect(settings.clone(), policies.clone(), Arc::clone(&clock)).await {
            Err(BrokerError::Unavailable(why)) if Instant::now() < until => {
                tracing::warn!(why, "NATS is not ready; trying again");
                sleep(BETWEEN_ATTEMPTS).await;
            }
            connected => return connected,
        }
    }
}

/// Waits until this node knows all that the log holds.
///
/// # Errors
/// When that takes too long.
pub(super) async fn read_up(broker: &dyn Broker) -> anyhow::Result<()> {
    let ready = timeout(READ_UP, broker.ready()).await;
    let ready = ready.with_context(|| format!("NATS did not tell the log within {} s", READ_UP.as_secs()))?;
    ready.context("the log at NATS cannot be read")
}

fn login(config: &BrokerConfig) -> anyhow::Result<Login> {
    let mut ways = Vec::new();
    match (&config.user, &config.password) {
        (Some(user), Some(password)) => {
            ways.push(Login::User { user: user.clone(), password: password.reveal().to_owned() });
        }
        (None, None) => {}
        _ => bail!("broker.user and broker.password: give both or neither"),
    }
    ways.extend(config.token.as_ref().map(|token| Login::Token(token.reveal().to_owned())));
    ways.extend(config.credentials.clone().map(Login::CredentialsFile));
    if ways.len() > 1 {
        bail!("broker.user, broker.token and broker.credentials are three ways to log in: give one");
    }
    Ok(ways.pop().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn one_way_to_log_in_is_taken_and_two_are_refused() {
        let user = |config: BrokerConfig| BrokerConfig { user: Some("u".into()), ..config };
        let password = |config| BrokerConfig { password: Some(Secret::new("p")), ..config };
        let token = |config| BrokerConfig { token: Some(Secret::new("t")), ..config };
        let none = BrokerConfig::default();
        assert_eq!(login(&none).expect("no login"), Login::None);
        let expected = Login::User { user: "u".into(), password: "p".into() };
        assert_eq!(login(&password(user(none.clone()))).expect("a login"), expected);
        assert_eq!(login(&token(none.clone())).expect("a login"), Login::Token("t".into()));
        assert!(login(&user(none.clone())).is_err(), "a user without a password");
        assert!(login(&token(password(user(none)))).is_err());
    }
}

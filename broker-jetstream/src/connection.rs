//! The connection to NATS: how it is made, and whether it stands.

use std::{sync::Arc, time::Duration};

use async_nats::{
    Client, ConnectError, ConnectErrorKind, ConnectOptions, Event, ServerAddr,
    connection::State,
    jetstream::{Context, context::ContextBuilder},
};
use broker::BrokerError;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::{
    api::{self, ApiError, REQUEST_TIMEOUT, code},
    settings::{JetStreamSettings, Login},
    tls,
};

/// The oldest server: in 2.9 a purge and a kill can bring a stream's numbers back to 1.
const OLDEST: (u64, u64) = (2, 10);

/// The time between two pings: a server that is stopped and not dead is noticed after two without an answer.
const PING_INTERVAL: Duration = Duration::from_secs(5);

/// A connection, which async-nats makes anew by itself whenever it breaks.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) context: Context,
    /// The addresses, without passwords.
    pub(crate) addresses: String,
    /// The number of times that it was made; it rises when it stands again.
    pub(crate) made: watch::Receiver<u64>,
    last_error: Arc<Mutex<Option<String>>>,
}

impl Connection {
    /// Connects, and checks that the servers can hold a log.
    pub(crate) async fn open(settings: &JetStreamSettings) -> Result<Self, BrokerError> {
        settings.check()?;
        tls::check(&settings.tls)?;
        let servers = settings
            .servers
            .iter()
            .map(|text| {
                text.parse::<ServerAddr>().map_err(|_| {
                    BrokerError::Unusable("an address of a NATS server is not nats://host:port".to_owned())
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let addresses = servers
            .iter()
            .map(|server| format!("{}://{}:{}", server.scheme(), server.host(), server.port()))
            .collect::<Vec<_>>()
            .join(", ");
        let (made, made_seen) = watch::channel(0);
        let last_error = Arc::new(Mutex::new(None));
        let client = options(settings, &servers, made, Arc::clone(&last_error))
            .await?
            .connect(servers)
            .await
            .map_err(|error| explain(&error, &addresses))?;
        let context = ContextBuilder::new().timeout(REQUEST_TIMEOUT).build(client.clone());
        let connection = Self { client, context, addresses, made: made_seen, last_error };
        connection.check_servers().await?;
        Ok(connection)
    }

    pub(crate) fn is_up(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Says in a line why it does not stand; none if it does.
    pub(crate) fn failure(&self) -> Option<String> {
        if self.is_up() {
            return None;
        }
        let why = self.last_error.lock().clone().map_or_else(String::new, |error| format!(": {error}"));
        Some(format!("NATS at {} is not connected{why}", self.addresses))
    }

    async fn check_servers(&self) -> Result<(), BrokerError> {
        let info = self.client.server_info();
        let mut parts = info.version.split('.').map(|part| part.parse::<u64>().unwrap_or(0));
        let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if version < OLDEST {
            return Err(BrokerError::Unusable(format!(
                "nats-server {} at {} is too old: its streams can lose count; install {}.{} or newer",
                info.version, self.addresses, OLDEST.0, OLDEST.1
            )));
        }
        match api::ask::<serde_json::Value>(&self.context, "INFO".to_owned(), &()).await {
            Ok(_) => Ok(()),
            Err(error)
                if matches!(error, ApiError::NoResponders)
                    || error.is(code::NOT_ENABLED)
                    || error.is(code::NOT_ENABLED_FOR_ACCOUNT) =>
            {
                Err(BrokerError::Unusable(format!(
                    "NATS at {} has no JetStream ({error}): start nats-server with `-js`, or with `jetstream {{}}` in its file, and allow \
                     it for this login's account",
                    self.addresses
                )))
            }
            Err(error) => Err(error.into()),
        }
    }
}

async fn options(
    settings: &JetStreamSettings,
    servers: &[ServerAddr],
    made: watch::Sender<u64>,
    last_error: Arc<Mutex<Option<String>>>,
) -> Result<ConnectOptions, BrokerError> {
    let made = Arc::new(made);
    let mut options = ConnectOptions::new()
        .name("pulseboard")
        .connection_timeout(settings.connect_timeout)
        .request_timeout(Some(REQUEST_TIMEOUT))
        .ping_interval(PING_INTERVAL)
        .max_reconnects(None)
        .reconnect_delay_callback(|attempts| {
            Duration::from_millis(u64::try_from(attempts).unwrap_or(20).min(20) * 50)
        })
        .event_callback(move |event| {
            match event {
                Event::Connected => {
                    *last_error.lock() = None;
                    made.send_modify(|made| *made += 1);
                    tracing::info!("connected to NATS");
                }
                Event::Disconnected => tracing::warn!("the connection to NATS broke"),
                Event::ServerError(error) => *last_error.lock() = Some(error.to_string()),
                Event::ClientError(error) => *last_error.lock() = Some(error.to_string()),
                other => tracing::info!("NATS: {other}"),
            }
            async {}
        });
    options = match &settings.login {
        // async-nats itself goes by the options, and not by a login in an address.
        Login::None => {
            match servers.iter().find_map(|server| Some((server.username()?, server.password()))) {
                Some((user, Some(password))) => options.user_and_password(decoded(user), decoded(password)),
                Some((token, None)) => options.token(decoded(token)),
                None => options,
            }
        }
        Login::User { user, password } => options.user_and_password(user.clone(), password.clone()),
        Login::Token(token) => options.token(token.clone()),
        Login::CredentialsFile(path) => options.credentials_file(path).await.map_err(|error| {
            BrokerError::Unusable(format!(
                "the file of NATS credentials {} cannot be used: {error}",
                path.display()
            ))
        })?,
    };
    if let Some(ca) = &settings.tls.ca {
        options = options.add_root_certificates(ca.clone());
    }
    if let Some((certificate, key)) = &settings.tls.client {
        options = options.add_client_certificate(certificate.clone(), key.clone());
    }
    Ok(if tls::is_required(&settings.tls, servers) { options.require_tls(true) } else { options })
}

/// Decodes what an address has percent-encoded.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'%').and_then(|hex| str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn explain(error: &ConnectError, addresses: &str) -> BrokerError {
    if let Some(why) = tls::explain(error) {
        return BrokerError::Unusable(format!("NATS at {addresses}: {why}"));
    }
    match error.kind() {
        ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication => {
            BrokerError::Unusable(format!(
                "NATS at {addresses} refuses the login: check the user, the password, the token or the file of credentials"
            ))
        }
        ConnectErrorKind::Tls => BrokerError::Unusable(format!("NATS at {addresses}: {error}")),
        _ => BrokerError::Unavailable(format!("NATS at {addresses} does not answer: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn a_password_in_an_address_may_hold_anything() {
        assert_eq!(decoded("p%40ss%3Aw%C3%B6rd"), "p@ss:wörd");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%4"), "%zz%4");
    }
}

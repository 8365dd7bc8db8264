//! The sender: hands messages to push services.

use std::{io, sync::Arc, time::Duration};

use axum::http::{
    HeaderMap, Request, StatusCode, Uri,
    header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER},
};
use outbound::{ExchangeError, Outbound};
use prometheus_client::encoding::DescriptorEncoder;
use store::{NewPushSubscription, Store, StoreError};
use tokio::{
    net::{TcpStream, lookup_host},
    sync::{OnceCell, Semaphore},
    time::timeout,
};
use transports::gate::HostName;

use super::{
    encryption::{Recipient, encrypt},
    endpoint::{BadEndpoint, PushEndpoint, default_port},
    message::PushMessage,
    metrics::PushCounters,
    outcome::PushOutcome,
    public_address::is_public,
    settings::{PushConfig, PushSettings},
    vapid::VapidKey,
};

/// A push service that has not answered by then has failed.
pub(crate) const PUSH_DEADLINE: Duration = Duration::from_secs(10);
/// An address that takes no connection by then leaves time for the next one.
const CONNECT: Duration = Duration::from_secs(3);
/// The most bytes of an answer: its status says all.
const LONGEST: usize = 16 << 10;
/// So many messages are under way at once: more than notices take, so that a device can be tried out at any time.
const AT_ONCE: usize = 80;
/// A push service has a message wait for no longer than this, whatever it says.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// The sender of Web Push; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct WebPush(Arc<WebPushInner>);

#[derive(Debug)]
struct WebPushInner {
    settings: PushSettings,
    /// The connections, once there is a message: most servers send none, and the system's authorities take memory.
    http: OnceCell<Outbound>,
    /// The key, once the store was asked for it.
    key: OnceCell<VapidKey>,
    turns: Semaphore,
    counters: PushCounters,
}

/// Why a message did not reach its push service.
#[derive(Debug, thiserror::Error)]
enum SendError {
    // It says no more: whoever may add a device need not learn of the names within a network.
    #[error("the address of the push service is not public")]
    NotPublic,
    #[error("the name leads nowhere")]
    NoAddress,
    #[error("{0}")]
    Connection(#[from] io::Error),
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

impl WebPush {
    /// Takes the settings. Neither the store nor anyone else is asked yet.
    ///
    /// # Errors
    /// When they cannot be used.
    pub(crate) fn open(config: &PushConfig, hosts: &[HostName]) -> anyhow::Result<Self> {
        let settings = config.read(hosts)?;
        Ok(Self(Arc::new(WebPushInner {
            settings,
            http: OnceCell::new(),
            key: OnceCell::new(),
            turns: Semaphore::new(AT_ONCE),
            counters: PushCounters::default(),
        })))
    }

    /// Returns the public key to which browsers subscribe.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn public_key(&self, store: &dyn Store) -> Result<String, StoreError> {
        Ok(self.key(store).await?.public())
    }

    async fn key(&self, store: &dyn Store) -> Result<&VapidKey, StoreError> {
        self.0.key.get_or_try_init(|| VapidKey::open(store.server_secrets())).await
    }

    /// Checks what a browser says of its subscription.
    ///
    /// # Errors
    /// When it is none that would be sent to.
    pub(crate) fn endpoint(&self, url: &str, p256dh: &str, auth: &str) -> Result<PushEndpoint, BadEndpoint> {
        PushEndpoint::read(url, [p256dh, auth], |service| self.is_named(service))
    }

    /// True of a push service that the settings name.
    fn is_named(&self, service: &str) -> bool {
        self.0.settings.services.iter().any(|named| named == service)
    }

    /// Offers a message to the push service of a subscription, and counts what became of it.
    ///
    /// # Errors
    /// When the store does not give the key; nothing was sent then.
    pub(crate) async fn send(
        &self,
        store: &dyn Store,
        to: &NewPushSubscription,
        message: &PushMessage,
        now_ms: u64,
    ) -> Result<PushOutcome, StoreError> {
        let key = self.key(store).await?;
        let outcome = match self.request(key, to, message, now_ms) {
            Ok(request) => self.offer(&to.service, request).await,
            Err(why) => PushOutcome::Rejected(why),
        };
        self.0.counters.count(&outcome);
        Ok(outcome)
    }

    fn request(
        &self,
        key: &VapidKey,
        to: &NewPushSubscription,
        message: &PushMessage,
        now_ms: u64,
    ) -> Result<Request<Vec<u8>>, String> {
        let recipient = Recipient { p256dh: &to.p256dh, auth: &to.auth };
        let body = encrypt(recipient, &message.payload).map_err(|_| "the browser's key is none")?;
        let authorization = key.authorization(&to.service, &self.0.settings.contact, now_ms);
        let authorization = authorization.map_err(|_| "the system has no randomness")?;
        let request = Request::post(&to.endpoint)
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_ENCODING, "aes128gcm")
            .header("ttl", message.ttl.as_secs())
            .header("urgency", message.urgency)
            .header("topic", &message.topic);
        request.body(body).map_err(|error| error.to_string())
    }

    async fn offer(&self, service: &str, request: Request<Vec<u8>>) -> PushOutcome {
        // The wait for a turn counts, too: whoever has claimed the message knows when it is over.
        let asked = timeout(PUSH_DEADLINE, async {
            let _turn = self.0.turns.acquire().await.map_err(io::Error::other)?;
            let stream = self.connect(service, request.uri()).await?;
            let http = self.0.http.get_or_try_init(async || Outbound::new()).await;
            let http = http.map_err(|error| io::Error::other(error.to_string()))?;
            Ok::<_, SendError>(http.send(stream, request, LONGEST).await?)
        });
        match asked.await {
            Ok(Ok(answer)) => judged(answer.status(), answer.headers()),
            // Whoever answers so long might have taken the message: it is not sent again.
            Ok(Err(error @ (SendError::NotPublic | SendError::Exchange(ExchangeError::TooLong(_))))) => {
                PushOutcome::Rejected(error.to_string())
            }
            Ok(Err(error)) => PushOutcome::Again { after: None, why: error.to_string() },
            Err(_) => {
                let why = format!("no answer within {} seconds", PUSH_DEADLINE.as_secs());
                PushOutcome::Again { after: None, why }
            }
        }
    }

    /// Connects to the host of an address. The very address that is connected to was checked: a name that leads elsewhere a moment later
    /// (DNS rebinding) gains nothing.
    async fn connect(&self, service: &str, to: &Uri) -> Result<TcpStream, SendError> {
        let host = to.host().unwrap_or_default().trim_matches(['[', ']']);
        let port = to.port_u16().unwrap_or_else(|| default_port(to.scheme_str().unwrap_or_default()));
        let addresses: Vec<_> = lookup_host((host, port)).await?.collect();
        if !self.is_named(service) && addresses.iter().any(|address| !is_public(address.ip())) {
            return Err(SendError::NotPublic);
        }
        let mut failed = SendError::NoAddress;
        for address in addresses {
            match timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failed = error.into(),
                Err(late) => failed = io::Error::from(late).into(),
            }
        }
        Err(failed)
    }

    /// Tells the counts.
    pub(crate) fn encode(&self, to: &mut DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        self.0.counters.encode(to)
    }
}

/// Reads an answer of a push service (RFC 8030 §5, §7.3, §8.4).
fn judged(status: StatusCode, headers: &HeaderMap) -> PushOutcome {
    match status {
        status if status.is_success() => PushOutcome::Delivered,
        StatusCode::NOT_FOUND | StatusCode::GONE => PushOutcome::Gone,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => again(status, headers),
        status if status.is_server_error() => again(status, headers),
        status => PushOutcome::Rejected(format!("the push service answers {}", status.as_u16())),
    }
}

fn again(status: StatusCode, headers: &HeaderMap) -> PushOutcome {
    // Seconds; a date is passed over, and the usual wait holds.
    let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let after = seconds.map(|seconds| Duration::from_secs(seconds).min(PATIENCE));
    PushOutcome::Again { after, why: format!("the push service answers {}", status.as_u16()) }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(status: u16, retry_after: Option<&'static str>) -> PushOutcome {
        let mut headers = HeaderMap::new();
        headers.extend(retry_after.map(|value| (RETRY_AFTER, HeaderValue::from_static(value))));
        judged(StatusCode::from_u16(status).expect("a status"), &headers)
    }

    #[test]
    fn an_answer_says_what_becomes_of_the_message() {
        for status in [200, 201, 202, 204] {
            assert_eq!(of(status, None), PushOutcome::Delivered);
        }
        assert_eq!((of(404, None), of(410, None)), (PushOutcome::Gone, PushOutcome::Gone));
        for status in [301, 307, 400, 401, 403, 413] {
            assert!(matches!(of(status, Some("5")), PushOutcome::Rejected(_)), "{status}");
        }
        for (status, retry_after, expected) in [
            (429, Some("7"), Some(7)),
            (503, Some(" 7 "), Some(7)),
            (503, Some("999999999999"), Some(3_600)),
            (503, Some("-1"), None),
            (502, Some("Sun, 29 Nov 2026 12:00:00 GMT"), None),
            (500, None, None),
        ] {
            let PushOutcome::Again { after, .. } = of(status, retry_after) else { panic!("{status}") };
            assert_eq!(after, expected.map(Duration::from_secs), "{status} {retry_after:?}");
        }
    }
}

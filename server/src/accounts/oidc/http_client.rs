//! Requests to a provider, over TLS unless the provider is on this machine, with a deadline and a bound. Redirects are not followed: a
//! provider's addresses are those of its own document.

use std::{io, time::Duration};

use futures_util::future::BoxFuture;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, url::Url};
use outbound::{ExchangeError, Outbound};
use tokio::{net::TcpStream, time::timeout};

use super::settings::is_safe;

/// A request that takes longer has failed: a person waits for it.
const DEADLINE: Duration = Duration::from_secs(5);
/// The most bytes of an answer. Documents and tokens have a few thousand.
const LONGEST: usize = 1 << 20;

/// Why a request to a provider has failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum RequestError {
    /// The address is not one that may be asked.
    #[error("the address {0} is neither https nor on this machine")]
    Address(String),
    /// It took too long.
    #[error("no answer within {} seconds", DEADLINE.as_secs())]
    Late,
    /// The connection could not be made.
    #[error("{0}")]
    Connection(#[from] io::Error),
    /// The request was not answered as it should be.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
}

/// Asks a provider; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct HttpClient(Outbound);

impl HttpClient {
    /// Makes one that trusts the system's authorities.
    ///
    /// # Errors
    /// When TLS cannot be had.
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self(Outbound::new()?))
    }

    async fn ask(self, request: HttpRequest) -> Result<HttpResponse, RequestError> {
        let text = request.uri().to_string();
        let bad = || RequestError::Address(text.chars().take(200).collect());
        let url = Url::parse(&text).map_err(|_| bad())?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(bad());
        };
        if !is_safe(&url) {
            return Err(bad());
        }
        let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
        Ok(self.0.send(stream, request, LONGEST).await?)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = RequestError;
    type Future = BoxFuture<'c, Result<HttpResponse, RequestError>>;

    /// Sends a request and reads the whole answer.
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let answer = timeout(DEADLINE, self.clone().ask(request));
        Box::pin(async { answer.await.map_err(|_| RequestError::Late)? })
    }
}

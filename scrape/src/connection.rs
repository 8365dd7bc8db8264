//! The connection to an endpoint, which is kept between scrapes.

use std::io;

use http::Uri;
use outbound::{ExchangeError, KeptConnection, Outbound};
use tokio::{
    net::{TcpStream, lookup_host},
    time::{Instant, timeout},
};

use crate::{error::ScrapeError, origin::Origin};

/// A connection, and the end that it was made to.
#[derive(Debug)]
pub(crate) struct EndpointConnection {
    pub(crate) origin: Origin,
    pub(crate) http: KeptConnection,
}

impl EndpointConnection {
    /// Makes a connection to the origin of an address.
    ///
    /// # Errors
    /// When the host has no address, none takes a connection, or TLS cannot begin.
    pub(crate) async fn open(
        outbound: &Outbound,
        origin: &Origin,
        uri: &Uri,
        deadline: Instant,
    ) -> Result<Self, ScrapeError> {
        let stream = connect(origin, deadline).await?;
        let http = outbound.keep(stream, uri).await.map_err(|error| match error {
            ExchangeError::Connection(error) if origin.is_tls => {
                ScrapeError::Tls { address: origin.to_string(), why: error.to_string() }
            }
            error => ScrapeError::NoConnection { address: origin.to_string(), why: error.to_string() },
        })?;
        Ok(Self { origin: origin.clone(), http })
    }
}

/// Tries a host's addresses, one after another. One that swallows what is sent to it leaves the next ones their share of the time.
async fn connect(origin: &Origin, deadline: Instant) -> Result<TcpStream, ScrapeError> {
    let no_address = |why: String| ScrapeError::NoAddress { host: origin.host.clone(), why };
    let addresses: Vec<_> = lookup_host((origin.host.as_str(), origin.port))
        .await
        .map_err(|error| no_address(error.to_string()))?
        .collect();
    let mut last = None;
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(addresses.len() - index).unwrap_or(1);
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Requests are small: waiting to fill a packet would only delay them.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = Some(error),
            Err(_) => last = Some(io::Error::from(io::ErrorKind::TimedOut)),
        }
    }
    let error = last.ok_or_else(|| no_address("it has none".to_owned()))?;
    Err(ScrapeError::NoConnection { address: origin.to_string(), why: error.to_string() })
}

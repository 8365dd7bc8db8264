//! A layer that puts the client in the place of its proxy: limits, the inspector and the Doctor count and name the
//! client.

use std::net::SocketAddr;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use common::doctor::AddressSource;

use super::TrustedProxies;
use crate::{conn::Peer, connections};

/// The client, in the extensions of every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The address; port 0 if no one named it.
    pub address: SocketAddr,
    /// The `Host` that a trusted proxy says it was asked for.
    pub host: Option<String>,
    /// The scheme by which a trusted proxy says it was asked.
    pub scheme: Option<String>,
    /// The source of the address.
    pub source: AddressSource,
}

impl Client {
    /// The address as people read it.
    #[must_use]
    pub fn shown_address(&self) -> String {
        connections::shown(self.address)
    }

    /// The other end of the socket, with nothing else known.
    #[must_use]
    pub fn of_socket(address: SocketAddr) -> Self {
        Self { address, host: None, scheme: None, source: AddressSource::Socket }
    }
}

/// Puts the client in the place of the socket's other end, as a layer over a whole router.
pub async fn identify(State(proxies): State<TrustedProxies>, mut request: Request, next: Next) -> Response {
    if let Some(&Peer(peer)) = request.extensions().get::<Peer>() {
        let client = proxies.client(peer, request.headers());
        request.extensions_mut().insert(Peer(client.address));
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

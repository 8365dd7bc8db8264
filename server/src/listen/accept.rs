//! Accepting sockets, until told to stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Extension, Router};
use fanout::Clock;
use futures_util::future::join_all;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transports::{
    conn::{ReturnSocket, Service, Socket, serve},
    gate::TrustedProxies,
};

use super::{Listener, Stream};
use crate::connection_slots::{ConnectionSlot, ConnectionSlots};

/// The server waits this long when the system has no more sockets: it has some again when a client leaves.
const NO_SOCKETS: Duration = Duration::from_millis(100);

/// The greatest number of plain connections: in all, and from one address. Live streams have a limit of their own.
const PLACES: (usize, usize) = (1024, 512);
/// The places of those who find none, where nothing is answered but whether the server lives.
const HEALTH_PLACES: (usize, usize) = (32, 8);

/// A client may take this long to set up TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The state of the loop that serves sockets.
#[derive(Clone)]
struct Serving {
    routers: Routers,
    idle: Duration,
    clock: Arc<dyn Clock>,
    proxies: TrustedProxies,
    tls: Option<TlsAcceptor>,
    connections: TaskTracker,
    places: ConnectionSlots,
    stop: CancellationToken,
}

/// The routers that answer requests.
#[derive(Clone)]
pub(crate) struct Routers {
    pub(crate) all: Router,
    /// For whoever has no place.
    pub(crate) full: Router,
}

/// All that accepting needs.
pub(crate) struct Accepting {
    pub(crate) listeners: Vec<Listener>,
    pub(crate) proxies: TrustedProxies,
    /// For what comes over TCP: a proxy that takes a unix socket is on this machine.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) routers: Routers,
    pub(crate) idle: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stop: CancellationToken,
}

/// Serves every socket that comes, until it is stopped; then stops accepting, and resolves when the requests
/// under way are answered.
pub(crate) async fn accept(with: Accepting) {
    let Accepting { listeners, proxies, tls, routers, idle, clock, stop } = with;
    let connections = TaskTracker::new();
    let places = ConnectionSlots::new(PLACES.0, PLACES.1);
    let health_places = ConnectionSlots::new(HEALTH_PLACES.0, HEALTH_PLACES.1);
    let tracker = connections.clone();
    let serving = Serving { routers, idle, clock, proxies, tls, connections: tracker, places, stop };
    join_all(listeners.into_iter().map(|listener| serving.clone().accept(listener, health_places.clone())))
        .await;
    connections.close();
    connections.wait().await;
}

impl Serving {
    /// Accepts what comes to one listener, until the server stops.
    async fn accept(self, listener: Listener, health_places: ConnectionSlots) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = self.stop.cancelled() => break,
            };
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer, &health_places),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(NO_SOCKETS).await;
                }
            }
        }
    }

    /// Serves a socket, as far as there is a place for it.
    fn admit(&self, stream: Stream, peer: SocketAddr, health_places: &ConnectionSlots) {
        let (place, router) = match self.places.take(peer.ip()) {
            Ok(place) => (Some(place), self.routers.all.clone()),
            Err(limit) => {
                let router = self.routers.full.clone().layer(Extension(limit));
                (health_places.take(peer.ip()).ok(), router)
            }
        };
        let Some(place) = place else {
            tracing::debug!(%peer, "a connection without a place is closed");
            return;
        };
        let serving = self.clone();
        self.connections.spawn(async move {
            let set_up = tokio::select! {
                set_up = serving.set_up(stream, peer) => set_up,
                () = place.evicted() => None,
            };
            if let Some((socket, peer)) = set_up {
                serving.serve(socket, peer, router, place).await;
            }
        });
    }

    /// The socket as it is served, and who is at its other end.
    async fn set_up(&self, mut stream: Stream, peer: SocketAddr) -> Option<(Socket, SocketAddr)> {
        if let Stream::Tcp(stream) = &stream
            && let Err(error) = stream.set_nodelay(true)
        {
            tracing::debug!(%peer, %error, "a socket that was gone before it was served");
            return None;
        }
        let read = match &mut stream {
            Stream::Tcp(stream) => self.proxies.read_proxy_header(stream, peer).await,
            Stream::Unix(stream) => self.proxies.read_proxy_header(stream, peer).await,
        };
        let peer = match read {
            Ok(peer) => peer,
            Err(error) => {
                tracing::warn!(%peer, %error, "a trusted proxy's connection is closed");
                return None;
            }
        };
        let (stream, tls) = match (stream, &self.tls) {
            (Stream::Unix(stream), _) => return Some((stream.into(), peer)),
            (Stream::Tcp(stream), None) => return Some((stream.into(), peer)),
            (Stream::Tcp(stream), Some(tls)) => (stream, tls),
        };
        match timeout(HANDSHAKE, tls.accept(stream)).await {
            Ok(Ok(stream)) => Some((stream.into(), peer)),
            Ok(Err(error)) => {
                tracing::debug!(%peer, %error, "TLS could not be set up");
                None
            }
            Err(_) => {
                tracing::debug!(%peer, "TLS was not set up in time");
                None
            }
        }
    }

    async fn serve(&self, socket: Socket, peer: SocketAddr, router: Router, place: Arc<ConnectionSlot>) {
        let (stop, evicted) = (self.stop.clone(), place.evicted());
        let close = async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = evicted => {}
            }
        };
        let (return_socket, clock) = (self.return_socket(), Arc::clone(&self.clock));
        let service = Service { router, return_socket, idle: self.idle, occupancy: place, clock };
        serve(socket, peer, service, close).await;
    }

    /// A question that waited comes back like one that was just accepted. Apart from `serve`, whose future would otherwise
    /// have to be known while it is being made.
    fn return_socket(&self) -> ReturnSocket {
        let this = self.clone();
        Arc::new(move |socket, peer| {
            let again = this.clone();
            this.connections.spawn(async move {
                let place = again.places.take_again(peer.ip());
                let router = again.routers.all.clone();
                again.serve(socket, peer, router, place).await;
            });
        })
    }
}

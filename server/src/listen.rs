//! Accepting sockets, until told to stop.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transports::{
    gate::TrustedProxies,
    line::{Again, Service, Socket, drive},
};

/// How long to wait when the system has no more sockets to give: it has some again when a client leaves.
const NO_SOCKETS: Duration = Duration::from_millis(100);

/// Takes the address, with an error that says what to do.
pub(crate) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow::anyhow!(
                "{address} is in use by another program: stop it, or choose another with --listen"
            )
        }
        io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!(
                "no permission to listen on {address}: ports below 1024 need it, choose a higher one"
            )
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
    })
}

/// How many plain connections there may be at once. Live lines have left by then and are counted by their own limit.
const PLAIN: usize = 1024;
/// How long a plain connection may last, whatever it does: one that drips a request or does not read its answer holds
/// a place. Browsers open another when they need it.
const PLAIN_LONGEST: Duration = Duration::from_secs(120);

/// How long a client may take to set up TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// What serves sockets.
#[derive(Clone)]
struct Serving {
    router: Router,
    proxies: TrustedProxies,
    tls: Option<TlsAcceptor>,
    connections: TaskTracker,
    places: Arc<Semaphore>,
    stop: CancellationToken,
}

/// Serves `router` on every socket that comes, until `stop`; then stops accepting, and resolves when the requests
/// under way are answered.
pub(crate) async fn accept(
    listener: TcpListener,
    proxies: TrustedProxies,
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(PLAIN));
    let serving =
        Serving { router, proxies, tls, connections: connections.clone(), places, stop: stop.clone() };
    loop {
        let next = async {
            // Without a place the next one waits in the kernel's queue.
            let place = Arc::clone(&serving.places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let serving = serving.clone();
                connections.spawn(async move {
                    if let Some((socket, peer)) = serving.set_up(stream, peer).await {
                        serving.serve(socket, peer).await;
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(NO_SOCKETS).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

impl Serving {
    /// The socket as it is served, and who is at its other end.
    async fn set_up(&self, mut stream: TcpStream, peer: SocketAddr) -> Option<(Socket, SocketAddr)> {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%peer, %error, "a socket that was gone before it was served");
            return None;
        }
        let peer = match self.proxies.announced(&mut stream, peer).await {
            Ok(peer) => peer,
            Err(error) => {
                tracing::warn!(%peer, %error, "a trusted proxy's connection is closed");
                return None;
            }
        };
        let Some(tls) = &self.tls else { return Some((stream.into(), peer)) };
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

    async fn serve(&self, socket: Socket, peer: SocketAddr) {
        let many_at_once = socket.speaks_http2();
        let service = Service { router: self.router.clone(), again: self.again() };
        let driving = drive(socket, peer, service, self.stop.clone().cancelled_owned());
        if many_at_once {
            // Its live streams may last; what is idle is closed by its driver.
            driving.await;
        } else if timeout(PLAIN_LONGEST, driving).await.is_err() {
            tracing::debug!(%peer, "a plain connection was open for too long");
        }
    }

    /// A question that waited comes back like one that was just accepted. Apart from `serve`, whose future would otherwise
    /// have to be known while it is being made.
    fn again(&self) -> Again {
        let this = self.clone();
        Arc::new(move |socket, peer| {
            let again = this.clone();
            this.connections.spawn(async move {
                let place = Arc::clone(&again.places).acquire_owned().await;
                again.serve(socket, peer).await;
                drop(place);
            });
        })
    }
}

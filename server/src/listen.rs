//! Accepting sockets, until told to stop.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

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

/// Serves `router` on every socket that comes, until `stop`; then stops accepting, and resolves when the requests
/// under way are answered.
pub(crate) async fn accept(listener: TcpListener, router: Router, stop: CancellationToken) {
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(PLAIN));
    loop {
        let next = async {
            // Without a place the next one waits in the kernel's queue.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let serving = connection(stream, peer, router.clone(), stop.clone().cancelled_owned());
                connections.spawn(async move {
                    if tokio::time::timeout(PLAIN_LONGEST, serving).await.is_err() {
                        tracing::debug!(%peer, "a plain connection was open for too long");
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

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, stop: impl Future<Output = ()>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "a socket that was gone before it was served");
        return;
    }
    transports::line::drive(stream, peer, router, stop).await;
}

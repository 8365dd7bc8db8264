//! Serving a router on a port of its own, as the server does and without the rest of it.

use std::{future::pending, net::SocketAddr, sync::Arc};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};
use transports::conn;

/// Serves until the task is aborted.
pub async fn serve(router: Router) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let accepting = tokio::spawn(async move {
        let service = service(router);
        loop {
            let (stream, peer) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            tokio::spawn(conn::serve(stream.into(), peer, service.clone(), pending()));
        }
    });
    (address, accepting)
}

/// A socket that comes back is served like the first time.
fn service(router: Router) -> conn::Service {
    let again = router.clone();
    let again = Arc::new(move |socket, peer| {
        tokio::spawn(conn::serve(socket, peer, service(again.clone()), pending()));
    });
    conn::Service::new(router, again)
}

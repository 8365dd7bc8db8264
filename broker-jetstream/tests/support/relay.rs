//! A relay of TCP on loopback that can be cut, and mended on the same port.

use std::{net::Ipv4Addr, sync::Arc};

use broker_jetstream::test_server::free_port;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// The relay.
pub(crate) struct Relay {
    port: u16,
    is_open: Arc<watch::Sender<bool>>,
}

impl Relay {
    /// Starts a relay to a port.
    pub(crate) async fn start(target: u16) -> Self {
        let port = free_port();
        let is_open = Arc::new(watch::channel(true).0);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.expect("the port is free");
        tokio::spawn(serve(listener, target, is_open.clone()));
        Self { port, is_open }
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends all connections, and ends new ones at once.
    pub(crate) fn cut(&self) {
        self.is_open.send_replace(false);
    }

    /// Lets connections through again.
    pub(crate) fn mend(&self) {
        self.is_open.send_replace(true);
    }
}

async fn serve(listener: TcpListener, target: u16, is_open: Arc<watch::Sender<bool>>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let mut open = is_open.subscribe();
        if !*open.borrow() {
            continue;
        }
        tokio::spawn(async move {
            let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await?;
            tokio::select! {
                copied = copy_bidirectional(&mut client, &mut server) => copied.map(drop),
                _ = open.wait_for(|open| !open) => Ok(()),
            }
        });
    }
}

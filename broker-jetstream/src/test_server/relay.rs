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
    /// The number of connections that bytes pass through.
    lines: Arc<watch::Sender<usize>>,
}

impl Relay {
    /// Starts a relay to a port.
    pub(crate) async fn start(target: u16) -> Self {
        let port = free_port();
        let is_open = Arc::new(watch::channel(true).0);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.expect("the port is free");
        let lines = Arc::new(watch::channel(0).0);
        tokio::spawn(serve(listener, target, is_open.clone(), lines.clone()));
        Self { port, is_open, lines }
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends all connections, and ends new ones at once. No byte passes once it returns.
    pub(crate) async fn cut(&self) {
        self.is_open.send_replace(false);
        self.lines.subscribe().wait_for(|lines| *lines == 0).await.expect("the relay is here");
    }

    /// Lets connections through again.
    pub(crate) fn mend(&self) {
        self.is_open.send_replace(true);
    }
}

async fn serve(
    listener: TcpListener,
    target: u16,
    is_open: Arc<watch::Sender<bool>>,
    lines: Arc<watch::Sender<usize>>,
) {
    while let Ok((client, _)) = listener.accept().await {
        let lines = lines.clone();
        lines.send_modify(|lines| *lines += 1);
        let open = is_open.subscribe();
        tokio::spawn(async move {
            // Both sockets are closed when it returns.
            let _ = carry(client, target, open).await;
            lines.send_modify(|lines| *lines -= 1);
        });
    }
}

async fn carry(mut client: TcpStream, target: u16, mut open: watch::Receiver<bool>) -> std::io::Result<()> {
    if !*open.borrow() {
        return Ok(());
    }
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await?;
    tokio::select! {
        copied = copy_bidirectional(&mut client, &mut server) => copied.map(drop),
        _ = open.wait_for(|open| !open) => Ok(()),
    }
}

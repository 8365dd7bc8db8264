//! A relay of TCP on loopback that can be cut, and mended on the same port.

use std::{io, net::Ipv4Addr, sync::Arc};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

use super::free_port;

/// A relay between a client and a server. It ends with the runtime in which it was started.
#[derive(Debug)]
pub struct TestRelay {
    port: u16,
    is_open: Arc<watch::Sender<bool>>,
    /// The number of connections that bytes pass through.
    lines: Arc<watch::Sender<usize>>,
}

impl TestRelay {
    /// Starts a relay to a port.
    ///
    /// # Panics
    /// When no port of loopback is free.
    pub async fn start(target: u16) -> Self {
        let port = free_port();
        let is_open = Arc::new(watch::channel(true).0);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.expect("the port is free");
        let lines = Arc::new(watch::channel(0).0);
        tokio::spawn(serve(listener, target, is_open.clone(), lines.clone()));
        Self { port, is_open, lines }
    }

    /// The address for clients.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends all connections, and ends new ones at once. No byte passes once it returns.
    pub async fn cut(&self) {
        self.is_open.send_replace(false);
        // The sender is here, so it cannot be gone.
        let _ = self.lines.subscribe().wait_for(|lines| *lines == 0).await;
    }

    /// Lets connections through again.
    pub fn mend(&self) {
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

async fn carry(mut client: TcpStream, target: u16, mut open: watch::Receiver<bool>) -> io::Result<()> {
    if !*open.borrow() {
        return Ok(());
    }
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await?;
    tokio::select! {
        copied = copy_bidirectional(&mut client, &mut server) => copied.map(drop),
        _ = open.wait_for(|open| !open) => Ok(()),
    }
}

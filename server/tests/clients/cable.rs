//! A cable between a program and its server, which the test can cut.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// Has an address of its own, which stays when the server's changes.
pub struct Cable {
    pub address: SocketAddr,
    /// The server's address; none while the cable is cut.
    leads: Arc<watch::Sender<Option<SocketAddr>>>,
    accepting: JoinHandle<()>,
}

impl Cable {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let leads = Arc::new(watch::Sender::new(Some(server)));
        let accepting = tokio::spawn({
            let leads = Arc::clone(&leads);
            async move {
                while let Ok((near, _)) = listener.accept().await {
                    tokio::spawn(carry(near, leads.subscribe()));
                }
            }
        });
        Self { address, leads, accepting }
    }

    /// Ends every connection wherever it stands, in the middle of a frame if need be; new ones end at once.
    pub fn cut(&self) {
        self.leads.send_replace(None);
    }

    pub fn mend(&self, server: SocketAddr) {
        self.leads.send_replace(Some(server));
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.cut();
        self.accepting.abort();
    }
}

async fn carry(mut near: TcpStream, mut leads: watch::Receiver<Option<SocketAddr>>) {
    let Some(server) = *leads.borrow_and_update() else { return };
    let Ok(mut far) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut near, &mut far) => {}
        _ = leads.changed() => {}
    }
}

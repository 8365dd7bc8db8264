//! A server that does as a test says, request by request, and tells of what it sees.

use std::{collections::VecDeque, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::{Mutex, mpsc},
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

/// The fate of a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// These bytes are sent, and the connection stays open.
    Send(Vec<u8>),
    /// These bytes are sent, and the connection is closed.
    Close(Vec<u8>),
    /// The first bytes are sent, then the second ones for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// These bytes are sent, and nothing more; the connection stays open.
    Hang(Vec<u8>),
}

/// Something that the server sees.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Connected,
    /// The head of a request.
    Request(String),
    /// The client has closed a connection.
    Closed,
}

/// The server. It ends with its test's runtime.
#[derive(Debug)]
pub(crate) struct Stub {
    pub(crate) port: u16,
    events: mpsc::Receiver<Event>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl Stub {
    /// Starts a server that gives these replies, one to each request; it closes the connection of any further request.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::with_tls(replies, None).await
    }

    pub(crate) async fn with_tls(
        replies: impl IntoIterator<Item = Reply>,
        tls: Option<ServerConfig>,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let replies = Arc::new(Mutex::new(replies.into_iter().collect::<VecDeque<_>>()));
        let (sender, events) = mpsc::channel(100);
        let shared = Arc::clone(&replies);
        tokio::spawn(async move {
            let acceptor = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
            while let Ok((stream, _)) = listener.accept().await {
                sender.send(Event::Connected).await.expect("a test that listens");
                let (replies, sender, acceptor) = (Arc::clone(&shared), sender.clone(), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, &replies, &sender).await,
                        Some(acceptor) => match acceptor.accept(stream).await {
                            Ok(stream) => serve(stream, &replies, &sender).await,
                            Err(_) => Some(()),
                        },
                    }
                });
            }
        });
        Self { port, events, replies }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/metrics", self.port)
    }

    /// Gives these replies to further requests.
    pub(crate) async fn then(&self, replies: impl IntoIterator<Item = Reply>) {
        self.replies.lock().await.extend(replies);
    }

    /// Waits for what the server sees next.
    pub(crate) async fn event(&mut self) -> Event {
        self.events.recv().await.expect("a server")
    }

    /// Returns how many connections there were, of all that has been seen until now.
    pub(crate) fn connections(&mut self) -> usize {
        let mut count = 0;
        while let Ok(event) = self.events.try_recv() {
            count += usize::from(event == Event::Connected);
        }
        count
    }
}

/// Serves a connection. None means that the client has closed it.
async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    replies: &Mutex<VecDeque<Reply>>,
    events: &mpsc::Sender<Event>,
) -> Option<()> {
    loop {
        let Some(head) = read_head(&mut stream).await else {
            let _ = events.send(Event::Closed).await;
            return None;
        };
        let _ = events.send(Event::Request(head)).await;
        let reply = replies.lock().await.pop_front()?;
        match reply {
            Reply::Send(bytes) => stream.write_all(&bytes).await.ok()?,
            Reply::Close(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                stream.shutdown().await.ok()?;
                return Some(());
            }
            Reply::Endless(first, piece) => {
                stream.write_all(&first).await.ok()?;
                while stream.write_all(&piece).await.is_ok() {}
                let _ = events.send(Event::Closed).await;
                return None;
            }
            Reply::Hang(bytes) => stream.write_all(&bytes).await.ok()?,
        }
    }
}

async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).expect("a head in ASCII"))
}

/// The type that most exporters answer.
pub(crate) const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// An answer with a length.
pub(crate) fn response(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A good answer in the text format.
pub(crate) fn text(body: &str) -> Vec<u8> {
    response("200 OK", &format!("Content-Type: {TEXT}\r\n"), body)
}

/// A redirect.
pub(crate) fn redirect(to: &str) -> Vec<u8> {
    response("302 Found", &format!("Location: {to}\r\n"), "<a>over there</a>")
}

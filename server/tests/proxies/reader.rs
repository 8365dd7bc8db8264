//! A browser's requests, through a proxy: with the `Host` and `Origin` of the page that it would have got there.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures_util::StreamExt;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response,
    body::{Bytes, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// Only a broken promise waits for it: it ends a test that would otherwise hang.
const PATIENCE: Duration = Duration::from_secs(60);

pub trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

pub struct Reader {
    address: SocketAddr,
    /// The certificate to trust, if the proxy speaks TLS.
    trusts: Option<CertificateDer<'static>>,
}

pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Reader {
    /// A stream asked for by one who takes compressed answers, as it comes on the line.
    pub async fn compressed(&self, path: &str) -> TcpStream {
        let mut line = TcpStream::connect(self.address).await.expect("the proxy listens");
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept-encoding: gzip\r\n\r\n", self.address);
        line.write_all(head.as_bytes()).await.expect("written");
        line
    }

    pub fn new(address: SocketAddr, trusts: Option<CertificateDer<'static>>) -> Self {
        Self { address, trusts }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    fn origin(&self) -> String {
        let scheme = if self.trusts.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    async fn dial(&self) -> Box<dyn Io> {
        let line = TcpStream::connect(self.address).await.expect("the proxy listens");
        let Some(certificate) = &self.trusts else { return Box::new(line) };
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone()).expect("a root");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from("localhost").expect("a name");
        Box::new(TlsConnector::from(Arc::new(config)).connect(name, line).await.expect("TLS"))
    }

    async fn ask(&self, method: Method, path: &str, body: &str) -> Response<Incoming> {
        let (mut asking, connection) =
            http1::handshake(TokioIo::new(self.dial().await)).await.expect("HTTP/1.1");
        tokio::spawn(connection);
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header("host", self.host())
            .header("user-agent", "Mozilla/5.0");
        if method == Method::POST {
            request = request.header("origin", self.origin()).header(
                "content-type",
                if body.starts_with('{') { "application/json" } else { "text/plain" },
            );
        }
        let request = request.body(Full::<Bytes>::from(body.to_owned())).expect("a request");
        let answer = timeout(PATIENCE, asking.send_request(request)).await;
        answer.unwrap_or_else(|_| panic!("{path} is not answered")).expect("an answer")
    }

    pub async fn whole(&self, method: Method, path: &str, body: &str) -> Answer {
        let answer = self.ask(method, path, body).await;
        let status = answer.status().as_u16();
        let body = timeout(PATIENCE, answer.into_body().collect()).await.expect("the answer ends");
        let body = body.expect("the whole answer").to_bytes();
        Answer { status, body: String::from_utf8_lossy(&body).into_owned() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.whole(Method::GET, path, "").await
    }

    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.whole(Method::POST, path, body).await
    }

    /// A body that goes on.
    pub async fn stream(&self, path: &str) -> Stream {
        let answer = self.ask(Method::GET, path, "").await;
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        Stream { body: answer.into_body(), text: String::new() }
    }

    /// A WebSocket; none where the upgrade does not pass. A proxy that answers nothing lets none pass either.
    pub async fn socket(&self, path: &str, origin: bool, patience: Duration) -> Option<Socket> {
        let mut request = format!("ws://{}{path}", self.address).into_client_request().expect("a request");
        if origin {
            request.headers_mut().insert("origin", self.origin().parse().expect("a value"));
        }
        let line = self.dial().await;
        let (socket, _) = timeout(patience, client_async(request, line)).await.ok()?.ok()?;
        Some(Socket(socket))
    }
}

pub struct Stream {
    body: Incoming,
    text: String,
}

impl Stream {
    /// Waits until this has come; the stream goes on.
    pub async fn until(&mut self, wanted: &str) {
        let coming = async {
            while !self.text.contains(wanted) {
                let frame = self.body.frame().await.expect("the stream goes on").expect("a piece");
                self.text += &String::from_utf8_lossy(frame.data_ref().map_or(&[][..], |data| data));
            }
        };
        let waited = timeout(PATIENCE, coming).await;
        assert!(waited.is_ok(), "{wanted:?} does not come: {:?}", self.text);
    }
}

pub struct Socket(WebSocketStream<Box<dyn Io>>);

impl Socket {
    pub async fn until(&mut self, wanted: &str) {
        let coming = async {
            loop {
                let message = self.0.next().await.expect("the socket stays open").expect("a message");
                if message.to_text().is_ok_and(|text| text.contains(wanted)) {
                    return;
                }
            }
        };
        assert!(timeout(PATIENCE, coming).await.is_ok(), "{wanted:?} does not come");
    }

    pub async fn say(&mut self, text: &str) {
        use futures_util::SinkExt;
        self.0.send(Message::text(text.to_owned())).await.expect("sent");
    }
}

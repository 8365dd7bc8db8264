//! Small servers, and the running of a check.

use std::{future::Future, net::SocketAddr, time::Duration};

use probe::{HttpProbe, ProbeKind, ProbeOutcome, ProbeSpec, Prober};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};

/// The time of checks that should not end by it.
pub(crate) const LONG: Duration = Duration::from_secs(30);
/// The time of checks that end by it.
pub(crate) const SHORT: Duration = Duration::from_millis(300);

/// A server on this machine, which ends with the test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// The heads of the requests, as they came.
    pub(crate) requests: mpsc::Receiver<String>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Starts one that handles each connection on its own.
    pub(crate) async fn start<F>(
        handle: impl Fn(TcpStream, mpsc::Sender<String>) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, requests) = mpsc::channel(100);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(handle(stream, sender.clone()));
            }
        });
        Self { address, requests, task }
    }

    /// Starts one that reads a request, answers with these bytes, and closes.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |mut stream, requests| {
            let answer = answer.clone();
            async move {
                let head = read_head(&mut stream).await;
                requests.send(head).await.ok();
                stream.write_all(&answer).await.ok();
                stream.shutdown().await.ok();
            }
        })
        .await
    }

    /// Starts one that reads a request, and then writes these bytes for ever.
    pub(crate) async fn endless(start: &'static str, again: &'static str) -> Self {
        Self::start(move |mut stream, _| async move {
            read_head(&mut stream).await;
            stream.write_all(start.as_bytes()).await.ok();
            while stream.write_all(again.as_bytes()).await.is_ok() {
                tokio::task::yield_now().await;
            }
        })
        .await
    }
}

/// Reads the head of a request.
pub(crate) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).expect("ASCII")
}

/// A whole answer with a body.
pub(crate) fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

pub(crate) async fn run(kind: ProbeKind, timeout: Duration) -> ProbeOutcome {
    run_with(&Prober::new(), kind, timeout, 0).await
}

pub(crate) async fn run_http(http: HttpProbe, timeout: Duration) -> ProbeOutcome {
    run(ProbeKind::Http(http), timeout).await
}

pub(crate) async fn run_with(
    prober: &Prober,
    kind: ProbeKind,
    timeout: Duration,
    retries: u8,
) -> ProbeOutcome {
    let spec = ProbeSpec::new(kind, timeout, retries).expect("a check that makes sense");
    let outcome = prober.run(&spec).await;
    assert_eq!(outcome.is_up, outcome.why.is_none(), "{outcome:?}");
    outcome
}

/// The code of the fault, or `up`.
pub(crate) fn code(outcome: &ProbeOutcome) -> &'static str {
    outcome.why.as_ref().map_or("up", probe::ProbeFault::code)
}

/// A port of this machine at which nothing listens.
pub(crate) async fn closed_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.and_then(|listener| listener.local_addr()).expect("a port")
}

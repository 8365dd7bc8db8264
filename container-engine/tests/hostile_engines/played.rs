//! An engine, played on a socket.

use std::{path::PathBuf, sync::Arc, time::Duration};

use container_engine::Engine;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::Notify,
    task::JoinHandle,
};

pub(crate) const ID: &str = "474c3790ec9e152ae1dd78b6977a9e53b73a8a15aefc3068c032d488979caeaf";

/// The test has failed when nothing happens for so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// An answer of the played engine.
pub(crate) enum Play {
    /// These bytes, and the connection is closed.
    Close(Vec<u8>),
    /// These bytes, and the connection stays open.
    Hold(Vec<u8>),
    /// These bytes, when it is time the others, and the connection stays open.
    Later(Vec<u8>, Arc<Notify>, Vec<u8>),
    /// These bytes, and the others over and over until the client has had enough.
    Forever(Vec<u8>, Vec<u8>),
}

pub(crate) struct Played {
    folder: TempDir,
    task: JoinHandle<()>,
}

impl Drop for Played {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Played {
    pub(crate) fn start(play: impl Fn(&str) -> Play + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let task = serve(folder.path().join("engine.sock"), play);
        Self { folder, task }
    }

    pub(crate) fn client(&self) -> Engine {
        client(&self.folder.path().join("engine.sock"))
    }
}

pub(crate) fn client(socket: &std::path::Path) -> Engine {
    Engine::new(format!("unix://{}", socket.display()).parse().unwrap()).unwrap()
}

pub(crate) fn serve(socket: PathBuf, play: impl Fn(&str) -> Play + Send + Sync + 'static) -> JoinHandle<()> {
    let listener = UnixListener::bind(socket).unwrap();
    let play = Arc::new(play);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, play.clone()));
        }
    })
}

async fn answer(mut stream: UnixStream, play: Arc<impl Fn(&str) -> Play>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        request.push(byte);
    }
    let text = String::from_utf8(request).unwrap();
    let script = play(text.split(' ').nth(1).unwrap());
    match script {
        Play::Close(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Play::Hold(bytes) => {
            let _ = stream.write_all(&bytes).await;
            // Until the client goes.
            let _ = stream.read_u8().await;
        }
        Play::Later(bytes, is_time, later) => {
            let _ = stream.write_all(&bytes).await;
            is_time.notified().await;
            let _ = stream.write_all(&later).await;
            let _ = stream.read_u8().await;
        }
        Play::Forever(bytes, again) => {
            let mut result = stream.write_all(&bytes).await;
            while result.is_ok() {
                result = stream.write_all(&again).await;
            }
        }
    }
}

pub(crate) fn whole(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nDate: Wed, 18 Nov 2026 11:06:40 GMT\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

pub(crate) fn chunked(chunks: &[&[u8]]) -> Vec<u8> {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    chunks.iter().fold(head.to_vec(), |bytes, content| [bytes, chunk(content)].concat())
}

pub(crate) fn chunk(content: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", content.len()).as_bytes(), content, b"\r\n"].concat()
}

pub(crate) fn event(second: u64, action: &str) -> String {
    format!(
        "{{\"Type\":\"container\",\"Action\":\"{action}\",\"Actor\":{{\"ID\":\"{ID}\",\"Attributes\":{{\"name\":\"web\",\"image\":\"bb\",\"exitCode\":\"3\"}}}},\"timeNano\":{}}}\n",
        (1_795_000_000 + second) * 1_000_000_000
    )
}

/// The calls of an engine that is well, but for its events and lines.
pub(crate) fn well(target: &str) -> Option<Play> {
    Some(Play::Close(match target.split('?').next().unwrap() {
        "/_ping" => whole("OK"),
        "/version" => whole(r#"{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"}"#),
        path if path.ends_with("/containers/json") => whole(&format!(
            r#"[{{"Id":"{ID}","Names":["/web"],"Image":"bb","State":"running","Status":"Up"}}]"#
        )),
        path if path.ends_with(&format!("{ID}/json")) => whole(&format!(
            r#"{{"Id":"{ID}","Name":"/web","State":{{"Status":"running","Running":true}},"Config":{{"Image":"bb"}}}}"#
        )),
        _ => return None,
    }))
}

/// An engine that is well, whose events or lines are these.
pub(crate) fn with_stream(stream: impl Fn() -> Play + Send + Sync + 'static) -> Played {
    Played::start(move |target| well(target).unwrap_or_else(&stream))
}

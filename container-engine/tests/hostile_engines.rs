//! Engines that break off, lie, or never end, played by a few lines on a socket: no panic, no memory without a bound, and a plain error.

#![allow(clippy::unwrap_used, reason = "helpers of tests, too, fail by it")]

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use container_engine::{
    Engine, EngineError, EngineWatch, GapCause, Happening, Seen, WatchReport, logs::LogQuery,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    sync::Notify,
    task::JoinHandle,
    time::timeout,
};

const ID: &str = "474c3790ec9e152ae1dd78b6977a9e53b73a8a15aefc3068c032d488979caeaf";

/// The test has failed when nothing happens for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer of the played engine.
enum Play {
    /// These bytes, and the connection is closed.
    Close(Vec<u8>),
    /// These bytes, and the connection stays open.
    Hold(Vec<u8>),
    /// These bytes, when it is time the others, and the connection stays open.
    Later(Vec<u8>, Arc<Notify>, Vec<u8>),
    /// These bytes, and the others over and over until the client has had enough.
    Forever(Vec<u8>, Vec<u8>),
}

struct Played {
    folder: TempDir,
    task: JoinHandle<()>,
}

impl Drop for Played {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Played {
    fn start(play: impl Fn(&str) -> Play + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let task = serve(folder.path().join("engine.sock"), play);
        Self { folder, task }
    }

    fn client(&self) -> Engine {
        client(&self.folder.path().join("engine.sock"))
    }
}

fn client(socket: &std::path::Path) -> Engine {
    Engine::new(format!("unix://{}", socket.display()).parse().unwrap()).unwrap()
}

fn serve(socket: PathBuf, play: impl Fn(&str) -> Play + Send + Sync + 'static) -> JoinHandle<()> {
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

fn whole(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nDate: Sat, 28 Nov 2026 02:00:00 GMT\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

fn chunked(chunks: &[&[u8]]) -> Vec<u8> {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    chunks.iter().fold(head.to_vec(), |bytes, content| [bytes, chunk(content)].concat())
}

fn chunk(content: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", content.len()).as_bytes(), content, b"\r\n"].concat()
}

fn event(second: u64, action: &str) -> String {
    format!(
        "{{\"Type\":\"container\",\"Action\":\"{action}\",\"Actor\":{{\"ID\":\"{ID}\",\"Attributes\":{{\"name\":\"web\",\"image\":\"bb\",\"exitCode\":\"3\"}}}},\"timeNano\":{}}}\n",
        (1_795_000_000 + second) * 1_000_000_000
    )
}

/// The calls of an engine that is well, but for its events and lines.
fn well(target: &str) -> Option<Play> {
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
fn with_stream(stream: impl Fn() -> Play + Send + Sync + 'static) -> Played {
    Played::start(move |target| well(target).unwrap_or_else(&stream))
}

#[tokio::test]
async fn an_engine_that_cannot_be_reached_is_told_in_a_plain_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let error = client(&socket).negotiate().await.unwrap_err();
    assert_eq!((error.code(), error.to_string().contains("there is no socket")), ("no_socket", true));
    drop(UnixListener::bind(&socket).unwrap());
    assert_eq!(client(&socket).negotiate().await.unwrap_err().code(), "not_listening");
    let refused = Engine::new("tcp://127.0.0.1:1".parse().unwrap()).unwrap();
    assert_eq!(refused.negotiate().await.unwrap_err().code(), "not_listening");
}

#[tokio::test]
async fn engines_that_are_old_or_none_at_all_are_named() {
    let cases = [
        ("HTTP/1.1 200 OK\r\nApi-Version: 1.40\r\nContent-Length: 0\r\n\r\n", "too_old"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", "malformed"),
        ("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nsad\n", "status"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "malformed"),
        ("", "cut"),
        ("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 9\r\n\r\nOK", "cut"),
    ];
    for (bytes, code) in cases {
        let played = Played::start(|_| Play::Close(bytes.as_bytes().to_vec()));
        let error = played.client().negotiate().await.unwrap_err();
        assert_eq!(error.code(), code, "{bytes:?}: {error}");
    }
}

#[tokio::test]
async fn heads_and_bodies_without_an_end_have_bounds() {
    let head =
        Played::start(|_| Play::Forever(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-Header: value\r\n".to_vec()));
    assert_eq!(head.client().negotiate().await.unwrap_err().code(), "malformed");
    let line = Played::start(|_| Play::Forever(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; 4096]));
    assert_eq!(line.client().negotiate().await.unwrap_err().code(), "malformed");
    let body = Played::start(|_| Play::Forever(chunked(&[]), b"5\r\nhello\r\n".to_vec()));
    assert!(matches!(body.client().negotiate().await, Err(EngineError::TooLarge(_))));
}

#[tokio::test]
async fn wrong_lines_among_events_are_counted_and_a_cut_is_told() {
    let played = with_stream(|| {
        let long = vec![b'x'; 2 * 1024 * 1024];
        let (first, second) = (event(1, "start"), event(2, "die"));
        let network = b"{\"Type\":\"network\",\"Action\":\"connect\",\"timeNano\":7}\n";
        // No last chunk: the engine was ended.
        Play::Close(chunked(&[b"nonsense\n{}\n", first.as_bytes(), network, &long, b"\n", second.as_bytes()]))
    });
    let engine = played.client();
    let version = engine.negotiate().await.unwrap();
    let mut events = engine.events(&version, None).await.unwrap();
    assert!(events.next().await.unwrap().is_some());
    assert!(events.next().await.unwrap().is_some());
    assert_eq!(events.unread(), 3);
    assert_eq!(events.next().await, Err(EngineError::Cut));
    assert_eq!(events.next().await, Ok(None));
}

#[tokio::test]
async fn an_error_about_a_stream_is_told() {
    let played = with_stream(|| {
        Play::Close(b"HTTP/1.1 404 Not Found\r\nContent-Length: 16\r\n\r\n{\"message\":\"no\"}".to_vec())
    });
    let engine = played.client();
    let version = engine.negotiate().await.unwrap();
    let error = match engine.stats(&version, &ID.parse().unwrap()).await {
        Ok(mut stats) => stats.next().await.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error, EngineError::Status { status: 404, message: "no".to_owned() });
}

#[tokio::test]
async fn frames_that_lie_or_break_off_lose_no_line_before_them() {
    let frame = |length: u8, text: &str| [&[1, 0, 0, 0, 0, 0, 0, length], text.as_bytes()].concat();
    let good = frame(5, "good\n");
    let cases = [
        ([good.clone(), b"none at all".to_vec()].concat(), "malformed", 1),
        ([good.clone(), frame(200, "half")].concat(), "cut", 2),
        ([good.clone(), vec![1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]].concat(), "cut", 1),
        ([good.clone(), vec![2, 0, 0]].concat(), "cut", 1),
    ];
    for (body, code, wanted) in cases {
        let played = with_stream(move || Play::Close([chunked(&[&body]), b"0\r\n\r\n".to_vec()].concat()));
        let engine = played.client();
        let version = engine.negotiate().await.unwrap();
        let mut lines = engine.logs(&version, &ID.parse().unwrap(), &LogQuery::default()).await.unwrap();
        let mut texts = Vec::new();
        let error = loop {
            match lines.next().await {
                Ok(Some(line)) => texts.push(line.text),
                Ok(None) => panic!("no error, only {texts:?}"),
                Err(error) => break error,
            }
        };
        assert_eq!((error.code(), texts.len()), (code, wanted), "{texts:?}");
        assert_eq!(texts[0], b"good");
        assert_eq!(lines.next().await, Ok(None));
    }
}

/// A watch, and all that it has told.
struct Recorder {
    watch: EngineWatch,
    told: Vec<WatchReport>,
}

impl Recorder {
    fn new(engine: Engine) -> Self {
        Self { watch: EngineWatch::new(engine), told: Vec::new() }
    }

    async fn until(&mut self, is_it: impl Fn(&WatchReport) -> bool) {
        loop {
            let next = timeout(PATIENCE, self.watch.next()).await;
            let report = next.unwrap_or_else(|_| panic!("nothing more after {:?}", self.told));
            self.told.push(report);
            if is_it(&self.told[self.told.len() - 1]) {
                return;
            }
        }
    }

    /// The events, by their second.
    fn seconds(&self) -> Vec<u64> {
        let events = self.told.iter().filter_map(|report| match report {
            WatchReport::Event { event, .. } => Some(event.time.seconds() - 1_795_000_000),
            _ => None,
        });
        events.collect()
    }

    fn gaps(&self) -> Vec<(u64, u64, GapCause)> {
        let gaps = self.told.iter().filter_map(|report| match report {
            WatchReport::Unknown { from, until, why } => {
                Some((from.seconds() - 1_795_000_000, until.seconds() - 1_795_000_000, *why))
            }
            _ => None,
        });
        gaps.collect()
    }
}

fn is_ended(report: &WatchReport) -> bool {
    matches!(report, WatchReport::Event { event, .. } if matches!(event.what, Happening::Ended { .. }))
}

#[tokio::test]
async fn a_watch_waits_for_its_engine_and_follows_it_when_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let mut recorder = Recorder::new(client(&socket));
    recorder.until(|report| matches!(report, WatchReport::Away { why: EngineError::NoSocket(_), .. })).await;
    let task = serve(socket, |target| {
        well(target).unwrap_or_else(|| Play::Hold(chunked(&[event(1, "die").as_bytes()])))
    });
    recorder.until(is_ended).await;
    let listed =
        recorder.told.iter().any(|report| matches!(report, WatchReport::Containers(list) if list.len() == 1));
    assert!(listed, "{:?}", recorder.told);
    task.abort();
}

#[tokio::test]
async fn after_a_break_nothing_is_doubled_and_a_lost_history_is_said() {
    let connections = AtomicUsize::new(0);
    let played = with_stream(move || {
        let events = match connections.fetch_add(1, Ordering::SeqCst) {
            0 => [event(1, "start"), event(2, "die")],
            // It remembers: the last event comes again.
            1 => [event(2, "die"), event(3, "start")],
            // It was restarted, and remembers nothing.
            _ => return Play::Hold(chunked(&[event(9, "die").as_bytes()])),
        };
        Play::Close(chunked(&events.each_ref().map(String::as_bytes)))
    });
    let mut recorder = Recorder::new(played.client());
    recorder.until(|report| matches!(report, WatchReport::Event { event, .. } if event.time.seconds() == 1_795_000_009)).await;
    assert_eq!(recorder.seconds(), [1, 2, 3, 9]);
    assert_eq!(recorder.gaps(), [(3, 9, GapCause::HistoryLost)]);
    let cuts = recorder
        .told
        .iter()
        .filter(|report| matches!(report, WatchReport::Away { why: EngineError::Cut, .. }));
    assert_eq!(cuts.count(), 2);
}

/// The answers about a container that lived from the first second to the fifth.
fn ended(target: &str) -> Option<Play> {
    let path = target.split('?').next().unwrap();
    if path.ends_with("/containers/json") {
        let list = format!(
            r#"[{{"Id":"{ID}","Names":["/web"],"Image":"bb","State":"exited","Status":"Exited (3)"}}]"#
        );
        return Some(Play::Close(whole(&list)));
    }
    if path.ends_with(&format!("{ID}/json")) {
        // The second 1,795,000,000 is this one.
        let state = r#"{"Status":"exited","ExitCode":3,"StartedAt":"2026-11-18T11:06:41Z","FinishedAt":"2026-11-18T11:06:45Z"}"#;
        let body = format!(r#"{{"Id":"{ID}","Name":"/web","State":{state},"Config":{{"Image":"bb"}}}}"#);
        return Some(Play::Close(whole(&body)));
    }
    well(target)
}

#[tokio::test]
async fn an_end_that_only_the_list_shows_is_told_once_even_when_its_event_comes_later() {
    let connections = AtomicUsize::new(0);
    let is_told = Arc::new(Notify::new());
    let told = is_told.clone();
    let played = Played::start(move |target| {
        // The list comes after the stream, and shows the end from the second connection on.
        let other = if connections.load(Ordering::SeqCst) < 2 { well(target) } else { ended(target) };
        other.unwrap_or_else(|| {
            let is_first = connections.fetch_add(1, Ordering::SeqCst) == 0;
            let start = chunked(&[event(1, "start").as_bytes()]);
            let late = [chunk(event(5, "die").as_bytes()), chunk(event(9, "rename").as_bytes())].concat();
            // The engine remembers the start, and has not seen the end.
            if is_first { Play::Close(start) } else { Play::Later(start, told.clone(), late) }
        })
    });
    let mut recorder = Recorder::new(played.client());
    recorder.until(is_ended).await;
    let Some(WatchReport::Event { event, container }) = recorder.told.last() else { panic!("an event") };
    assert!(
        matches!(event.what, Happening::Ended { seen: Seen::Listed, exit_code: Some(3), .. }),
        "{event:?}"
    );
    assert!(container.as_ref().is_some_and(|container| container.state.is_ended()));
    is_told.notify_one();
    recorder
        .until(|report| matches!(report, WatchReport::Event { event, .. } if event.time.seconds() == 1_795_000_009))
        .await;
    assert_eq!(recorder.seconds(), [1, 5, 9]);
    assert_eq!(recorder.gaps(), []);
}

#[tokio::test]
async fn an_engine_is_read_without_a_pause_though_nobody_reads_the_watch() {
    const FLOOD: u64 = 20_000;
    let (written, all_written) = tokio::sync::oneshot::channel();
    let written = std::sync::Mutex::new(Some(written));
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let flood: String =
        (0..FLOOD).map(|second| event(second, if second % 2 == 0 { "start" } else { "die" })).collect();
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            if let Some(Play::Close(bytes)) = well(text.split(' ').nth(1).unwrap_or_default()) {
                stream.write_all(&bytes).await.unwrap();
                continue;
            }
            let (flood, written) = (chunked(&[flood.as_bytes()]), written.lock().unwrap().take());
            tokio::spawn(async move {
                stream.write_all(&flood).await.unwrap();
                written.map(|written| written.send(()));
                let _ = stream.read_u8().await;
            });
        }
    });
    let mut recorder = Recorder::new(client(&socket));
    // It begins to follow with the first report, and then nobody reads.
    recorder.until(|report| matches!(report, WatchReport::Connected { .. })).await;
    timeout(PATIENCE, all_written).await.expect("the engine can write everything").unwrap();
    recorder.until(|report| matches!(report, WatchReport::Unknown { why: GapCause::Overflow, .. })).await;
    recorder.until(|report| matches!(report, WatchReport::Containers(_))).await;
    let seconds = recorder.seconds();
    assert!(seconds.len() < FLOOD as usize && seconds.is_sorted(), "{}", seconds.len());
    assert_eq!(recorder.gaps(), [(seconds[seconds.len() - 1], FLOOD - 1, GapCause::Overflow)]);
    task.abort();
}

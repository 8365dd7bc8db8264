//! Watches.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use container_engine::{Engine, EngineError, EngineWatch, GapCause, Happening, Seen, WatchReport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixListener,
    sync::Notify,
    time::timeout,
};

use crate::played::{
    ID, PATIENCE, Play, Played, chunk, chunked, client, event, serve, well, whole, with_stream,
};

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

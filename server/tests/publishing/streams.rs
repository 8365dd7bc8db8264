//! Finite streams that programs write over REST.

use std::net::SocketAddr;

use common::{
    Topic,
    frame::{ErrorCode, ServerFrame},
    stream::{StreamEndReason, StreamEntry, StreamNews, StreamOpened, StreamStatus},
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use transport_probes::{Ask, Connection, LONG_WAIT, Probe};

use crate::{
    error,
    support::{Answer, answer, get, post, start},
};

const STREAMS: &str = "/api/v1/streams";
const JSON: &str = "application/json";

async fn open(to: SocketAddr, title: &str) -> StreamOpened {
    let answer = post(to, STREAMS, JSON, &json!({ "title": title }).to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("an open stream")
}

fn path(stream: &StreamOpened, rest: &str) -> String {
    format!("{STREAMS}/{}{rest}", stream.id)
}

fn status(answer: &Answer) -> StreamStatus {
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("how it is")
}

async fn write(to: SocketAddr, stream: &StreamOpened, items: &Value) -> Answer {
    post(to, &path(stream, "/items"), JSON, &json!({ "items": items }).to_string()).await
}

async fn end(to: SocketAddr, stream: &StreamOpened, end: &Value) -> Answer {
    post(to, &path(stream, "/end"), JSON, &end.to_string()).await
}

/// A request whose body is written bit by bit, chunked.
struct Upload(TcpStream);

impl Upload {
    async fn begin(to: SocketAddr, path: &str, media_type: &str) -> Self {
        let mut stream = TcpStream::connect(to).await.expect("the server accepts");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-type: {media_type}\r\n\
             transfer-encoding: chunked\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("written");
        Self(stream)
    }

    async fn send(&mut self, text: &str) {
        let chunk = format!("{:x}\r\n{text}\r\n", text.len());
        self.0.write_all(chunk.as_bytes()).await.expect("written");
    }

    async fn finish(mut self) -> Answer {
        self.0.write_all(b"0\r\n\r\n").await.expect("written");
        self.answer().await
    }

    async fn answer(mut self) -> Answer {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).await.expect("read");
        answer(&bytes)
    }
}

/// A reader of one stream, and all that it was told.
struct Reader {
    line: Box<dyn Connection>,
    items: Vec<Value>,
}

impl Reader {
    async fn connect(to: SocketAddr, probe: &dyn Probe, topic: &Topic) -> Self {
        let ask = Ask { more: LONG_WAIT, ..Ask::topics(&[topic.as_str()]) };
        let mut line = probe.connect(to, ask).await.expect("it may");
        line.verdict().await;
        Self { line, items: Vec::new() }
    }

    /// Reads one entry, and returns the end if it is that. Nothing may be missing.
    async fn read(&mut self) -> Option<(StreamEndReason, Option<String>)> {
        loop {
            let event = match self.line.frame().await {
                ServerFrame::Event(event) => event,
                ServerFrame::Heartbeat { .. } => continue,
                other => panic!("not {other:?}"),
            };
            match StreamEntry::<Value>::from_json(event.data.get()).expect("an entry of a stream") {
                StreamEntry::Begin { .. } => return None,
                StreamEntry::Items { first, items } => {
                    assert_eq!(first, self.items.len() as u64);
                    self.items.extend(items);
                    return None;
                }
                StreamEntry::End { reason, error, total } => {
                    assert_eq!(total, self.items.len() as u64);
                    return Some((reason, error));
                }
            }
        }
    }

    async fn read_to_end(&mut self) -> (StreamEndReason, Option<String>) {
        loop {
            if let Some(end) = self.read().await {
                return end;
            }
        }
    }

    async fn read_items(&mut self, count: usize) {
        while self.items.len() < count {
            assert_eq!(self.read().await, None);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_writes_is_told_on_every_transport_as_it_comes() {
    let server = start().await;
    let to = server.address;
    let ends = [
        (json!({"reason": "complete"}), (StreamEndReason::Complete, None)),
        (
            json!({"reason": "failed", "error": "the model is gone"}),
            (StreamEndReason::Failed, Some("the model is gone".to_owned())),
        ),
        (json!({"reason": "cancelled"}), (StreamEndReason::Cancelled, None)),
    ];
    for (last_word, expected) in ends {
        let stream = open(to, "an answer").await;
        assert_eq!(status(&write(to, &stream, &json!(["a", 1, {"b": [null, 0.50]}])).await).total, 3);
        let mut readers = Vec::new();
        for probe in transport_probes::all() {
            readers.push(Reader::connect(to, probe, &stream.topic).await);
        }
        let mut upload = Upload::begin(to, &path(&stream, "/items"), "application/x-ndjson").await;
        // Each is told before the next is sent, though a line may come in pieces.
        for (sent, count) in [("\"to", 3), ("ken\"\n", 4), ("\n  \r\n2\n{\"x\":", 5), ("3}\r\n", 6)] {
            upload.send(sent).await;
            for reader in &mut readers {
                reader.read_items(count).await;
            }
        }
        upload.send("\"the last line needs no end\"").await;
        assert_eq!(status(&upload.finish().await).total, 7);
        let text = post(to, &path(&stream, "/items"), "text/plain; charset=utf-8", "plain\r\nlines\n").await;
        assert_eq!(status(&text).total, 9);
        let ended = status(&end(to, &stream, &last_word).await).end.expect("it has ended");
        assert_eq!((ended.reason, ended.error), expected);
        for reader in &mut readers {
            assert_eq!(reader.read_to_end().await, expected);
            let expected = json!([
                "a", 1, {"b": [null, 0.5]}, "token", 2, {"x": 3}, "the last line needs no end", "plain", "lines"
            ]);
            assert_eq!(json!(reader.items), expected);
        }
        for refused in [
            write(to, &stream, &json!(["more"])).await,
            end(to, &stream, &json!({"reason": "complete"})).await,
        ] {
            assert_eq!(error(&refused), (409, ErrorCode::StreamEnded), "{}", refused.body);
        }
    }
    let list: Vec<StreamStatus> = serde_json::from_str(&get(to, STREAMS).await.body).expect("a list");
    assert_eq!(list.len(), 3);
    assert!(list.iter().all(|stream| stream.total == 9 && stream.end.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_whose_stream_is_cancelled_is_told_while_it_writes() {
    let server = start().await;
    let to = server.address;
    let stream = open(to, "tokens").await;
    let mut upload = Upload::begin(to, &path(&stream, "/items?end=true"), "application/x-ndjson").await;
    let mut reader = Reader::connect(to, transport_probes::all()[0], &stream.topic).await;
    upload.send("\"a\"\n").await;
    reader.read_items(1).await;
    assert_eq!(status(&end(to, &stream, &json!({"reason": "cancelled"})).await).total, 1);
    let told = upload.answer().await;
    assert_eq!(error(&told), (409, ErrorCode::StreamEnded), "{}", told.body);
    assert!(told.body.contains("cancelled"), "{}", told.body);
    assert_eq!(reader.read_to_end().await, (StreamEndReason::Cancelled, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_ends_the_stream_with_it_where_that_is_asked_for() {
    let server = start().await;
    let to = server.address;
    let reader = async |stream: &StreamOpened| {
        let mut reader = Reader::connect(to, transport_probes::all()[0], &stream.topic).await;
        (reader.read_to_end().await, reader.items.len())
    };

    let whole = open(to, "whole").await;
    let answer = post(to, &path(&whole, "/items?end=true"), "text/plain", "a\nb").await;
    assert_eq!(status(&answer).end.map(|end| end.reason), Some(StreamEndReason::Complete));
    assert_eq!(reader(&whole).await, ((StreamEndReason::Complete, None), 2));

    let broken = open(to, "broken off").await;
    let mut upload = Upload::begin(to, &path(&broken, "/items?end=true"), "text/plain").await;
    upload.send("a\n").await;
    let mut first = Reader::connect(to, transport_probes::all()[0], &broken.topic).await;
    first.read_items(1).await;
    drop(upload);
    let (reason, error) = first.read_to_end().await;
    assert_eq!(reason, StreamEndReason::Failed);
    assert!(error.is_some());

    let wrong = open(to, "no JSON").await;
    let answer = post(to, &path(&wrong, "/items?end=true"), "application/x-ndjson", "1\n{\n2\n").await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(reader(&wrong).await.0.0, StreamEndReason::Failed);
}

/// Reads nothing until the writer waits. Without that wait most of these would be gone: eight times as much is written as is kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_waits_for_a_reader_who_lags() {
    const LINES: usize = 1_000;
    let server = start().await;
    let to = server.address;
    let stream = open(to, "a flood").await;
    let websocket = transport_probes::all().into_iter().find(|probe| probe.entry().id == "websocket");
    let mut reader = Reader::connect(to, websocket.expect("a WebSocket"), &stream.topic).await;
    let readers = server.hub.stream_readers(&stream.topic).expect("it is open");
    let body = format!("{}\n", "x".repeat(8 << 10)).repeat(LINES);
    let writing = tokio::spawn({
        let path = path(&stream, "/items?end=true");
        async move { post(to, &path, "text/plain", &body).await }
    });
    while readers.unread() < 256 << 10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(reader.read_to_end().await, (StreamEndReason::Complete, None));
    assert_eq!(reader.items.len(), LINES);
    assert_eq!(status(&writing.await.expect("it was written")).total, LINES as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_streams_at_once_are_told_apart() {
    const COUNT: usize = 1_000;
    let server = crate::support::start_with(|config| config.limits.connections_per_address = 0).await;
    let to = server.address;
    let mut streams = Vec::new();
    for number in 0..COUNT {
        streams.push(open(to, &number.to_string()).await);
    }
    // 50 lines of each catalog entry's transport in turn, each with 20 streams.
    let probes = transport_probes::all();
    let lines = streams.chunks(20).enumerate().map(|(index, chunk)| {
        let probe = probes[index % probes.len()];
        async move {
            let topics: Vec<&str> = chunk.iter().map(|stream| stream.topic.as_str()).collect();
            let ask = Ask { more: LONG_WAIT, ..Ask::topics(&topics) };
            let mut line = probe.connect(to, ask).await.expect("it may");
            line.verdict().await;
            let mut ended = 0;
            let mut told = vec![Vec::new(); chunk.len()];
            while ended < chunk.len() {
                let event = line.event().await;
                let which = chunk.iter().position(|stream| stream.topic == event.topic).expect("one of them");
                match StreamEntry::<Value>::from_json(event.data.get()).expect("an entry") {
                    StreamEntry::Begin { .. } => {}
                    StreamEntry::Items { items, .. } => told[which].extend(items),
                    StreamEntry::End { .. } => ended += 1,
                }
            }
            for (stream, told) in chunk.iter().zip(told) {
                let expected: Vec<_> = (0..5).map(|n| json!(format!("{} {n}", stream.id))).collect();
                assert_eq!(told, expected);
            }
        }
    });
    let writing = async {
        for n in 0..5 {
            for stream in &streams {
                let text = format!("{} {n}", stream.id);
                assert_eq!(write(to, stream, &json!([text])).await.status, 200);
            }
        }
        for stream in &streams {
            assert_eq!(end(to, stream, &json!({"reason": "complete"})).await.status, 200);
        }
    };
    tokio::join!(join_all(lines), writing);
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_with_its_reason_and_changes_nothing() {
    let server = start().await;
    let to = server.address;
    for (title, code) in
        [("", 400), (" ", 400), ("a\u{7}b", 400), (&*"x".repeat(201), 400), (&*"y".repeat(5_000), 413)]
    {
        let answer = post(to, STREAMS, JSON, &json!({ "title": title }).to_string()).await;
        assert_eq!(answer.status, code, "{}", answer.body);
    }
    let stream = open(to, "bounds").await;
    let items = path(&stream, "/items");
    for (path, media_type, body, expected) in [
        (format!("{STREAMS}/..%2F..%2Fetc/items"), JSON, "{}", 400),
        (format!("{STREAMS}/{}/items", "0".repeat(32)), JSON, r#"{"items":[]}"#, 404),
        (items.clone(), "application/xml", "<a/>", 415),
        (items.clone(), JSON, "{", 400),
        (items.clone(), JSON, r#"{"items":1}"#, 422),
        (items.clone(), JSON, r#"{"items":[],"more":1}"#, 422),
        (items.clone(), "application/x-ndjson", "1\nnull,\n", 400),
        (items.clone(), "text/plain", &*"z".repeat(200_000), 413),
        (path(&stream, "/items?end=maybe"), "text/plain", "a", 400),
        (path(&stream, "/end"), JSON, r#"{"reason":"bored"}"#, 422),
        (path(&stream, "/end"), JSON, r#"{"reason":"complete","error":"no"}"#, 400),
    ] {
        let answer = post(to, &path, media_type, body).await;
        assert_eq!(answer.status, expected, "{path} {media_type}: {}", answer.body);
    }
    assert_eq!(status(&get(to, &path(&stream, "")).await).end, None);
    assert_eq!(get(to, &format!("{STREAMS}/nothing")).await.status, 400);
    let long = format!(r#"{{"items":["{}"]}}"#, "x".repeat(200_000));
    assert_eq!(post(to, &items, JSON, &long).await.status, 413);
    assert_eq!(status(&write(to, &stream, &json!(["good"])).await).total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_streams_is_told_of_and_has_pages() {
    let server = start().await;
    let to = server.address;
    for probe in transport_probes::all() {
        let ask = Ask { more: LONG_WAIT, ..Ask::topics(&["streams"]) };
        let mut line = probe.connect(to, ask).await.expect("it may");
        line.verdict().await;
        let opened = open(to, "<i>nightly</i> \u{202e}backup").await;
        until_changed(&mut *line, &opened, "begun").await;
        let list = get(to, "/streams").await;
        assert_eq!(list.status, 200);
        assert!(list.body.contains("&lt;i&gt;nightly&lt;/i&gt; &lt;U+202E&gt;backup"), "{}", list.body);
        let one = get(to, &format!("/streams/{}", opened.id)).await;
        assert_eq!(one.status, 200);
        assert!(one.body.contains(opened.topic.as_str()), "{}", one.body);
        assert_eq!(end(to, &opened, &json!({ "reason": "complete" })).await.status, 200);
        until_changed(&mut *line, &opened, "ended").await;
    }
    for number in 0..201 {
        open(to, &format!("stream {number}")).await;
    }
    let list = get(to, "/streams").await.body;
    assert_eq!(list.matches("class=\"row\"").count(), 200, "the newest");
    assert!(list.contains("older streams are not shown"), "{list}");
    for unknown in ["00000000000000000000000000000000", "x", "%00", "..%2f..%2fetc%2fpasswd"] {
        let answer = get(to, &format!("/streams/{unknown}")).await;
        assert_eq!(answer.status, 404, "{unknown}: {}", answer.body);
    }
}

/// Reads until the list is told to have changed so. A new reader hears of the change before, too.
async fn until_changed(line: &mut dyn Connection, stream: &StreamOpened, change: &str) {
    loop {
        match line.frame().await {
            ServerFrame::Event(event) => {
                let news: StreamNews = serde_json::from_str(event.data.get()).expect("news");
                if (news.id == stream.id) && json!(news.change) == change {
                    return;
                }
            }
            ServerFrame::Heartbeat { .. } => {}
            other => panic!("not {other:?}"),
        }
    }
}

//! Long-polling, WebSocket, and the change from one to the other.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use common::frame::ByeReason;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::mpsc,
    time::Instant,
};
use transports::socketio::engine::{
    self, DisconnectReason, EngineApplication, EngineSettings, Flow, Message, Out,
};

use crate::{
    client::{Polling, Received, Socket, number, request},
    support::serve,
    world::World,
};

const EVENTS: u64 = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_in_the_middle_of_a_stream_loses_nothing() {
    let world = World::start().await;
    let polling = Polling::open(world.address).await;
    polling.join(r#"40{"topics":["log/a"]}"#).await;
    let hub = world.hub.clone();
    let publishing = tokio::spawn(async move {
        let topic = "log/a".parse().expect("a topic");
        for n in 0..EVENTS {
            hub.publish(&topic, format!("{{\"n\":{n}}}").into()).expect("published");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    let mut heard = Vec::new();
    let keep = |packets: Vec<String>, heard: &mut Vec<u64>| {
        heard.extend(
            packets.iter().filter(|packet| packet.starts_with("42[\"event\"")).map(|event| number(event)),
        );
    };
    while heard.len() < 50 {
        keep(polling.packets().await.into(), &mut heard);
    }
    let mut socket = Socket::open(world.address, &polling.query).await;
    // The official client goes on polling until it knows that the WebSocket works.
    let asking = polling.clone();
    let asking = tokio::spawn(async move {
        let mut all = Vec::new();
        loop {
            let packets = asking.packets().await;
            let over = packets.iter().any(|packet| packet == "6");
            all.extend(packets);
            if over {
                return all;
            }
        }
    });
    socket.say("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    keep(asking.await.expect("asked"), &mut heard);
    socket.say("5").await;
    while heard.last() != Some(&(EVENTS - 1)) {
        keep(vec![socket.until("42[\"event\"").await], &mut heard);
    }
    assert_eq!(heard, (0..EVENTS).collect::<Vec<_>>());
    publishing.await.expect("published");
    assert_eq!(polling.get().await.status, 400, "the session has left");
}

/// The official client gives up a connection that it was told to close only when its upgrade has ended, and that may
/// be in the turn in which it reads a body. It sets the events of that body aside without moving its offset, and
/// handles them again when it is back. So its polling has to be quiet before it is told that it may upgrade.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_over_waits_until_what_was_told_on_polling_has_arrived() {
    let world = World::start().await;
    let polling = Polling::open(world.address).await;
    polling.post(r#"40{"topics":["log/a"]}"#).await;
    world.publish("log/a", "{\"n\":0}");
    while !polling.packets().await.iter().any(|packet| packet.starts_with("42[\"event\"")) {}
    // From here on the server cannot know whether that body has arrived.
    let mut socket = Socket::open(world.address, &polling.query).await;
    socket.say("2probe").await;
    assert_eq!(socket.echo().await, None, "no word before the next request");
    world.publish("log/a", "{\"n\":1}");
    let asking = polling.clone();
    let asking = tokio::spawn(async move { asking.packets().await });
    assert_eq!(socket.text().await, "3probe");
    assert_eq!(asking.await.expect("asked"), ["6"], "events wait for the new line");
    socket.say("5").await;
    assert_eq!(number(&socket.until("42[\"event\"").await), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_change_over_that_failed_late_events_go_on_where_they_were() {
    let world = World::start().await;
    let polling = Polling::open(world.address).await;
    polling.join(r#"40{"topics":["log/a"]}"#).await;
    let mut socket = Socket::open(world.address, &polling.query).await;
    let asking = polling.clone();
    let asking = tokio::spawn(async move { asking.packets().await });
    socket.say("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    asking.await.expect("asked");
    world.publish("log/a", "{\"n\":0}");
    drop(socket);
    loop {
        let packets = polling.packets().await;
        if let Some(event) = packets.iter().find(|packet| packet.starts_with("42[\"event\"")) {
            assert_eq!(number(event), 0);
            break;
        }
    }
}

/// The official client takes what stands in the same body as the end for events of its next connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_comes_in_a_body_of_its_own() {
    let world = World::start().await;
    let polling = Polling::open(world.address).await;
    polling.join(r#"40{"topics":["log/a"]}"#).await;
    world.publish("log/a", "{\"n\":0}");
    world.hub.close(ByeReason::Shutdown, 100, 0);
    let mut bodies = Vec::new();
    while bodies.last().is_none_or(|last: &String| last != "1") {
        let answer = polling.get().await;
        assert_eq!(answer.status, 200, "{bodies:?}");
        bodies.push(answer.body);
    }
    let said = bodies.concat();
    assert!(said.contains("\"n\":0") && said.contains("[\"bye\""), "{bodies:?}");
    assert!(bodies[..bodies.len() - 1].iter().all(|body| !body.ends_with("\x1e1")), "{bodies:?}");
    assert_eq!(polling.get().await.status, 400, "once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgrade_that_is_given_up_leaves_the_session_where_it_was() {
    let world = World::start().await;
    let polling = Polling::open(world.address).await;
    let mut socket = Socket::open(world.address, &polling.query).await;
    socket.say("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    let mut second = Socket::open(world.address, &polling.query).await;
    assert_eq!(second.end().await, Some(4400), "one at a time");
    drop(socket);
    polling.post(r#"40{"topics":["log/a"]}"#).await;
    loop {
        let packets = polling.packets().await;
        if packets[0].starts_with("40{") {
            break;
        }
        assert_eq!(packets, ["6"], "while the server has not noticed");
    }
}

/// Node's own WebSocket (undici) and wsproto read a message that comes in pieces, or with bits of an extension that was not agreed on,
/// as an error or not at all: so a message is one frame, however long it is, and uncompressed.
#[tokio::test]
async fn every_message_is_one_frame() {
    let world = World::start().await;
    let mut frames = Frames::open(world.address).await;
    assert!(frames.next().await.1.starts_with(b"0{"));
    frames.say(r#"40{"topics":["log/a"]}"#).await;
    while !frames.next().await.1.starts_with(b"42[\"heartbeat\"") {}
    let long = "x".repeat(60_000);
    for length in [1, 100, 126, 60_000] {
        world.publish("log/a", &format!("\"{}\"", &long[..length]));
        let (_, payload) = frames.next().await;
        assert!(payload.starts_with(b"42[\"event\"") && payload.len() > length);
    }
    world.hub.close(ByeReason::Shutdown, 100, 0);
    assert!(frames.next().await.1.starts_with(b"42[\"bye\""));
    assert_eq!(frames.next().await.0, 0x88, "and the end is another");
}

/// A WebSocket read frame by frame.
struct Frames(tokio::net::TcpStream);

impl Frames {
    async fn open(to: std::net::SocketAddr) -> Self {
        let mut line = tokio::net::TcpStream::connect(to).await.expect("the server accepts");
        let head = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: {to}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             sec-websocket-extensions: permessage-deflate\r\n\r\n"
        );
        line.write_all(head.as_bytes()).await.expect("written");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(line.read_u8().await.expect("a head"));
        }
        assert!(answer.starts_with(b"HTTP/1.1 101"));
        Self(line)
    }

    async fn say(&mut self, text: &str) {
        let length = 0x80 | u8::try_from(text.len()).expect("short");
        let frame = [&[0x81, length, 0, 0, 0, 0], text.as_bytes()].concat();
        self.0.write_all(&frame).await.expect("written");
    }

    /// The next frame: its first byte, and its payload. It is whole, and has no bit of an extension.
    async fn next(&mut self) -> (u8, Vec<u8>) {
        let first = self.0.read_u8().await.expect("a frame");
        assert!(matches!(first, 0x81 | 0x82 | 0x88), "{first:#x}: a piece, or of an extension");
        let length = match self.0.read_u8().await.expect("a length") {
            126 => u64::from(self.0.read_u16().await.expect("a length")),
            127 => self.0.read_u64().await.expect("a length"),
            short => u64::from(short),
        };
        let mut payload = vec![0; usize::try_from(length).expect("it fits")];
        self.0.read_exact(&mut payload).await.expect("a payload");
        (first, payload)
    }
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_given_up() {
    let (told, mut seen) = mpsc::channel(64);
    let (address, serving) =
        serve(engine::router("/socket.io", quick(), move |_, _| Some(Talking::new(told.clone(), OFTEN))))
            .await;
    // It does not even ask.
    Polling::open(address).await;
    while seen.recv().await.expect("told") != Seen::Dropped {}
    let mut socket = Socket::open(address, "").await;
    socket.deaf = true;
    while matches!(socket.receive().await, Received::Text(_)) {}
    while seen.recv().await.expect("told") != Seen::Dropped {}
    serving.abort();
}

#[tokio::test]
async fn a_question_that_is_given_up_ends_its_session() {
    let (told, mut seen) = mpsc::channel(64);
    let patient = EngineSettings { ping_interval: Duration::from_secs(60), ..quick() };
    let (address, serving) =
        serve(engine::router("/socket.io", patient, move |_, _| Some(Talking::new(told.clone(), NEVER))))
            .await;
    let polling = Polling::open(address).await;
    let asking = tokio::spawn(async move { polling.get().await });
    assert_eq!(seen.recv().await, Some(Seen::Asked));
    asking.abort();
    while seen.recv().await.expect("told") != Seen::Dropped {}
    serving.abort();
}

fn quick() -> EngineSettings {
    EngineSettings {
        ping_interval: Duration::from_millis(200),
        ping_timeout: Duration::from_millis(100),
        upgrade_timeout: Duration::from_secs(1),
        max_payload: 1000,
        messages_per_second: 0,
        stall: Duration::from_secs(30),
        sessions: 2,
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Asked,
    Dropped,
}

/// Says something now and then, which is no answer of its client's, and tells what is done with it.
struct Talking {
    told: mpsc::Sender<Seen>,
    every: Duration,
    next: Instant,
}

impl Talking {
    fn new(told: mpsc::Sender<Seen>, every: Duration) -> Self {
        Self { told, every, next: Instant::now() + every }
    }
}

const OFTEN: Duration = Duration::from_millis(40);
const NEVER: Duration = Duration::from_secs(3600);

impl Drop for Talking {
    fn drop(&mut self) {
        self.told.try_send(Seen::Dropped).expect("room");
    }
}

impl EngineApplication for Talking {
    fn on_message(&mut self, _: Message, _: Instant) -> Result<(), DisconnectReason> {
        Ok(())
    }

    fn poll_more(&mut self, _: &mut Context<'_>, now: Instant, out: &mut Out) -> Poll<Flow> {
        self.told.try_send(Seen::Asked).expect("room");
        if now < self.next {
            return Poll::Pending;
        }
        self.next = now + self.every;
        out.message(Message::Text("now".into()));
        Poll::Ready(Flow::More)
    }

    fn deadline(&self) -> Option<Instant> {
        Some(self.next)
    }
}

#[tokio::test]
async fn there_are_no_more_sessions_than_the_table_holds() {
    let (told, _seen) = mpsc::channel(64);
    let (address, serving) =
        serve(engine::router("/socket.io", quick(), move |_, _| Some(Talking::new(told.clone(), OFTEN))))
            .await;
    Polling::open(address).await;
    Polling::open(address).await;
    let third = request(address, "GET", "EIO=4&transport=polling", "", "").await;
    assert_eq!(third.status, 503);
    serving.abort();
}

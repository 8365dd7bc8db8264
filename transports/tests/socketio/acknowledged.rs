//! Answers in both directions, with attachments and without.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::Instant;
use transports::socketio::{
    engine::{self, Out},
    sockets::{
        Application, ConnectError, Emitter, Event, Joined, NamespaceSettings, Namespaces, SocketAction,
        SocketHandler,
    },
};

use crate::{
    client::{Polling, Received, Socket},
    support::serve,
    world::World,
};

/// Asks back what it is asked, and tells what it was answered.
struct AsksBack;

impl Application for AsksBack {
    fn join(&mut self, _: &str, _: Option<&str>, _: Instant) -> Result<Joined, ConnectError> {
        Ok(Joined { sid: "a".into(), pid: None, socket: Box::new(Self) })
    }
}

impl SocketHandler for AsksBack {
    fn on_event(&mut self, event: Event, _: Option<u64>, _: Instant, emitter: &mut Emitter<'_>) {
        emitter.emit(&event, Some(7));
    }

    fn on_ack(&mut self, id: u64, answer: Event, emitter: &mut Emitter<'_>) {
        emitter.emit(&Event { name: format!("answered {id}"), ..answer }, None);
    }

    fn poll_more(&mut self, _: &mut Context<'_>, _: Instant, _: &mut Out) -> Poll<SocketAction> {
        Poll::Pending
    }
}

#[tokio::test]
async fn an_event_of_the_servers_is_answered_with_attachments_over_both_carriers() {
    let settings = engine::EngineSettings {
        ping_interval: Duration::from_secs(20),
        ping_timeout: Duration::from_secs(20),
        upgrade_timeout: Duration::from_secs(5),
        max_payload: 1000,
        messages_per_second: 0,
        stall: Duration::from_secs(30),
        sessions: 10,
    };
    let router = engine::router("/socket.io", settings, |_, _| {
        let settings = NamespaceSettings {
            connect_timeout: Duration::from_secs(10),
            namespaces: 2,
            attachment_bytes: 100,
        };
        Some(Namespaces::new(AsksBack, settings, Instant::now()))
    });
    let (address, serving) = serve(router).await;
    let placeholder = r#"{"_placeholder":true,"num":0}"#;

    let mut socket = Socket::open(address, "").await;
    socket.say("40").await;
    socket.until("40").await;
    socket.say(r#"42["why",1]"#).await;
    assert_eq!(socket.text().await, r#"427["why",1]"#);
    socket.say(&format!("461-7[{placeholder}]")).await;
    socket.give(&[1, 2, 3]).await;
    assert_eq!(socket.text().await, format!(r#"451-["answered 7",{placeholder}]"#));
    assert_eq!(socket.receive().await, Received::Binary(vec![1, 2, 3]));

    let polling = Polling::open(address).await;
    polling.post("40").await;
    polling.packets().await;
    polling.post(&format!("451-[\"why\",{placeholder}]\x1ebAQID")).await;
    assert_eq!(polling.packets().await, [format!(r#"451-7["why",{placeholder}]"#), "bAQID".into()]);
    polling.post(&format!("461-7[{placeholder}]\x1ebBAUG")).await;
    assert_eq!(polling.packets().await, [format!(r#"451-["answered 7",{placeholder}]"#), "bBAUG".into()]);

    socket.say(&format!("451-[\"why\",{placeholder}]")).await;
    socket.give(&[0; 101]).await;
    assert_eq!(socket.end().await, Some(4400), "more than attachments may have");
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_go_up_in_their_order_and_are_acknowledged_with_their_place() {
    let world = World::start().await;
    let mut socket = Socket::open(world.address, "").await;
    socket.say(r#"40/log,{"rooms":["a"]}"#).await;
    socket.until("42/log,[\"heartbeat\"").await;
    for n in 0..10 {
        let fields = format!(r#"{{"id":"message-{n}","room":"a","data":{{"n":{n}}}}}"#);
        socket.say(&format!(r#"42/log,{n}["send",{fields}]"#)).await;
    }
    let (mut answers, mut events) = (Vec::new(), Vec::new());
    while answers.len() < 10 || events.len() < 10 {
        let text = socket.text().await;
        if text.starts_with("43/log,") { answers.push(text) } else { events.push(text) }
    }
    for n in 0..10 {
        let cursor = format!("100-{}", n + 1);
        assert_eq!(answers[n], format!(r#"43/log,{n}[{{"cursor":"{cursor}","id":"message-{n}"}}]"#));
        assert!(events[n].ends_with(&format!(r#"{{"n":{n}}}}},"{cursor}"]"#)), "{}", events[n]);
    }
}

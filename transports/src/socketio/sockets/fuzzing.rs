//! A connection in all its packets.

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{
    Application, ConnectError, Emitter, Event, Joined, NamespaceSettings, Namespaces, Packet, PacketKind,
    SocketAction, SocketHandler,
};
use crate::socketio::{
    engine::{self, Carrier, EngineApplication as _, Message, Out, payload},
    log_bridge::fuzzing as log_bridge,
};

/// The most bytes of the attachments of one packet.
const ATTACHED: usize = 1000;
/// The most attachments of a packet, as in the official clients.
const ATTACHMENTS: usize = 10;

/// Checks the body of a POST. Every event that is decoded is sent to another connection of the same kind, which must
/// decode the same.
pub fn socket_io(bytes: &[u8]) {
    let Ok(body) = str::from_utf8(bytes) else { return };
    let (mut ours, mut theirs) = (Side::new(), Side::new());
    for packet in payload::read(body) {
        let Ok(engine::EnginePacket::Message(message)) = packet else { return };
        let leaves = match &message {
            Message::Text(text) => reads_back(text),
            Message::Binary(_) => false,
        };
        if ours.receive(message.clone()).is_err() {
            break;
        }
        ours.send()
            .into_iter()
            .for_each(|message| theirs.receive(message).expect("what we say is understood"));
        if leaves {
            theirs.receive(message).expect("it was in that namespace, too");
        }
    }
    assert_eq!(*ours.heard.lock(), *theirs.heard.lock());
}

/// Reports that a packet leaves its namespace, and checks that it reads back as itself.
fn reads_back(text: &str) -> bool {
    let Ok(packet) = Packet::read(text) else { return false };
    let again = packet.to_text();
    assert_eq!(Packet::read(&again).as_ref(), Ok(&packet));
    packet.kind == PacketKind::Disconnect
}

/// An event or an acknowledgement as a socket gets it: its namespace, its id, its name, its arguments, its
/// attachments.
type RecordedEvent = (String, Option<u64>, String, Vec<String>, Vec<Bytes>);

/// One end of the connection, and the events that it got.
struct Side {
    namespaces: Namespaces<Mirrors>,
    heard: Arc<Mutex<Vec<RecordedEvent>>>,
    now: Instant,
}

impl Side {
    fn new() -> Self {
        let (heard, now) = (Arc::default(), Instant::now());
        let settings = NamespaceSettings {
            connect_timeout: Duration::MAX / 4,
            namespaces: usize::MAX,
            attachment_bytes: ATTACHED,
        };
        let namespaces = Namespaces::new(Mirrors(Arc::clone(&heard)), settings, now);
        Self { namespaces, heard, now }
    }

    fn receive(&mut self, message: Message) -> Result<(), engine::DisconnectReason> {
        self.namespaces.on_message(message, self.now)
    }

    /// All that is said in answer, as messages.
    fn send(&mut self) -> Vec<Message> {
        let mut out = Out::new(Carrier::Polling);
        if self.namespaces.poll_more(&mut Context::from_waker(Waker::noop()), self.now, &mut out).is_pending()
        {
            return Vec::new();
        }
        let body = payload::join(&out.into_pieces());
        let said = payload::read(str::from_utf8(&body).expect("text")).map(|packet| match packet {
            Ok(engine::EnginePacket::Message(message)) => message,
            other => panic!("{other:?} is said"),
        });
        said.collect()
    }
}

/// Grants every namespace.
struct Mirrors(Arc<Mutex<Vec<RecordedEvent>>>);

impl Application for Mirrors {
    fn join(&mut self, namespace: &str, auth: Option<&str>, _: Instant) -> Result<Joined, ConnectError> {
        log_bridge::auth(namespace, auth);
        let socket = Mirror { namespace: namespace.to_owned(), heard: Arc::clone(&self.0) };
        Ok(Joined { sid: "sid".into(), pid: None, socket: Box::new(socket) })
    }
}

/// Sends back the events that it gets.
struct Mirror {
    namespace: String,
    heard: Arc<Mutex<Vec<RecordedEvent>>>,
}

impl Mirror {
    fn note(&self, id: Option<u64>, event: &Event) {
        let Event { name, args, attachments } = event;
        assert!(
            attachments.len() <= ATTACHMENTS && attachments.iter().map(Bytes::len).sum::<usize>() <= ATTACHED
        );
        let args = args.iter().map(|arg| arg.get().to_owned()).collect();
        self.heard.lock().push((self.namespace.clone(), id, name.clone(), args, attachments.clone()));
    }
}

impl SocketHandler for Mirror {
    fn on_event(&mut self, event: Event, id: Option<u64>, _: Instant, emitter: &mut Emitter<'_>) {
        self.note(id, &event);
        emitter.emit(&event, id);
        log_bridge::request(&self.namespace, event);
    }

    fn on_ack(&mut self, id: u64, answer: Event, emitter: &mut Emitter<'_>) {
        self.note(Some(id), &answer);
        emitter.answer(id, &answer.args, &answer.attachments);
    }

    fn poll_more(&mut self, _: &mut Context<'_>, _: Instant, _: &mut Out) -> Poll<SocketAction> {
        Poll::Pending
    }
}

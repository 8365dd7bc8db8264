//! A connection in all its packets.

use std::{
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::time::Instant;

use super::{Application, Event, Joined, Kind, Namespaces, Packet, Refused, Said, Settings, Socket, Voice};
use crate::socketio::{
    engine::{self, Application as _, Carrier, Message, Out, payload},
    feeds::fuzzing as feeds,
};

/// What the attachments of one packet may have together, bytes.
const ATTACHED: usize = 1000;
/// As many as the official clients take.
const ATTACHMENTS: usize = 10;

/// A body as long-polling brings it. Whatever is heard is said to another connection of the same kind, which hears the same.
pub fn socket_io(bytes: &[u8]) {
    let Ok(body) = str::from_utf8(bytes) else { return };
    let (mut ours, mut theirs) = (Side::new(), Side::new());
    for packet in payload::read(body) {
        let Ok(engine::Packet::Message(message)) = packet else { return };
        let leaves = match &message {
            Message::Text(text) => reads_back(text),
            Message::Binary(_) => false,
        };
        if ours.hear(message.clone()).is_err() {
            break;
        }
        ours.say().into_iter().for_each(|message| theirs.hear(message).expect("what we say is understood"));
        if leaves {
            theirs.hear(message).expect("it was in that namespace, too");
        }
    }
    assert_eq!(*ours.heard.lock(), *theirs.heard.lock());
}

/// Whether a packet leaves its namespace. It reads as itself when it is written again.
fn reads_back(text: &str) -> bool {
    let Ok(packet) = Packet::read(text) else { return false };
    let again = packet.to_text();
    assert_eq!(Packet::read(&again).as_ref(), Ok(&packet));
    packet.kind == Kind::Disconnect
}

/// An event or an answer as a socket hears it: its namespace, its number, what happened, its arguments, its attachments.
type Heard = (String, Option<u64>, String, Vec<String>, Vec<Bytes>);

/// One end, and what was heard there.
struct Side {
    namespaces: Namespaces<Mirrors>,
    heard: Arc<Mutex<Vec<Heard>>>,
    now: Instant,
}

impl Side {
    fn new() -> Self {
        let (heard, now) = (Arc::default(), Instant::now());
        let settings = Settings {
            connect_timeout: Duration::MAX / 4,
            namespaces: usize::MAX,
            attachment_bytes: ATTACHED,
        };
        let namespaces = Namespaces::new(Mirrors(Arc::clone(&heard)), settings, now);
        Self { namespaces, heard, now }
    }

    fn hear(&mut self, message: Message) -> Result<(), engine::End> {
        self.namespaces.hear(message, self.now)
    }

    /// All that is said in answer, as messages.
    fn say(&mut self) -> Vec<Message> {
        let mut out = Out::new(Carrier::Polling);
        if self.namespaces.poll_more(&mut Context::from_waker(Waker::noop()), self.now, &mut out).is_pending()
        {
            return Vec::new();
        }
        let body = payload::join(&out.into_pieces());
        let said = payload::read(str::from_utf8(&body).expect("text")).map(|packet| match packet {
            Ok(engine::Packet::Message(message)) => message,
            other => panic!("{other:?} is said"),
        });
        said.collect()
    }
}

/// Grants every namespace.
struct Mirrors(Arc<Mutex<Vec<Heard>>>);

impl Application for Mirrors {
    fn join(&mut self, namespace: &str, auth: Option<&str>, _: Instant) -> Result<Joined, Refused> {
        feeds::auth(namespace, auth);
        let socket = Mirror { namespace: namespace.to_owned(), heard: Arc::clone(&self.0) };
        Ok(Joined { sid: "sid".into(), pid: None, socket: Box::new(socket) })
    }
}

/// Says what it hears.
struct Mirror {
    namespace: String,
    heard: Arc<Mutex<Vec<Heard>>>,
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

impl Socket for Mirror {
    fn hear(&mut self, event: Event, id: Option<u64>, _: Instant, voice: &mut Voice<'_>) {
        self.note(id, &event);
        voice.emit(&event, id);
        feeds::request(&self.namespace, event);
    }

    fn answered(&mut self, id: u64, answer: Event, voice: &mut Voice<'_>) {
        self.note(Some(id), &answer);
        voice.answer(id, &answer.args, &answer.attachments);
    }

    fn poll_more(&mut self, _: &mut Context<'_>, _: Instant, _: &mut Out) -> Poll<Said> {
        Poll::Pending
    }
}

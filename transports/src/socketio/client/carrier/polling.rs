//! Questions that wait for packets, and packets that are posted one after the other: two at a time break the rules.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use web_sys::AbortSignal;

use super::{ClientCarrier, address};
use crate::{
    browser::{
        ClientConnection, ClientEvent,
        fetch::{self, AbortOnDrop},
        reading::{self, Reader, RequestFailed},
        spawn,
    },
    socketio::client::WeakEngineClient,
};

/// The separator between the packets of a body.
const BETWEEN: char = '\x1e';

pub(in crate::socketio::client) struct PollingCarrier {
    posts: Rc<Posts>,
    _abort: AbortOnDrop,
    _reading: Box<dyn ClientConnection>,
}

/// Packets on their way up.
struct Posts {
    weak: WeakEngineClient,
    signal: AbortSignal,
    /// The address, with the connection's id once the server has given it one.
    address: RefCell<String>,
    waiting: RefCell<VecDeque<String>>,
    busy: Cell<bool>,
}

impl PollingCarrier {
    /// Begins to ask; `None` where the browser cannot even try.
    pub(in crate::socketio::client) fn open(weak: WeakEngineClient) -> Option<Rc<dyn ClientCarrier>> {
        let abort = AbortOnDrop::new()?;
        let posts = Rc::new(Posts {
            weak: weak.clone(),
            signal: abort.signal(),
            address: RefCell::new(address("polling")),
            waiting: RefCell::default(),
            busy: Cell::default(),
        });
        let sink = Rc::new(move |heard| {
            if let Some(client) = weak.upgrade() {
                client.report(heard);
            }
        });
        let asked = posts.clone();
        let reading = reading::open(sink, |reader| ask(asked, reader))?;
        Some(Rc::new(Self { posts, _abort: abort, _reading: reading }))
    }
}

impl ClientCarrier for PollingCarrier {
    fn put(&self, packet: &str) -> bool {
        self.posts.waiting.borrow_mut().push_back(packet.to_owned());
        if !self.posts.busy.replace(true) {
            spawn(post_packets(self.posts.clone()));
        }
        true
    }
}

async fn ask(posts: Rc<Posts>, reader: Reader) -> Result<(), RequestFailed> {
    loop {
        let address = posts.address.borrow().clone();
        let answer = fetch::get(&address, Some(&reader.signal)).await?;
        if !answer.ok() {
            return Err(RequestFailed);
        }
        for packet in fetch::text(&answer).await?.split(BETWEEN) {
            if let Some(open) = packet.strip_prefix('0') {
                *posts.address.borrow_mut() += &format!("&sid={}", sid(open).ok_or(RequestFailed)?);
            }
            posts.weak.upgrade().ok_or(RequestFailed)?.on_packet(packet);
        }
    }
}

/// The connection's name out of the server's first packet: letters that JSON and addresses write as they are.
fn sid(open: &str) -> Option<&str> {
    let (_, from) = open.split_once(r#""sid":""#)?;
    from.split_once('"').map(|(sid, _)| sid)
}

async fn post_packets(posts: Rc<Posts>) {
    loop {
        let next = posts.waiting.borrow_mut().pop_front();
        let Some(packet) = next else { break };
        let address = posts.address.borrow().clone();
        let answer = fetch::post(&address, "text/plain;charset=UTF-8", &packet, &posts.signal).await;
        if !answer.is_ok_and(|answer| answer.ok()) {
            if let Some(client) = posts.weak.upgrade() {
                client.report(ClientEvent::Closed(None));
            }
            break;
        }
    }
    posts.busy.set(false);
}

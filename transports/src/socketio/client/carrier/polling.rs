//! Questions that wait for packets, and packets that are posted one after the other: two at a time break the rules.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use web_sys::AbortSignal;

use super::{Carrier, address};
use crate::{
    browser::{
        Heard, Line,
        fetch::{self, Leash},
        reading::{self, Broken, Reader},
        spawn,
    },
    socketio::client::Party,
};

/// What stands between the packets of a body.
const BETWEEN: char = '\x1e';

pub(in crate::socketio::client) struct Polling {
    posts: Rc<Posts>,
    _leash: Leash,
    _reading: Box<dyn Line>,
}

/// Packets on their way up.
struct Posts {
    party: Party,
    signal: AbortSignal,
    /// With the connection's name, once the server has given it one.
    address: RefCell<String>,
    waiting: RefCell<VecDeque<String>>,
    busy: Cell<bool>,
}

impl Polling {
    /// Begins to ask; `None` where the browser cannot even try.
    pub(in crate::socketio::client) fn open(party: Party) -> Option<Rc<dyn Carrier>> {
        let leash = Leash::new()?;
        let posts = Rc::new(Posts {
            party: party.clone(),
            signal: leash.signal(),
            address: RefCell::new(address("polling")),
            waiting: RefCell::default(),
            busy: Cell::default(),
        });
        let ear = Rc::new(move |heard| {
            if let Some(talk) = party.upgrade() {
                talk.tell(heard);
            }
        });
        let asked = posts.clone();
        let reading = reading::open(ear, |reader| ask(asked, reader))?;
        Some(Rc::new(Self { posts, _leash: leash, _reading: reading }))
    }
}

impl Carrier for Polling {
    fn put(&self, packet: &str) -> bool {
        self.posts.waiting.borrow_mut().push_back(packet.to_owned());
        if !self.posts.busy.replace(true) {
            spawn(bring(self.posts.clone()));
        }
        true
    }
}

async fn ask(posts: Rc<Posts>, reader: Reader) -> Result<(), Broken> {
    loop {
        let address = posts.address.borrow().clone();
        let answer = fetch::get(&address, Some(&reader.signal)).await?;
        if !answer.ok() {
            return Err(Broken);
        }
        for packet in fetch::text(&answer).await?.split(BETWEEN) {
            if let Some(open) = packet.strip_prefix('0') {
                *posts.address.borrow_mut() += &format!("&sid={}", sid(open).ok_or(Broken)?);
            }
            posts.party.upgrade().ok_or(Broken)?.hear(packet);
        }
    }
}

/// The connection's name out of the server's first packet: letters that JSON and addresses write as they are.
fn sid(open: &str) -> Option<&str> {
    let (_, from) = open.split_once(r#""sid":""#)?;
    from.split_once('"').map(|(sid, _)| sid)
}

async fn bring(posts: Rc<Posts>) {
    loop {
        let next = posts.waiting.borrow_mut().pop_front();
        let Some(packet) = next else { break };
        let address = posts.address.borrow().clone();
        let answer = fetch::post(&address, "text/plain;charset=UTF-8", &packet, &posts.signal).await;
        if !answer.is_ok_and(|answer| answer.ok()) {
            if let Some(talk) = posts.party.upgrade() {
                talk.tell(Heard::Closed(None));
            }
            break;
        }
    }
    posts.busy.set(false);
}

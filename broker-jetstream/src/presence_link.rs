//! Presence between nodes: each says what changes among its members at once, and all of its members every few seconds.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use broker::NodeId;
use bytes::Bytes;
use common::Topic;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::{
    message::FORMAT,
    presence::{Members, PresenceTable, TablePart},
    shared::Shared,
};

/// The pace at which a node says all of its members.
const INTERVAL: Duration = Duration::from_secs(4);
/// A node that was silent for this long is gone.
const SILENCE: Duration = Duration::from_secs(13);
/// The least time between two messages of changes.
const BETWEEN_CHANGES: Duration = Duration::from_millis(100);
/// The least time between two times that a node says all of its members because others ask.
const BETWEEN_ANSWERS: Duration = Duration::from_millis(250);
/// The pace at which members and nodes are looked through.
const EXPIRY: Duration = Duration::from_millis(500);
/// Members in one message.
const MEMBERS_A_MESSAGE: usize = 100;

/// A message about presence.
#[derive(Debug, Serialize, Deserialize)]
struct PresenceMessage {
    format: u32,
    node: String,
    #[serde(flatten)]
    says: PresenceWord,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PresenceWord {
    /// A node begins, and asks all others for their members.
    Hello,
    /// A node ends.
    Bye,
    /// These members changed; those without a payload are gone.
    Changes(Vec<WireMember>),
    /// A part of all members.
    All { number: u64, last: bool, members: Vec<WireMember> },
}

#[derive(Debug, Serialize, Deserialize)]
struct WireMember {
    topic: Topic,
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<String>,
}

impl WireMember {
    fn new((topic, id): (Topic, String), data: Option<&Bytes>) -> Self {
        Self { topic, id, data: data.map(|data| BASE64_STANDARD.encode(data)) }
    }

    fn read(self) -> Option<((Topic, String), Option<Bytes>)> {
        let data = self.data.map(|data| BASE64_STANDARD.decode(data)).transpose().ok()?;
        Some(((self.topic, self.id), data.map(Bytes::from)))
    }
}

/// Keeps the table and other nodes' tables equal until the broker is closed; then it says so.
pub(crate) async fn keep(shared: Arc<Shared>) {
    let link = PresenceLink { subject: format!("{}.presence", shared.names.prefix), shared: &shared };
    tokio::select! {
        () = shared.closing() => {}
        () = link.run() => {}
    }
    link.say(PresenceWord::Bye).await;
    // The message has to leave before the connection does.
    let _ = shared.connection.client.flush().await;
}

struct PresenceLink<'a> {
    subject: String,
    shared: &'a Shared,
}

impl PresenceLink<'_> {
    async fn run(&self) {
        let table = &self.shared.presence;
        let mut inbound = match self.shared.connection.client.subscribe(self.subject.clone()).await {
            Ok(inbound) => inbound,
            Err(error) => return tracing::warn!(%error, "presence of other nodes is not heard"),
        };
        let mut made = self.shared.connection.made.clone();
        self.say(PresenceWord::Hello).await;
        let mut whole = interval(INTERVAL);
        let mut expiry = interval(EXPIRY);
        whole.set_missed_tick_behavior(MissedTickBehavior::Delay);
        expiry.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next_changes = Instant::now();
        let mut has_changes = false;
        let mut next_answer = Instant::now();
        let mut is_asked = false;
        loop {
            tokio::select! {
                message = inbound.next() => match message {
                    Some(message) => is_asked |= self.take(&message.payload),
                    None => return,
                },
                _ = whole.tick() => self.say_all().await,
                _ = expiry.tick() => table.expire(SILENCE),
                _ = made.changed() => {
                    self.say(PresenceWord::Hello).await;
                    self.say_all().await;
                }
                () = sleep_until(next_answer), if is_asked => {
                    is_asked = false;
                    self.say_all().await;
                    next_answer = Instant::now() + BETWEEN_ANSWERS;
                }
                () = table.changed.notified() => has_changes = true,
                () = sleep_until(next_changes), if has_changes => {
                    has_changes = false;
                    self.say_changes().await;
                    next_changes = Instant::now() + BETWEEN_CHANGES;
                }
            }
            self.tell_subscriber(table);
        }
    }

    fn tell_subscriber(&self, table: &PresenceTable) {
        if let Some(subscriber) = self.shared.subscriber.get() {
            table.take_changed().iter().for_each(|topic| subscriber.presence_changed(topic));
        }
    }

    /// Takes in what another node says; returns true if it asks for all members.
    fn take(&self, payload: &[u8]) -> bool {
        let Ok(message) = serde_json::from_slice::<PresenceMessage>(payload) else { return false };
        if message.node == self.shared.node || message.format > FORMAT {
            return false;
        }
        let (node, table) = (NodeId::new(&message.node), &self.shared.presence);
        match message.says {
            PresenceWord::Hello => return true,
            PresenceWord::Bye => table.ended(&node),
            PresenceWord::Changes(members) => {
                table.change(&node, members.into_iter().filter_map(WireMember::read).collect());
            }
            PresenceWord::All { number, last, members } => {
                let members = members
                    .into_iter()
                    .filter_map(WireMember::read)
                    .filter_map(|(member, data)| Some((member, data?)))
                    .collect();
                table.replace(&node, TablePart { number, last, members });
            }
        }
        false
    }

    async fn say_changes(&self) {
        let unsaid = self.shared.presence.take_unsaid();
        for part in unsaid.chunks(MEMBERS_A_MESSAGE) {
            let members =
                part.iter().map(|(member, data)| WireMember::new(member.clone(), data.as_ref())).collect();
            self.say(PresenceWord::Changes(members)).await;
        }
    }

    async fn say_all(&self) {
        let own: Members = self.shared.presence.own();
        let mut members = own.into_iter().peekable();
        let mut number = 0;
        loop {
            let part: Vec<_> = members
                .by_ref()
                .take(MEMBERS_A_MESSAGE)
                .map(|(member, data)| WireMember::new(member, Some(&data)))
                .collect();
            let last = members.peek().is_none();
            self.say(PresenceWord::All { number, last, members: part }).await;
            if last {
                return;
            }
            number += 1;
        }
    }

    async fn say(&self, says: PresenceWord) {
        // A message that waits for a connection would be late when it comes.
        if !self.shared.connection.is_up() {
            return;
        }
        let message = PresenceMessage { format: FORMAT, node: self.shared.node.clone(), says };
        match serde_json::to_vec(&message) {
            Ok(text) => {
                if let Err(error) =
                    self.shared.connection.client.publish(self.subject.clone(), text.into()).await
                {
                    tracing::debug!(%error, "presence was not said");
                }
            }
            Err(error) => tracing::warn!(%error, "presence was not said"),
        }
    }
}

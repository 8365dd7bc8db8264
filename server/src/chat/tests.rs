//! Presence over time, with a clock that the tests turn.

use std::{any::Any, net::IpAddr, sync::Arc, time::Duration};

use common::{
    ClientMessage, Epoch, Topic,
    chat::{Presence, RoomInfo},
    frame::ErrorCode,
    limit::LimitName,
    message::{Receipt, Rejection},
};
use fanout::{Batch, Delivery, Hub, Settings, SubscribeOptions, Subscription, SystemClock};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::Instant;
use transports::inbound::{InboundHandler, MessageCarrier, MessageSource};

use super::{Chat, feature::topic_policies, limits::ROOMS, presence::Announcements};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

pub(super) fn chat() -> (Chat, Hub) {
    chat_with(0)
}

fn chat_with(per_address: usize) -> (Chat, Hub) {
    let hub = Hub::new(Settings {
        clock: Arc::new(SystemClock),
        epoch: Epoch(1),
        policies: topic_policies(),
        publication_bytes: 65_536,
        topics_per_subscription: 8,
        topics: 1000,
        bytes: 1 << 30,
    });
    let chat = Chat::new(hub.clone(), per_address);
    tokio::spawn(chat.clone().keep());
    (chat, hub)
}

/// Announces by a request of its own, from an address with a live connection.
async fn announce(chat: &Chat, topic: &str, data: Value) -> Result<Receipt, Rejection> {
    announce_from(chat, topic, data, request(HERE, 1)).await
}

fn request(address: IpAddr, connections: usize) -> MessageSource {
    MessageSource {
        address,
        principal: Arc::new(access::Principal::open_house()),
        carrier: MessageCarrier::Request { connections },
    }
}

fn on_connection(id: u64) -> (MessageSource, Arc<dyn Any + Send + Sync>) {
    let connection: Arc<dyn Any + Send + Sync> = Arc::new(());
    let open = Arc::downgrade(&connection);
    (
        MessageSource {
            address: HERE,
            principal: Arc::new(access::Principal::open_house()),
            carrier: MessageCarrier::Connection { id, open },
        },
        connection,
    )
}

async fn announce_from(
    chat: &Chat,
    topic: &str,
    data: Value,
    from: MessageSource,
) -> Result<Receipt, Rejection> {
    let id = "announcement".parse().expect("an id");
    let topic = topic.parse().expect("a topic");
    Announcements(chat.clone()).handle(ClientMessage { id, topic, data }, from).await
}

fn kim(typing: bool) -> Value {
    json!({ "client": "client-of-kim", "name": "Kim", "typing": typing })
}

/// A subscription to one topic, with the time of each event.
struct TopicLog(Subscription);

impl TopicLog {
    fn on(hub: &Hub, topic: &str) -> Self {
        let topics: Vec<Topic> = vec![topic.parse().expect("a topic")];
        Self(hub.subscribe(&SubscribeOptions { topics, ..SubscribeOptions::default() }).expect("a session"))
    }

    /// The next that it tells; with a clock that stands, waiting turns it.
    async fn next<T: DeserializeOwned>(&mut self) -> T {
        loop {
            let mut out = Vec::new();
            self.0.take(Batch { entries: 1, bytes: 1 }, &mut out);
            if let [Delivery::Event(event)] = &out[..] {
                return serde_json::from_slice(&event.data).expect("its words");
            }
            self.0.wake().await;
        }
    }

    async fn names(&mut self) -> Vec<String> {
        let Presence { count, people } = self.next().await;
        assert_eq!(count, people.len());
        people
            .iter()
            .map(|person| format!("{}{}", person.name, if person.typing { "…" } else { "" }))
            .collect()
    }
}

#[tokio::test(start_paused = true)]
async fn people_come_type_stop_and_lapse() {
    let (chat, hub) = chat();
    let mut presence = TopicLog::on(&hub, "presence/lobby");
    assert_eq!(presence.names().await, [""; 0], "a server that starts says that nobody is there");
    let start = Instant::now();
    announce(&chat, "presence/lobby", kim(true)).await.expect("taken");
    assert_eq!(presence.names().await, ["Kim…"]);
    assert_eq!(presence.names().await, ["Kim"]);
    assert_eq!(start.elapsed().as_secs(), 6);
    assert_eq!(presence.names().await, [""; 0]);
    assert_eq!(start.elapsed().as_secs(), 45);
}

#[tokio::test(start_paused = true)]
async fn changes_are_told_at_most_four_times_a_second_and_nothing_else_is() {
    let (chat, hub) = chat();
    let mut presence = TopicLog::on(&hub, "presence/lobby");
    presence.names().await;
    let before = hub.metrics().publications;
    for step in 0..1000 {
        announce(&chat, "presence/lobby", kim(step % 2 == 0)).await.expect("taken");
        tokio::time::advance(Duration::from_millis(2)).await;
        tokio::task::yield_now().await;
    }
    let told = hub.metrics().publications - before;
    assert!((2..=10).contains(&told), "{told} in two seconds");
    // One that says the same again is no news.
    announce(&chat, "presence/lobby", kim(false)).await.expect("taken");
    tokio::time::advance(Duration::from_secs(1)).await;
    tokio::task::yield_now().await;
    let quiet = hub.metrics().publications;
    announce(&chat, "presence/lobby", kim(false)).await.expect("taken");
    tokio::time::advance(Duration::from_secs(1)).await;
    tokio::task::yield_now().await;
    assert_eq!(hub.metrics().publications, quiet);
}

#[tokio::test(start_paused = true)]
async fn a_room_is_there_while_someone_is_and_no_more_than_there_may_be() {
    let (chat, hub) = chat();
    let mut list = TopicLog::on(&hub, "rooms");
    assert_eq!(list.next::<Vec<RoomInfo>>().await.len(), 1, "the lobby is always there");
    for room in 1..ROOMS {
        announce(&chat, &format!("presence/room-{room}"), kim(false)).await.expect("taken");
    }
    let refused = announce(&chat, "presence/one-more", kim(false)).await.expect_err("too many");
    assert_eq!((refused.error.code, refused.retry_ms), (ErrorCode::LimitReached, None));
    let mut rooms: Vec<RoomInfo> = list.next().await;
    assert_eq!(rooms.len(), ROOMS);
    let leave = json!({ "client": "client-of-kim", "name": "Kim", "leaving": true });
    announce(&chat, "presence/room-7", leave.clone()).await.expect("taken");
    announce(&chat, "presence/never-was", leave).await.expect("taken");
    while rooms.iter().any(|info| info.room.as_str() == "room-7") {
        rooms = list.next().await;
    }
    announce(&chat, "presence/one-more", kim(false)).await.expect("room again");
    while rooms.len() > 1 {
        rooms = list.next().await;
    }
    assert_eq!(rooms[0].people, 0, "all have lapsed, and only the lobby is left");
}

fn person(n: usize) -> Value {
    json!({ "client": format!("client-number-{n}"), "name": "Kim" })
}

#[tokio::test(start_paused = true)]
async fn one_connection_is_one_person_whoever_it_says_it_is() {
    let (chat, hub) = chat();
    let mut presence = TopicLog::on(&hub, "presence/lobby");
    assert_eq!(presence.names().await, [""; 0]);
    let (line, _open) = on_connection(1);
    for n in 0..1000 {
        let room = ["presence/lobby", "presence/elsewhere"][n % 2];
        announce_from(&chat, room, person(n), line.clone()).await.expect("taken");
    }
    // The last of them stands in the other room, and the lobby is empty again.
    let people = |room: &str| chat.0.rooms.lock().people(&room.parse().expect("a room"));
    assert_eq!((people("lobby"), people("elsewhere")), (0, 1));
    // One person may be in two rooms, and another connection is someone else.
    announce_from(&chat, "presence/lobby", person(999), line.clone()).await.expect("taken");
    let (other, _open) = on_connection(2);
    announce_from(&chat, "presence/lobby", person(5), other).await.expect("taken");
    assert_eq!((people("lobby"), people("elsewhere")), (2, 1));
    tokio::time::sleep(Duration::from_secs(46)).await;
    assert_eq!(people("lobby"), 0, "who cannot say so any more has left");
}

#[tokio::test(start_paused = true)]
async fn by_requests_an_address_is_as_many_people_as_it_has_live_connections() {
    let (chat, _hub) = chat();
    for n in 0..1000 {
        let told = announce_from(&chat, "presence/lobby", person(n), request(HERE, 3)).await;
        assert_eq!(told.is_ok(), n < 3, "{n}");
    }
    let refused = announce_from(&chat, "presence/elsewhere", person(4), request(HERE, 3)).await;
    let refused = refused.expect_err("too many").error;
    let limit = refused.limit.map(|limit| (limit.name, limit.max));
    assert_eq!((refused.code, limit), (ErrorCode::LimitReached, Some((LimitName::PeoplePerAddress, 3))));
    announce_from(&chat, "presence/elsewhere", person(0), request(HERE, 3)).await.expect("it is there");
    // A person whom a connection holds counts among them, and may post, too: another tab of theirs does.
    let (line, _open) = on_connection(1);
    announce_from(&chat, "presence/lobby", person(7), line).await.expect("taken");
    announce_from(&chat, "presence/lobby", person(7), request(HERE, 3)).await.expect("it is there");
    // An address without a live connection is nobody. Others are not shut out, and a network of IPv6 counts as one.
    let network = |n: u16| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, n]);
    announce_from(&chat, "presence/lobby", person(9), request(network(0), 0)).await.expect_err("nobody");
    for n in 0..4 {
        let from = request(network(n), 3);
        let told = announce_from(&chat, "presence/lobby", person(10 + usize::from(n)), from).await;
        assert_eq!(told.is_ok(), n < 3, "{n}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_address_makes_so_many_rooms() {
    let (chat, _hub) = chat_with(3);
    for n in 0..4 {
        let told = announce(&chat, &format!("presence/room-{n}"), person(20)).await;
        let limit = told.err().and_then(|refused| refused.error.limit).map(|limit| limit.name);
        assert_eq!(limit, (n == 3).then_some(LimitName::RoomsPerAddress), "{n}");
    }
    let another = request(IpAddr::from([192, 0, 2, 10]), 1);
    announce_from(&chat, "presence/room-3", person(30), another).await.expect("another may");
}

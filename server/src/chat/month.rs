//! Two months of chatting on a clock that the test turns: nothing grows beyond its bound.

use std::{net::IpAddr, time::Duration};

use common::{ClientMessage, MessageId};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::time::sleep;
use transports::inbound::{InboundHandler, MessageCarrier, MessageSource};

use super::{Chat, limits::ROOMS, post::Posts, presence::Announcements, tests::chat};

const STEP: Duration = Duration::from_secs(600);
const STEPS_A_DAY: u32 = 24 * 6;
const DAYS: u32 = 60;
/// The log keeps this many messages of a room.
const KEPT: usize = 10_000;

/// Each step has addresses of its own.
fn source(step: u32, nth: u32, carrier: MessageCarrier) -> MessageSource {
    MessageSource {
        address: IpAddr::from((step * 8 + nth + (1 << 24)).to_be_bytes()),
        principal: Arc::new(access::Principal::open_house()),
        carrier,
    }
}

fn message(id: String, topic: &str, data: Value) -> ClientMessage {
    ClientMessage {
        id: id.parse::<MessageId>().expect("an id"),
        topic: topic.parse().expect("a topic"),
        data,
    }
}

/// Someone says something, twice, since the first answer was lost.
async fn say(chat: &Chat, room: &str, step: u32, nth: u32) {
    let data = json!({ "name": "Kim", "text": "hi", "client": format!("client-{step}-{nth}") });
    let said = message(format!("message-{step}-{nth}"), &format!("chat/{room}"), data);
    let from = source(step, nth, MessageCarrier::Request { connections: 1 });
    let first = Posts(chat.clone()).handle(said.clone(), from.clone()).await.expect("taken");
    assert_eq!(Posts(chat.clone()).handle(said, from).await, Ok(first));
}

/// People come: on a connection, and by a request. Nobody says that they leave.
async fn come(chat: &Chat, room: &str, step: u32) {
    let connection = Arc::new(());
    let open = Arc::downgrade(&connection);
    let carriers = [
        MessageCarrier::Request { connections: 1 },
        MessageCarrier::Connection { id: u64::from(step) * 2, open: open.clone() },
        MessageCarrier::Connection { id: u64::from(step) * 2 + 1, open },
    ];
    for (nth, carrier) in (0..).zip(carriers) {
        let data = json!({ "client": format!("client-{step}-{nth}"), "name": "Kim", "typing": true });
        let here = message("announcement".to_owned(), &format!("presence/{room}"), data);
        Announcements(chat.clone()).handle(here, source(step, nth, carrier)).await.expect("taken");
    }
}

#[tokio::test(start_paused = true)]
async fn in_two_months_rooms_people_and_the_names_of_messages_stay_within_their_bounds() {
    let (chat, hub) = chat();
    let presence = || hub.non_empty_topics(&"presence/*".parse().expect("a pattern"));
    let mut most_rooms = 0;
    for day in 0..DAYS {
        let room = format!("room-of-day-{day}");
        for step in day * STEPS_A_DAY..(day + 1) * STEPS_A_DAY {
            for nth in 0..2 {
                say(&chat, "lobby", step, nth).await;
            }
            if step % 36 == 0 {
                say(&chat, &room, step, 3).await;
            }
            // Every other time it is a room in which nobody ever says anything.
            let quiet = format!("quiet-{step}");
            let there = if step % 2 == 0 { "lobby" } else { &quiet };
            come(&chat, there, step).await;
            sleep(STEP).await;
            hub.sweep();
            assert!(
                presence().iter().any(|topic| topic.as_str() == format!("presence/{there}")),
                "{there} was told"
            );
        }
        let mut rooms = chat.0.rooms.lock();
        let (mut count, mut people) = (0, 0);
        for (id, room) in rooms.iter_mut() {
            count += 1;
            people += room.people.len();
            let kept = hub.history(&id.chat_topic(), None, usize::MAX).entries.len();
            assert!(kept <= KEPT, "day {day}: {kept} messages in {id}");
        }
        assert_eq!(people, 0, "day {day}: everyone has lapsed");
        assert!(count <= ROOMS, "day {day}: {count} rooms");
        most_rooms = most_rooms.max(count);
    }
    assert!(most_rooms <= 32, "{most_rooms} rooms: of thirty days, today's and the lobby");
    // The share of presence, what was said in thirty-two rooms, and the list.
    assert!(hub.metrics().topics <= 500 + 1 + 32 + 1, "{} topics", hub.metrics().topics);
}

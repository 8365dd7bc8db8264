//! One person: says all that they have to say, and reads all that is said, whatever becomes of the lines.

use std::{net::SocketAddr, sync::Arc};

use rand::{Rng, rngs::SmallRng};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::wire::{self, LiveStream, TRANSPORTS};

/// The id of the last message there is.
pub const LAST: &str = "the-last-word";

/// A message's place and id.
pub type Acknowledged = (String, String);
pub type Read = Vec<(String, String)>;

/// The state that all clients share.
pub struct People {
    /// The server's address: its second run has another port.
    pub address: watch::Receiver<SocketAddr>,
    /// The number of acknowledged messages.
    pub acknowledged: watch::Sender<usize>,
}

impl People {
    /// Says `count` messages, one after the other: each again, under its id, until it is acknowledged.
    pub async fn say(self: Arc<Self>, person: u64, count: usize, mut chance: SmallRng) -> Vec<Acknowledged> {
        let mut told = Vec::new();
        for n in 0..count {
            let id = format!("person-{person:02}-{n:03}");
            let place = self.say_one(&id, &mut chance).await;
            told.push((place, id));
            self.acknowledged.send_modify(|count| *count += 1);
        }
        told
    }

    pub async fn say_one(&self, id: &str, chance: &mut SmallRng) -> String {
        let mut address = self.address.clone();
        let message = json!({ "id": id, "topic": "chat/lobby", "data": { "name": "Kim", "text": format!("this is {id}") } });
        loop {
            let to = *address.borrow_and_update();
            // One line in five is cut: before all was written, or before the answer was read.
            let cut = chance.random_bool(0.2).then(|| chance.random_range(0.0..1.2));
            let said = match chance.random_range(0..3) {
                0 => wire::post(to, &message, cut).await,
                1 => wire::send(to, &message, cut).await,
                _ => wire::emit(to, &message, cut).await,
            };
            match said {
                Ok(answer) => {
                    assert_eq!(answer["id"], id, "{answer}");
                    return answer["cursor"]
                        .as_str()
                        .unwrap_or_else(|| panic!("a receipt: {answer}"))
                        .to_owned();
                }
                Err(wire::ConnectionLost::Line) => {}
                Err(wire::ConnectionLost::Server) => address.changed().await.expect("the server comes back"),
            }
        }
    }

    /// Reads up to the last word; on another transport after each cut, from the last place that was seen.
    pub async fn read(self: Arc<Self>, person: u64, begin: String, mut chance: SmallRng) -> Read {
        let mut address = self.address.clone();
        let (mut read, mut since) = (Read::new(), begin);
        let mut transport = person as usize;
        loop {
            let to = *address.borrow_and_update();
            let query = format!("topics=chat/lobby&since={since}");
            let mut line = match LiveStream::open(TRANSPORTS[transport % TRANSPORTS.len()], to, &query).await
            {
                Ok(line) => line,
                Err(wire::ConnectionLost::Line) => continue,
                Err(wire::ConnectionLost::Server) => {
                    address.changed().await.expect("the server comes back");
                    continue;
                }
            };
            // The connection is cut after this many bytes.
            let mut left = chance.random_range(1..400);
            while left > 0 {
                let Some(frame) = line.next().await else { break };
                match frame["type"].as_str() {
                    Some("event") => {
                        let text = |value: &Value| value.as_str().expect("text").to_owned();
                        since = text(&frame["cursor"]);
                        read.push((since.clone(), text(&frame["data"]["id"])));
                        left -= 1;
                        if frame["data"]["id"] == LAST {
                            return read;
                        }
                    }
                    Some("welcome") => assert_eq!(frame["verdict"], "resumed", "nothing is missed"),
                    Some("gap" | "error") => panic!("{frame}"),
                    _ => {}
                }
            }
            transport += chance.random_range(1..TRANSPORTS.len());
        }
    }
}

//! Each transport once through a proxy: opened there, and given three publications, each after the one before has come.

use std::time::Duration;

use common::doctor::ProbeReport;

use super::{document::AsItComes, reader::Reader, support::TestServer};

/// A proxy may take this long for a handshake, before it counts as one that answers nothing.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// A browser's first request of a page is answered long before that.
const LONG: Duration = Duration::from_secs(30);

pub struct Carried<'a> {
    pub server: &'a TestServer,
    pub reader: &'a Reader,
}

impl Carried<'_> {
    /// Tests the proxy with its default settings, as the table describes them.
    pub async fn as_it_comes(&self) -> AsItComes {
        let told = self.reader.get("/api/v1/doctor?probe=0123456789abcdef").await;
        let told: ProbeReport = serde_json::from_str(&told.body).unwrap_or_else(|_| panic!("{}", told.body));
        let websocket = self.reader.socket("/live/ws", false, HANDSHAKE).await.is_some();
        AsItComes { websocket, keeps_host: told.this.host == Some(self.reader.host()) }
    }

    /// All that needs no upgrade, and no `Host` either.
    pub async fn streams_and_polls(&self) {
        for (path, topic) in [("/live/sse", "custom/sse"), ("/live/stream", "custom/stream")] {
            // The host's numbers make the first write long: some proxies treat that differently.
            for (topic, beside) in [(topic.to_owned(), ""), (format!("{topic}-long"), ",host/local/metrics")]
            {
                let mut stream = self.reader.stream(&format!("{path}?topics={topic}{beside}")).await;
                for n in 0..3 {
                    self.publish(&topic, n).await;
                    stream.until(&said(&topic, n)).await;
                }
            }
        }
        self.reader.stream("/sse/cpumemdisk").await.until("\"data\":[").await;
        let topic = "custom/poll";
        let head = self.server.hub.head();
        let path = format!("/live/long-poll?topics={topic}&since={head}");
        let (answer, ()) = tokio::join!(self.reader.get(&path), self.publish(topic, 0));
        assert!(answer.body.contains(&said(topic, 0)), "{}", answer.body);
        let answer = self.reader.get(&format!("/live/poll?topics={topic}&since={head}")).await;
        assert!(answer.body.contains(&said(topic, 0)), "{}", answer.body);
    }

    pub async fn web_socket(&self) {
        let topic = "custom/ws";
        let socket = self.reader.socket(&format!("/live/ws?topics={topic}"), true, LONG).await;
        let mut socket = socket.expect("the upgrade passes");
        for n in 0..3 {
            self.publish(topic, n).await;
            socket.until(&said(topic, n)).await;
        }
    }

    /// Socket.IO both ways: its polling goes up by POST.
    pub async fn socket_io(&self, upgrades: bool) {
        let topic = "custom/io-polling";
        let opened = self.reader.get("/socket.io/?EIO=4&transport=polling").await.body;
        let sid = opened.split("\"sid\":\"").nth(1).and_then(|rest| rest.split('"').next());
        let path = format!("/socket.io/?EIO=4&transport=polling&sid={}", sid.expect("a session"));
        let connect = format!("40{{\"topics\":[\"{topic}\"]}}");
        assert_eq!(self.reader.post(&path, &connect).await.body, "ok");
        self.publish(topic, 0).await;
        let mut heard = String::new();
        while !heard.contains(&said(topic, 0)) {
            let answer = self.reader.get(&path).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            heard += &answer.body;
        }
        if upgrades {
            let topic = "custom/io-socket";
            let path = "/socket.io/?EIO=4&transport=websocket";
            let mut socket = self.reader.socket(path, true, LONG).await.expect("the upgrade passes");
            socket.say(&format!("40{{\"topics\":[\"{topic}\"]}}")).await;
            self.publish(topic, 0).await;
            socket.until(&said(topic, 0)).await;
        }
    }

    /// A message beside the one-way transports; refused where the proxy asks by a name of its own.
    pub async fn send(&self) {
        let message =
            r#"{"id":"through-the-proxy","topic":"chat/lobby","data":{"name":"Kim","text":"hello"}}"#;
        let answer = self.reader.post("/live/send", message).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    /// Publishes as soon as someone follows.
    async fn publish(&self, topic: &str, n: usize) {
        let (topic, text) = (topic.parse().expect("a topic"), said(topic, n));
        let heard = async {
            while self.server.hub.subscribers(&topic) == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(LONG, heard).await;
        assert!(waited.is_ok(), "no one comes through for {topic}");
        self.server.hub.publish(&topic, format!("\"{text}\"").into()).expect("published");
    }
}

fn said(topic: &str, n: usize) -> String {
    format!("number {n} of {topic}")
}

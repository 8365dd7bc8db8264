//! A push service, and browsers that subscribe to it.

use std::{path::Path, time::Duration};

use serde_json::Value;
use tokio::{process::Command, time::timeout};

use crate::{
    browser::{Browser, value_of},
    support::{Answer, programs::Program},
};

/// Whatever takes this long never comes.
const HANGS: Duration = Duration::from_secs(60);

/// A push service that runs. Dropping it ends it.
pub struct PushService {
    program: Program,
    pub origin: String,
    browsers: Value,
}

impl PushService {
    /// Starts one with these browsers, each `BEHAVIOUR/NAME`.
    pub async fn start(browsers: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/notices/push_service.mjs");
        let mut node = Command::new("node");
        node.arg(script).args(browsers);
        let mut program = Program::start(node);
        let told: Value = serde_json::from_str(&program.line().await).expect("JSON");
        let origin = told["origin"].as_str().expect("an origin").to_owned();
        Self { program, origin, browsers: told["browsers"].clone() }
    }

    /// The next message that it gets.
    pub async fn message(&mut self) -> Value {
        let line = timeout(HANGS, self.program.line()).await.expect("a message comes");
        let message: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(message.get("error"), None, "{line}");
        message
    }

    /// The next messages, as browsers and titles, in order of both.
    pub async fn messages(&mut self, count: usize) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for _ in 0..count {
            let message = self.message().await;
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            all.push((text(&message["path"]), text(&message["message"]["title"])));
        }
        all.sort();
        all
    }

    /// The fields of a browser's form.
    pub fn fields(&self, browser: &str) -> [(&'static str, String); 3] {
        let of =
            |name: &'static str| (name, self.browsers[browser][name].as_str().expect("a browser").to_owned());
        [of("endpoint"), of("p256dh"), of("auth")]
    }

    /// Has a person's browser be told of notices.
    pub async fn subscribe(&self, person: &mut Browser, browser: &str) {
        let answer = add(person, &self.fields(browser)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// Sends the form of a browser.
pub async fn add(person: &mut Browser, fields: &[(&'static str, String); 3]) -> Answer {
    person.get("/account").await;
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    person.send("/account/devices/add", &fields).await
}

/// The numbers of a person's devices, the newest first.
pub async fn devices(person: &mut Browser) -> Vec<String> {
    let page = person.get("/account").await.body;
    let forms = page.split("action=\"/account/devices/remove\"").skip(1);
    forms.map(|form| value_of(form, "id").expect("a number")).collect()
}

/// Waits until a person's page of the account says something.
pub async fn until(person: &mut Browser, is_so: impl Fn(&str) -> bool) {
    until_at(person, "/account", is_so).await;
}

/// Waits until the metrics have these lines: a message is counted a moment after its push service was asked.
pub async fn counted(person: &mut Browser, lines: &[&str]) {
    until_at(person, "/metrics", |text| lines.iter().all(|line| text.contains(line))).await;
}

async fn until_at(person: &mut Browser, path: &str, is_so: impl Fn(&str) -> bool) {
    let asking = async {
        while !is_so(&person.get(path).await.body) {
            tokio::task::yield_now().await;
        }
    };
    let waited = timeout(HANGS, asking).await;
    assert!(waited.is_ok(), "it does not come to be so: {}", person.page);
}

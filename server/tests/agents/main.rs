//! Agents: real ones beside real servers, and what hostile ones may try.

#[path = "../support/mod.rs"]
mod support;

mod containers;
mod cuts;
mod hostile;
mod interfaces;
mod live;
mod many;
mod outage;
mod probes;
mod spikes;
mod transports;

use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use support::{Answer, binary, get, request};

/// An agent's process, which ends with the test.
struct Agent(Child);

impl Agent {
    /// Starts one that has enrolled in this folder before.
    fn start(folder: &Path) -> Self {
        Self::run(agent(folder).args(["--fast-ms", "200", "--slow-ms", "500"]))
    }

    /// Starts one that enrols.
    fn enrol(folder: &Path, hub: SocketAddr, code: &str, name: &str) -> Self {
        Self::enrol_at(folder, hub, code, name, "200")
    }

    /// Starts one that enrols, and measures at this pace, milliseconds.
    fn enrol_at(folder: &Path, hub: SocketAddr, code: &str, name: &str, pace: &str) -> Self {
        let hub = format!("http://{hub}");
        let slow = if pace == "200" { "500" } else { "600000" };
        let fast = ["--fast-ms", pace, "--slow-ms", slow];
        Self::run(agent(folder).args(["--hub", &hub, "--enrol", code, "--name", name]).args(fast))
    }

    /// Starts one that enrols, and reports by this transport alone.
    fn enrol_by(folder: &Path, hub: SocketAddr, code: &str, transport: &str) -> Self {
        let hub = format!("http://{hub}");
        let pace = ["--fast-ms", "200", "--slow-ms", "500", "--transport", transport];
        Self::run(agent(folder).args(["--hub", &hub, "--enrol", code, "--name", "web-1"]).args(pace))
    }

    /// Starts one that has enrolled, and reports by this transport alone, by way of another address.
    fn start_by(folder: &Path, hub: SocketAddr, transport: &str) -> Self {
        let hub = format!("http://{hub}");
        let pace = ["--fast-ms", "200", "--slow-ms", "500", "--transport", transport];
        Self::run(agent(folder).args(["--hub", &hub]).args(pace))
    }

    fn run(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::null()).spawn().expect("it starts"))
    }

    /// Ends it without a word, once the server has heard it.
    async fn kill_once_it_is_there(self, to: SocketAddr) {
        until(to, "the agent is there", |agent| agent["online"] == true).await;
        self.kill();
    }

    /// Ends it without a word (`SIGKILL`).
    fn kill(mut self) {
        self.0.kill().expect("it is there");
        self.0.wait().expect("it ends");
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn agent(folder: &Path) -> Command {
    let mut command = binary::pulseboard();
    command.arg("--data-dir").arg(folder).arg("agent");
    command
}

/// Makes a code by which an agent enrols.
fn code(data: &Path) -> String {
    let made =
        binary::pulseboard().arg("--data-dir").arg(data).args(["host", "code"]).output().expect("it runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).expect("text").lines().next().expect("a code").to_owned()
}

/// Posts with a key, where there is one.
async fn post(to: SocketAddr, path: &str, key: Option<&str>, kind: &str, body: &str) -> Answer {
    let key = key.map(|key| format!("authorization: Bearer {key}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {to}\r\n{key}content-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    request(to, &(head + body)).await
}

/// The list of agents.
async fn agents(to: SocketAddr) -> Vec<Value> {
    let answer = get(to, "/api/v1/agents").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("a list")
}

/// Waits until the only agent is as it should be.
async fn until(to: SocketAddr, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let last = std::cell::RefCell::new(Vec::new());
    let waiting = async {
        loop {
            let now = agents(to).await;
            if let [agent] = &*now
                && is_so(agent)
            {
                return agent.clone();
            }
            *last.borrow_mut() = now;
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(std::time::Duration::from_secs(60), waiting).await;
    waited.unwrap_or_else(|_| panic!("it is not seen that {what}: {:?}", last.borrow()))
}

/// The time, milliseconds since 1970.
fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    u64::try_from(now.as_millis()).expect("a time")
}

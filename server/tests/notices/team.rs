//! A server with an admin, an operator and a viewer, and what they ask for.

use std::net::SocketAddr;

use serde_json::Value;
use transport_probes::{Ask, Connection, LONG_WAIT, Probe, Refused};

use crate::{
    browser::Browser,
    support::{Answer, TestServer, request, start_with},
};

pub const PASSWORD: &str = "correct horse battery staple";

/// The topics of each: `all`, the roles that it has, and its own.
pub const OF_ADMIN: [&str; 5] =
    ["notices/all", "notices/role/viewer", "notices/role/operator", "notices/role/admin", "notices/user/1"];
pub const OF_OPERATOR: [&str; 4] =
    ["notices/all", "notices/role/viewer", "notices/role/operator", "notices/user/2"];
pub const OF_VIEWER: [&str; 3] = ["notices/all", "notices/role/viewer", "notices/user/3"];

/// A server with three accounts: `kim`, an admin, is 1, `lee`, an operator, 2 and `min`, a viewer, 3.
pub struct Team {
    pub server: TestServer,
    pub kim: Browser,
    pub lee: Browser,
    pub min: Browser,
}

impl Team {
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    pub async fn start_with(change: impl FnOnce(&mut pulseboard::config::Config)) -> Self {
        let server = start_with(|config| {
            // One address is many readers here.
            config.limits.connections_per_address = 0;
            change(config);
        })
        .await;
        let link = server.set_up.clone().expect("there is no account yet");
        let mut kim = set_up(server.address, &link).await;
        let lee = invited(&mut kim, "lee", "operator").await;
        let min = invited(&mut kim, "min", "viewer").await;
        Self { server, kim, lee, min }
    }
}

/// Makes the first account, `kim`.
pub async fn set_up(to: SocketAddr, link: &str) -> Browser {
    let secret = link.split("link=").nth(1).expect("a link");
    let mut browser = Browser::new(to);
    browser.get(&format!("/set-up?link={secret}")).await;
    let fields = [("link", secret), ("name", "kim"), ("password", PASSWORD), ("password_again", PASSWORD)];
    let answer = browser.send("/set-up", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
}

/// Invites someone, who makes an account of this name.
pub async fn invited(admin: &mut Browser, name: &str, role: &str) -> Browser {
    admin.get("/settings/people").await;
    let answer = admin.send("/settings/invitations/create", &[("role", role), ("days", "7")]).await;
    let secret = answer.body.split("/invitation?link=").nth(1).expect("a link");
    let secret: String = secret.chars().take_while(char::is_ascii_alphanumeric).collect();
    let mut browser = Browser::new(admin.to);
    browser.get(&format!("/invitation?link={secret}")).await;
    let fields = [("link", &*secret), ("name", name), ("password", PASSWORD), ("password_again", PASSWORD)];
    let answer = browser.send("/invitation", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
}

/// Signs in on another device.
pub async fn another_device(browser: &Browser, name: &str) -> Browser {
    let mut other = Browser::new(browser.to);
    other.get("/sign-in").await;
    assert_eq!(other.send("/sign-in", &[("name", name), ("password", PASSWORD)]).await.status, 303);
    other
}

fn cookie(browser: &Browser) -> String {
    browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
}

/// Asks as a program does, on behalf of a browser; a body makes it a POST.
pub async fn ask(browser: &Browser, path: &str, lines: &str, body: Option<&str>) -> Answer {
    let (method, length) = match body {
        Some(body) => {
            ("POST", format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()))
        }
        None => ("GET", String::new()),
    };
    let cookie =
        if browser.cookies.is_empty() { String::new() } else { format!("cookie: {}\r\n", cookie(browser)) };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {}\r\n{cookie}{lines}{length}connection: close\r\n\r\n",
        browser.to
    );
    request(browser.to, &(head + body.unwrap_or_default())).await
}

/// Asks for JSON.
pub async fn json(browser: &Browser, path: &str) -> Value {
    let answer = ask(browser, path, "", None).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

/// Sends a notice and returns it.
pub async fn send(browser: &Browser, to: &str, title: &str) -> Value {
    let body = serde_json::json!({"to": to, "level": "warning", "title": title, "link": "/chat"}).to_string();
    let answer = ask(browser, "/api/v1/notices", "", Some(&body)).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

/// Acknowledges a notice.
pub async fn read(browser: &Browser, id: &Value) -> Answer {
    ask(browser, &format!("/api/v1/notices/{id}/read"), "", Some("{}")).await
}

/// The titles of a list.
pub fn titles(page: &Value) -> Vec<&str> {
    let notices = page["notices"].as_array().expect("a list").iter();
    notices.map(|one| one["title"].as_str().expect("a title")).collect()
}

/// Connects on behalf of a browser.
pub async fn connect(
    probe: &'static dyn Probe,
    browser: &Browser,
    topics: &[&str],
    since: Option<&str>,
) -> Result<Box<dyn Connection>, Refused> {
    let headers = match cookie(browser) {
        none if none.is_empty() => Vec::new(),
        cookie => vec![("cookie", cookie)],
    };
    let ask = Ask { headers, since: since.map(str::to_owned), more: LONG_WAIT, ..Ask::topics(topics) };
    probe.connect(browser.to, ask).await
}

/// Connects on behalf of a browser, by every transport.
pub async fn lines(browser: &Browser, topics: &[&str]) -> Vec<Box<dyn Connection>> {
    let mut all = Vec::new();
    for probe in transport_probes::all() {
        let mut line = connect(probe, browser, topics, None).await.expect("it may");
        line.verdict().await;
        all.push(line);
    }
    all
}

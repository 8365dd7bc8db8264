//! Every route on everyone's behalf: who may ask for what is said by one table, and each answer is held against it.

use std::{net::SocketAddr, time::Duration};

use access::{AccessTable, Action, Authorizer, Principal};
use common::{Topic, role::Role};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    browser::Browser,
    invited, set_up, sign_in,
    support::{TOKEN, TestServer, start, start_with},
};

/// Someone who asks: the line that proves it, and the principal that it should make.
struct Asker {
    name: &'static str,
    line: String,
    principal: Principal,
    /// Its proof is refused, and not merely missing.
    is_refused: bool,
}

impl Asker {
    fn new(name: &'static str, line: String, principal: Principal) -> Self {
        Self { name, line, principal, is_refused: false }
    }

    fn refused(name: &'static str, line: String) -> Self {
        Self { name, line, principal: Principal::anonymous(), is_refused: true }
    }

    fn may(&self, table: &AccessTable, action: Action, topic: Option<&Topic>) -> bool {
        table.may(&self.principal, action, topic).is_ok()
    }
}

fn cookies(browser: &Browser) -> String {
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("cookie: {}\r\n", cookies.join("; "))
}

fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}

async fn token(admin: &mut Browser, read: &str, publish: &str) -> String {
    admin.get("/account").await;
    let fields = [("name", "matrix"), ("read", read), ("publish", publish), ("send", ""), ("days", "30")];
    let page = admin.send("/account/tokens/create", &fields).await.body;
    let secret = page.split("pbt_").nth(1).expect("it is shown once");
    format!("pbt_{}", secret.chars().take_while(char::is_ascii_alphanumeric).collect::<String>())
}

/// The status of an answer, and as much of it as is there at once: some never end.
async fn ask(to: SocketAddr, method: &str, path: &str, line: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(to).await.expect("it accepts");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {to}\r\naccept: application/json\r\n{line}content-length: 0\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("written");
    let mut answer = Vec::new();
    let read = async {
        while !answer.windows(4).any(|four| four == b"\r\n\r\n") || answer.starts_with(b"HTTP/1.1 40") {
            let mut some = [0; 4096];
            let length = stream.read(&mut some).await.expect("read");
            if length == 0 {
                break;
            }
            answer.extend_from_slice(&some[..length]);
        }
    };
    timeout(Duration::from_secs(20), read).await.unwrap_or_else(|_| panic!("no answer to {method} {path}"));
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, text)
}

/// The topic that a route of hosts or rooms is about.
fn topic_of(route: &str) -> Option<Topic> {
    let topic = match route {
        "/api/v1/hosts/{id}" | "/api/v1/hosts/{id}/history" => "host/local/metrics",
        "/history" | "/api/v1/hosts/{id}/range" | "/api/v1/hosts/{id}/range/series" => "host/local/system",
        "/api/v1/hosts/{id}/logs" | "/api/v1/hosts/{id}/logs/download" => "logs/local/any",
        "/kept-logs" | "/api/v1/kept-logs" | "/api/v1/kept-logs/sources" => "logs/local/any",
        "/api/v1/hosts/{id}/containers"
        | "/api/v1/hosts/{id}/containers/{container}"
        | "/api/v1/hosts/{id}/containers/{container}/history" => "docker/local",
        "/api/v1/chat/{room}/messages" => "chat/lobby",
        "/sse/cpumemdisk" => "host/local/cpumemdisk",
        _ => return None,
    };
    Some(topic.parse().expect("a topic"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_open_to_those_whom_the_table_names_and_to_nobody_else() {
    hold_every_route_against(&start().await, &AccessTable::default(), Principal::anonymous).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_display_opens_what_the_settings_show_and_nothing_else() {
    let server = start_with(|config| {
        config.anonymous_topics = vec!["host/*/metrics".parse().expect("it may be shown")];
    });
    let table = AccessTable { anonymous_topics: vec!["host/*/metrics".parse().expect("a family")] };
    hold_every_route_against(&server.await, &table, Principal::wall_display).await;
}

/// Asks for every route on everyone's behalf. `nobody` is whom a request without a proof should make.
async fn hold_every_route_against(server: &TestServer, table: &AccessTable, nobody: fn() -> Principal) {
    let mut admin = set_up(server).await;
    let to = server.address;
    let viewer = invited(server, &mut admin, "vera", "viewer").await;
    let operator = invited(server, &mut admin, "otto", "operator").await;
    let reader = token(&mut admin, "*", "").await;
    let publisher = token(&mut admin, "", "custom/*").await;
    let revoked = token(&mut admin, "*", "").await;
    admin.get("/account").await;
    assert_eq!(admin.send("/account/tokens/revoke", &[("id", "3")]).await.status, 200);
    let (mut gone, _) = sign_in(server, "vera", crate::PASSWORD).await;
    let left = cookies(&gone);
    gone.get("/account").await;
    assert_eq!(gone.send("/sign-out", &[]).await.status, 303);

    let person = |name: &'static str, role| Principal::person(1, name, role, 1);
    let program = |scope: &str| {
        let scopes = [scope.parse().expect("a scope")];
        Principal::program(1, "kim", Role::Admin, 1, scopes.into())
    };
    let askers = [
        Asker::new("nobody", String::new(), nobody()),
        Asker::new("a viewer", cookies(&viewer), person("vera", Role::Viewer)),
        Asker::new("an operator", cookies(&operator), person("otto", Role::Operator)),
        Asker::new("an admin", cookies(&admin), person("kim", Role::Admin)),
        Asker::new("a token that reads", bearer(&reader), program("read:*")),
        Asker::new("a token that publishes", bearer(&publisher), program("publish:custom/*")),
        Asker::new("the operator's token", bearer(TOKEN), program("connections")),
        // A browser that has signed out has no proof, as anyone who comes by.
        Asker::new("who has signed out", left, nobody()),
        Asker::refused("a revoked token", bearer(&revoked)),
        Asker::refused("a token of nobody's", bearer("pbt_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG")),
    ];
    let mut asked = 0;
    for (route, posted, read) in pulseboard::guarded_routes() {
        let topic = topic_of(route);
        let path = route.replace("{id}", "local").replace("{room}", "lobby").replace("{*rest}", "elsewhere");
        for asker in &askers {
            for method in ["GET", "POST", "PUT", "DELETE"] {
                let action = if method == "GET" { read } else { posted };
                let (status, text) = ask(to, method, &path, &asker.line).await;
                // The topic of a route is looked at by the route itself, for the methods that it has.
                let topic = topic.as_ref().filter(|_| method == "GET");
                let said = format!("{method} {route} by {}: {text}", asker.name);
                // The description of the API names these words in an answer that is none of them.
                let text = if status < 400 { String::new() } else { text };
                // Connections are for the operator's token, which is said to whoever comes without one.
                let is_operators = text.contains("\"operator_only\"");
                let is_denied =
                    is_operators || text.contains("not_signed_in") || text.contains("\"not_allowed\"");
                assert_eq!(is_denied, !asker.may(table, action, topic), "{said}");
                // A session or a token that was refused is told so where a proof is needed.
                let has_proof = !asker.is_refused && asker.principal.role.is_some();
                let expected = if has_proof && !is_operators { 403 } else { 401 };
                assert!(!is_denied || status == expected, "{said}");
                assert!(status < 500, "{said}");
                asked += 1;
            }
        }
    }
    assert!(asked > 150 * askers.len(), "the table of routes is short: {asked}");
}

//! A notice is for its readers alone, wherever others look.

use std::time::Duration;

use common::frame::{ByeReason, ServerFrame};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use transport_probes::{Seen, WebSocket, masked_frame};

use crate::{
    browser::Browser,
    support::{get, post, start},
    team::{OF_ADMIN, OF_OPERATOR, OF_VIEWER, Team, ask, connect, json, lines, read, send, titles},
};

/// Topics that are not for `min`.
const FORBIDDEN: [&str; 6] = [
    "notices/role/admin",
    "notices/role/operator",
    "notices/user/1",
    "notices/user/0",
    "notices/user/03",
    "notices/role/root",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_transport_lets_anyone_follow_what_is_for_others() {
    let team = Team::start().await;
    let mut kim = connect(&WebSocket, &team.kim, &OF_ADMIN, None).await.expect("it may");
    kim.verdict().await;
    send(&team.lee, "role:admin", "secret").await;
    let past = kim.event().await.cursor.to_string();
    for probe in transport_probes::all() {
        for topic in FORBIDDEN {
            for since in [None, Some("1-1"), Some(&*past)] {
                for topics in [&[topic][..], &["notices/all", topic]] {
                    let refused = connect(probe, &team.min, topics, since).await.err();
                    let refused = refused.unwrap_or_else(|| panic!("{topic} is followed"));
                    assert!(refused.body.contains("not_allowed"), "{topic}: {}", refused.body);
                    assert!(!refused.body.contains("secret"));
                }
            }
        }
        let nobody = connect(probe, &Browser::new(team.server.address), &["notices/all"], None).await.err();
        assert!(nobody.expect("it is refused").body.contains("not_signed_in"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_open_connection_adds_what_is_for_others() {
    let team = Team::start().await;
    let mut line = connect(&WebSocket, &team.min, &OF_VIEWER, None).await.expect("it may");
    line.verdict().await;
    for topic in FORBIDDEN {
        let subscribe = format!(r#"{{"type":"subscribe","topics":["{topic}"],"snapshot":true}}"#);
        line.send_raw(masked_frame(0x81, subscribe.as_bytes())).await;
        let error = loop {
            match line.frame().await {
                ServerFrame::Error(error) => break error,
                ServerFrame::Heartbeat { .. } => {}
                other => panic!("{topic}: {other:?}"),
            }
        };
        assert_eq!(error.code.status(), 403, "{topic}: {}", error.message);
    }
    send(&team.lee, "role:admin", "secret").await;
    send(&team.lee, "all", "open").await;
    assert!(line.event().await.data.get().contains("\"open\""));
}

/// Joins a namespace of Socket.IO on long-polling, and returns the answer to the join.
async fn join(browser: &Browser, packet: &str) -> String {
    let polling = "/socket.io/?EIO=4&transport=polling";
    let opened = ask(browser, polling, "", None).await.body;
    let sid = opened.split("\"sid\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a session");
    let session = format!("{polling}&sid={sid}");
    let cookies: Vec<String> =
        browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let head = format!(
        "POST {session} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        browser.to,
        cookies.join("; "),
        packet.len()
    );
    assert_eq!(crate::support::request(browser.to, &(head + packet)).await.status, 200);
    ask(browser, &session, "", None).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn no_namespace_of_socket_io_lets_anyone_in_to_what_is_for_others() {
    let team = Team::start().await;
    for room in ["role/admin", "role/operator", "user/1", "user/0"] {
        let refused = join(&team.min, &format!(r#"40/notices,{{"rooms":["{room}"]}}"#)).await;
        assert!(refused.starts_with("44/notices,") && refused.contains("not_allowed"), "{room}: {refused}");
    }
    let joined = join(&team.min, r#"40/notices,{"rooms":["all","user/3"]}"#).await;
    assert!(joined.starts_with("40/notices,"), "{joined}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rest_and_the_page_tell_each_what_is_for_it() {
    let mut team = Team::start().await;
    let admins = send(&team.kim, "role:admin", "for admins").await["id"].clone();
    let kims = send(&team.lee, "user:kim", "for kim").await["id"].clone();
    send(&team.kim, "all", "for all").await;
    let of = async |browser: &Browser, query: &str| json(browser, &format!("/api/v1/notices{query}")).await;
    let (kim, lee, min) = (of(&team.kim, "").await, of(&team.lee, "").await, of(&team.min, "").await);
    assert_eq!(titles(&kim), ["for all", "for kim", "for admins"]);
    assert_eq!(titles(&lee), ["for all"]);
    assert_eq!(titles(&min), ["for all"]);
    assert_eq!(kim["notices"][1]["to"], "user:kim", "as it is said in a request");
    assert_eq!((&kim["unread"], &min["unread"]), (&3.into(), &1.into()));
    for (page, own) in [(&kim, &OF_ADMIN[..]), (&lee, &OF_OPERATOR), (&min, &OF_VIEWER)] {
        let mut topics: Vec<&str> =
            page["topics"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        topics.sort_unstable();
        let mut own = own.to_vec();
        own.sort_unstable();
        assert_eq!(topics, own, "what the answer names can be followed");
    }
    assert_eq!(titles(&of(&team.lee, "?show=sent").await), ["for kim"], "its own, whoever it is for");
    assert_eq!(titles(&of(&team.min, "?show=sent").await), [""; 0]);
    // The number of a notice for others is as one that is not there.
    for id in [&admins, &kims, &Value::from(4242)] {
        assert_eq!(read(&team.min, id).await.status, 404, "{id}");
    }
    let readers = async |browser: &Browser, id: &Value| {
        ask(browser, &format!("/api/v1/notices/{id}/readers"), "", None).await
    };
    assert_eq!(readers(&team.min, &admins).await.status, 403, "that is for those who may send");
    assert_eq!(readers(&team.lee, &admins).await.status, 404, "another has sent it, to others");
    assert_eq!(readers(&team.lee, &kims).await.status, 200, "it has sent that");
    assert_eq!(ask(&team.min, "/api/v1/notices", "", Some(r#"{"to":"all"}"#)).await.status, 403);
    assert_eq!(get(team.server.address, "/api/v1/notices").await.status, 401);
    let page = team.min.get("/notices").await;
    assert!(page.body.contains("for all") && !page.body.contains("for admins"), "{}", page.body);
    assert!(!page.body.contains("/notices/send"), "a viewer has no form");
    assert_eq!(team.min.send("/notices/send", &[]).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_a_role_is_told_nothing_more_of_it_not_even_on_coming_back() {
    let mut team = Team::start().await;
    let mut line = connect(&WebSocket, &team.lee, &OF_OPERATOR, None).await.expect("it may");
    line.verdict().await;
    send(&team.kim, "role:operator", "before").await;
    let since = line.event().await.cursor.to_string();
    let theirs = lines(&team.lee, &OF_OPERATOR).await;
    team.kim.get("/settings/people").await;
    let answer = team.kim.send("/settings/people/role", &[("id", "2"), ("role", "viewer")]).await;
    assert_eq!(answer.status, 200);
    send(&team.kim, "role:operator", "after").await;
    for mut line in theirs {
        loop {
            match timeout(Duration::from_secs(20), line.see()).await.expect("it ends") {
                Seen::Frame(ServerFrame::Event(event)) => panic!("it was told {}", event.data.get()),
                Seen::Frame(ServerFrame::Bye { reason, .. }) => assert_eq!(reason, ByeReason::SignedOut),
                Seen::Frame(_) => {}
                Seen::End(_) => break,
            }
        }
    }
    // Polls are answered at once.
    send(&team.kim, "all", "for all").await;
    for probe in transport_probes::all() {
        let refused = connect(probe, &team.lee, &OF_OPERATOR, Some(&since)).await.err();
        assert!(refused.expect("it is refused").body.contains("not_allowed"));
        let own = connect(probe, &team.lee, &["notices/all", "notices/user/2"], Some(&since)).await;
        assert!(own.is_ok(), "the rest is there");
    }
    assert_eq!(titles(&json(&team.lee, "/api/v1/notices").await), ["for all"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_what_its_scopes_say_and_acknowledges_nothing() {
    let mut team = Team::start().await;
    let token = async |browser: &mut Browser, fields: &[(&str, &str)]| {
        browser.get("/account").await;
        let fields = [&[("name", "t"), ("publish", ""), ("send", ""), ("days", "30")], fields].concat();
        let answer = browser.send("/account/tokens/create", &fields).await;
        let secret = answer.body.split("pbt_").nth(1).unwrap_or_else(|| panic!("{}", answer.body));
        let secret: String = secret.chars().take_while(char::is_ascii_alphanumeric).collect();
        format!("authorization: Bearer pbt_{secret}\r\n")
    };
    let sender = token(&mut team.lee, &[("read", ""), ("notices", "on")]).await;
    let reader = token(&mut team.lee, &[("read", "*")]).await;
    let of_viewer = token(&mut team.min, &[("read", ""), ("notices", "on")]).await;
    let program = Browser::new(team.server.address);
    let body = r#"{"to":"all","level":"info","title":"by a program"}"#;
    let status =
        async |lines: &str, path: &str, body: Option<&str>| ask(&program, path, lines, body).await.status;
    assert_eq!(status(&sender, "/api/v1/notices", Some(body)).await, 201);
    assert_eq!(status(&sender, "/api/v1/notices/1/readers", None).await, 200);
    assert_eq!(status(&sender, "/api/v1/notices", None).await, 403, "it may not read");
    assert_eq!(status(&reader, "/api/v1/notices", None).await, 200);
    assert_eq!(status(&reader, "/api/v1/notices", Some(body)).await, 403, "it may not send");
    assert_eq!(status(&reader, "/api/v1/notices/1/readers", None).await, 403);
    assert_eq!(status(&of_viewer, "/api/v1/notices", Some(body)).await, 403, "its owner may not");
    for lines in [&sender, &reader] {
        assert_eq!(status(lines, "/api/v1/notices/1/read", Some("{}")).await, 403, "people read");
    }
    let listed = json(&team.min, "/api/v1/notices").await;
    assert_eq!(listed["notices"][0]["from"], "lee (token 1)");
    let operator = crate::support::operate("GET", team.server.address, "/api/v1/notices").await;
    assert_eq!(operator.status, 403, "it opens connections alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_accounts_whoever_uses_the_server_is_its_one_operator() {
    let server = start().await;
    let house = Browser::new(server.address);
    let topics = ["notices/all", "notices/role/admin", "notices/user/0"];
    let mut line = connect(&WebSocket, &house, &topics, None).await.expect("it may");
    line.verdict().await;
    let sent = send(&house, "role:admin", "for the house").await;
    assert_eq!(sent["from"], "operator");
    assert!(line.event().await.data.get().contains("for the house"));
    assert_eq!(json(&house, "/api/v1/notices").await["unread"], 1);
    assert_eq!(read(&house, &sent["id"]).await.status, 200);
    assert!(line.event().await.data.get().starts_with(r#"{"type":"read","unread":0"#), "devices are told");
    let readers = json(&house, "/api/v1/notices/1/readers").await;
    assert!(readers["read"][0]["read_ms"].is_u64() && readers["read"][0].get("name").is_none(), "{readers}");
    let unknown = r#"{"to":"user:kim","level":"info","title":"x"}"#;
    let answer = post(server.address, "/api/v1/notices", "application/json", unknown).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    // The first account ends that, and finds what was said to admins unread.
    let kim = crate::team::set_up(server.address, &server.set_up.clone().expect("a link")).await;
    assert_eq!(line.bye().await.0, ByeReason::SignedOut);
    assert_eq!(titles(&json(&kim, "/api/v1/notices?show=unread").await), ["for the house"]);
    let refused = connect(&WebSocket, &kim, &["notices/user/0"], None).await.err();
    assert!(refused.expect("it is refused").body.contains("not_allowed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_anothers_connection_is_not_shown_its_notices() {
    let team = Team::start().await;
    let mut lines = lines(&team.kim, &OF_ADMIN).await;
    let listed = json(&team.lee, "/api/v1/connections").await;
    let mut followed = Vec::new();
    for connection in listed["connections"].as_array().expect("a list") {
        let (id, to) = (&connection["id"], team.server.address);
        let cookies: Vec<String> =
            team.lee.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let head = format!(
            "GET /api/v1/connections/{id}/frames HTTP/1.1\r\nhost: {to}\r\ncookie: {}\r\n\r\n",
            cookies.join("; ")
        );
        let mut stream = TcpStream::connect(to).await.expect("the server accepts");
        stream.write_all(head.as_bytes()).await.expect("written");
        let mut text = String::new();
        until(&mut stream, &mut text, ": from now on").await;
        followed.push((stream, text, connection["transport"].clone()));
    }
    assert!(followed.len() >= 5, "{listed}");
    send(&team.kim, "user:kim", "secret-title").await;
    for line in &mut lines {
        assert!(line.event().await.data.get().contains("secret-title"));
    }
    for (mut stream, mut text, transport) in followed {
        until(&mut stream, &mut text, "withheld").await;
        assert!(!text.contains("secret-title"), "{transport}: {text}");
    }
}

async fn until(stream: &mut TcpStream, text: &mut String, word: &str) {
    while !text.contains(word) {
        let mut some = [0; 4096];
        let read = timeout(Duration::from_secs(60), stream.read(&mut some)).await;
        let read = read.unwrap_or_else(|_| panic!("{word:?} does not come: {text}")).expect("read");
        assert!(read > 0, "it ended before {word:?}: {text}");
        text.push_str(&String::from_utf8_lossy(&some[..read]));
    }
}

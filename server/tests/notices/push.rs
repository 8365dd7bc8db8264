//! Notices to browsers without an open page: from a POST to the text that a browser decrypts.

use std::path::Path;

use serde_json::json;

use crate::{
    browser::Browser,
    push_service::{PushService, counted, devices, until},
    support::{
        binary::{ServerProcess, pulseboard},
        start_with,
    },
    team::{Team, ask, invited, send, set_up},
};

/// A team that takes a push service of the tests for one.
async fn team(services: &[&PushService]) -> Team {
    let origins: Vec<_> = services.iter().map(|service| service.origin.clone()).collect();
    Team::start_with(|config| config.push.services = origins).await
}

fn told(browsers: &[&str], title: &str) -> Vec<(String, String)> {
    browsers.iter().map(|browser| (format!("/ok/{browser}"), title.to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_told_once_to_each_browser_of_its_readers_and_to_no_other() {
    let mut service = PushService::start(&["ok/kim", "ok/lee", "ok/min", "ok/min-desk", "ok/out"]).await;
    let mut team = team(&[&service]).await;
    let mut out = invited(&mut team.kim, "out", "admin").await;
    service.subscribe(&mut team.kim, "ok/kim").await;
    service.subscribe(&mut team.lee, "ok/lee").await;
    service.subscribe(&mut team.min, "ok/min").await;
    service.subscribe(&mut team.min, "ok/min-desk").await;
    service.subscribe(&mut out, "ok/out").await;
    team.kim.get("/settings/people").await;
    assert_eq!(team.kim.send("/settings/people/disable", &[("id", "4")]).await.status, 200);
    let everyone = &["kim", "lee", "min", "min-desk"][..];
    for (to, browsers) in [
        ("all", everyone),
        ("role:viewer", everyone),
        ("role:operator", &everyone[..2]),
        ("role:admin", &everyone[..1]),
        ("user:min", &everyone[2..]),
        ("all", everyone),
    ] {
        send(&team.lee, to, to).await;
        // The next one is sent when this one is told: it would come first if another had been told of this one, too.
        assert_eq!(service.messages(browsers.len()).await, told(browsers, to));
    }
    let delivered = r#"pulseboard_push_messages_total{outcome="delivered"} 17"#;
    counted(&mut team.kim, &[delivered, r#"pulseboard_push_messages_total{outcome="rejected"} 0"#]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_says_what_and_when_for_how_long_and_by_whom() {
    let mut service = PushService::start(&["ok/kim"]).await;
    let origin = service.origin.clone();
    let mut team = Team::start_with(|config| {
        config.push.services = vec![origin];
        config.push.contact = Some("mailto:ops@board.example".into());
    })
    .await;
    service.subscribe(&mut team.kim, "ok/kim").await;
    let key = team.kim.page.split("data-push=\"").nth(1).expect("a key").split('"').next().expect("its end");
    let notice = send(&team.lee, "all", "디스크").await;
    let message = service.message().await;
    let payload = json!({"id": notice["id"], "level": "warning", "title": "디스크", "link": "/chat",
        "at_ms": notice["at_ms"]});
    assert_eq!(message["message"], payload);
    assert_eq!((&message["urgency"], &message["encoding"]), (&json!("normal"), &json!("aes128gcm")));
    assert_eq!(message["topic"], format!("notice-{}", notice["id"]));
    assert_eq!((&message["key"], &message["sub"]), (&json!(key), &json!("mailto:ops@board.example")));
    let ttl = message["ttl"].as_u64().expect("a number");
    assert!((1..=86_400).contains(&ttl), "{ttl}");

    let body = json!({"to": "all", "level": "critical", "title": "b", "text": "가".repeat(4_000),
        "expires_ms": notice["at_ms"].as_u64().expect("a time") + 3_600_000});
    assert_eq!(ask(&team.lee, "/api/v1/notices", "", Some(&body.to_string())).await.status, 201);
    let message = service.message().await;
    assert_eq!(message["urgency"], "high");
    let (ttl, size) =
        (message["ttl"].as_u64().expect("a number"), message["size"].as_u64().expect("a number"));
    assert!((1..=3_600).contains(&ttl), "no longer than it is shown: {ttl}");
    assert!(size <= 4_096 && message["message"]["text"].as_str().expect("a text").ends_with('…'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_service_says_what_becomes_of_a_browser() {
    let mut service = PushService::start(&["gone/a", "later/b", "refuse/c", "ok/d"]).await;
    let mut team = team(&[&service]).await;
    for browser in ["gone/a", "later/b", "refuse/c", "ok/d"] {
        service.subscribe(&mut team.min, browser).await;
    }
    assert_eq!(devices(&mut team.min).await.len(), 4);
    send(&team.lee, "user:min", "one").await;
    let mut heard: Vec<_> = service.messages(5).await.into_iter().map(|(path, _)| path).collect();
    heard.sort();
    assert_eq!(heard, ["/gone/a", "/later/b", "/later/b", "/ok/d", "/refuse/c"], "503 is tried again");
    until(&mut team.min, |page| {
        let left = page.matches("action=\"/account/devices/remove\"").count();
        // The one that is gone is removed.
        left == 3
            && page.contains("the push service answers 403")
            && !page.contains("the push service answers 503")
    })
    .await;
    // A message that was refused is given up, and the browser is told of the next.
    send(&team.lee, "user:min", "two").await;
    assert_eq!(service.messages(3).await.iter().filter(|(_, title)| title == "two").count(), 3);
    let again = r#"pulseboard_push_messages_total{outcome="again"} 1"#;
    counted(&mut team.kim, &[again, r#"pulseboard_push_messages_total{outcome="gone"} 1"#]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_service_that_never_answers_holds_nobody_up() {
    let (mut slow, mut quick) =
        (PushService::start(&["never/a", "never/b"]).await, PushService::start(&["ok/min"]).await);
    let mut team = team(&[&slow, &quick]).await;
    slow.subscribe(&mut team.kim, "never/a").await;
    slow.subscribe(&mut team.min, "never/b").await;
    quick.subscribe(&mut team.min, "ok/min").await;
    let mut line = crate::team::connect(&transport_probes::WebSocket, &team.min, &["notices/all"], None)
        .await
        .expect("it may");
    line.verdict().await;
    // More than one push service has room for.
    for n in 0..10 {
        let title = n.to_string();
        send(&team.lee, "all", &title).await;
        assert!(line.event().await.data.get().contains(&format!("\"title\":\"{title}\"")));
        assert_eq!(quick.messages(1).await, told(&["min"], &title));
    }
    assert_eq!(slow.message().await["tries"], 1, "it was asked all the while");
}

/// Starts the binary, which takes a push service of the tests for one.
async fn serve(data: &Path, service: &str) -> ServerProcess {
    let (data, services) = (data.to_owned(), format!("[{service:?}]"));
    let starting = move || {
        let mut command = pulseboard();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
        ServerProcess::new(command.env("PULSEBOARD_PUSH__SERVICES", services))
    };
    tokio::task::spawn_blocking(starting).await.expect("it starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_nothing_is_lost_and_nothing_is_doubled() {
    let mut service = PushService::start(&["patient/kim", "ok/kim"]).await;
    let (data, origin) = (tempfile::tempdir().expect("a folder"), service.origin.clone());
    let added = pulseboard()
        .arg("--data-dir")
        .arg(data.path())
        .args(["user", "add", "kim", "--role", "admin"])
        .output();
    let said = String::from_utf8(added.expect("it runs").stdout).expect("text");
    let password = said.trim().rsplit(' ').next().expect("a password");
    let server = serve(data.path(), &origin).await;
    let mut kim = Browser::new(server.address);
    kim.get("/sign-in").await;
    assert_eq!(kim.send("/sign-in", &[("name", "kim"), ("password", password)]).await.status, 303);
    for browser in ["patient/kim", "ok/kim"] {
        service.subscribe(&mut kim, browser).await;
    }
    send(&kim, "all", "a").await;
    let a = ["/ok/kim", "/patient/kim"].map(|path| (path.to_owned(), "a".to_owned()));
    assert_eq!(service.messages(2).await, a);
    // Once it is settled: a message that is under way when the server ends may be sent a second time.
    until(&mut kim, |page| page.contains("answers 503") && page.matches("none yet").count() == 1).await;
    drop(server);
    let server = serve(data.path(), &origin).await;
    kim.to = server.address;
    assert_eq!(service.messages(1).await, a[1..], "it goes on");
    until(&mut kim, |page| !page.contains("answers 503")).await;
    send(&kim, "all", "b").await;
    let b = ["/ok/kim", "/patient/kim"].map(|path| (path.to_owned(), "b".to_owned()));
    assert_eq!(service.messages(2).await, b, "and nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_tell_a_browser_once() {
    let mut service = PushService::start(&["ok/kim"]).await;
    let postgres = store_postgres::test_server::TestServer::start(None).await;
    postgres.database("push").await;
    let node = async || {
        start_with(|config| {
            config.store.url = Some(pulseboard::secret::Secret::new(postgres.plain("push")));
            config.push.services = vec![service.origin.clone()];
        })
        .await
    };
    let (one, other) = (node().await, node().await);
    let mut kim = set_up(one.address, &one.set_up.clone().expect("a link")).await;
    service.subscribe(&mut kim, "ok/kim").await;
    let there = Browser { to: other.address, ..kim.clone() };
    while ask(&there, "/api/v1/notices", "", None).await.status != 200 {
        tokio::task::yield_now().await;
    }
    for n in 0..12 {
        send(if n % 2 == 0 { &kim } else { &there }, "all", &n.to_string()).await;
    }
    let mut titles: Vec<_> = (0..12).map(|n| n.to_string()).collect();
    titles.sort();
    let heard: Vec<_> = service.messages(12).await.into_iter().map(|(_, title)| title).collect();
    assert_eq!(heard, titles, "each once");
    send(&there, "all", "last").await;
    assert_eq!(service.messages(1).await, told(&["kim"], "last"));
}

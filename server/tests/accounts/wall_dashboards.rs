//! Dashboards on a screen that nobody signs in at: it is told of what it may read, and of nobody.

use serde_json::Value;

use crate::{
    browser::Browser,
    set_up,
    support::{TestServer, get, start_with},
};

/// A dashboard of this machine and of another one, and one of the other alone. Returns the number of each.
async fn two_dashboards(server: &TestServer) -> [u64; 2] {
    let mut admin = set_up(server).await;
    let mut ids = Vec::new();
    for (name, titles) in [("Shop", vec!["Open card", "Secret card"]), ("Hidden", vec!["Secret card"])] {
        for title in titles {
            admin.get("/dashboards").await;
            let host = if title == "Open card" { "local" } else { "secret-host" };
            let view = format!("series={host}:cpu.total&span=1h");
            let board = ids.last().filter(|_| title == "Secret card" && name == "Shop");
            let board = board.map(u64::to_string).unwrap_or_default();
            let fields = [("view", &*view), ("board", &*board), ("name", name), ("title", title)];
            let saved = admin.send("/dashboards/save", &fields).await;
            assert_eq!(saved.status, 303, "{}", saved.body);
            let id = saved.header("location").and_then(|to| to.rsplit('/').next()?.parse().ok());
            let id = id.expect("a number");
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    let list = admin.get("/dashboards").await;
    for text in ["Shop", "Hidden", "<bdi>kim</bdi>"] {
        assert!(list.body.contains(text), "{text}: {}", list.body);
    }
    ids.try_into().expect("two")
}

async fn showing(topics: &[&str]) -> TestServer {
    let shown = topics.iter().map(|text| text.parse().expect("it may be shown")).collect();
    start_with(|config| config.anonymous_topics = shown).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_without_a_topic_of_hosts_is_told_of_no_dashboard() {
    let server = showing(&["chat/lobby"]).await;
    let ids = two_dashboards(&server).await;
    let to = server.address;
    assert_eq!(get(to, "/api/v1/dashboards").await.body, "[]");
    let list = Browser::new(to).get("/dashboards").await;
    assert_eq!(list.status, 200, "{}", list.body);
    let wall = Browser::new(to).get("/dashboards/wall?rotate=30").await;
    assert_eq!(wall.header("location"), Some("/dashboards/0?full=1&rotate=30"));
    let mut bodies = vec![list.body];
    for id in ids {
        for path in [format!("/api/v1/dashboards/{id}"), format!("/dashboards/{id}")] {
            for query in ["", "?full=1", "?edit=1", "?span=6h"] {
                let answer = Browser::new(to).get(&format!("{path}{query}")).await;
                assert_eq!(answer.status, 404, "{path}{query}: {}", answer.body);
                bodies.push(answer.body);
            }
        }
        let turned = Browser::new(to).get(&format!("/dashboards/{id}?full=1&rotate=30")).await;
        assert_eq!(turned.status, 200, "it waits: {}", turned.body);
        bodies.push(turned.body);
    }
    for body in bodies {
        for text in ["Shop", "Hidden", "Open card", "Secret card", "kim<", "\"kim\"", "secret-host"] {
            assert!(!body.contains(text), "{text}: {body}");
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_of_a_host_is_told_of_what_is_about_it_and_of_nobody() {
    let server = showing(&["host/local/*"]).await;
    let [shop, hidden] = two_dashboards(&server).await;
    let to = server.address;
    let list = get(to, "/api/v1/dashboards").await;
    let all: Value = serde_json::from_str(&list.body).expect("JSON");
    let names: Vec<_> = all.as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Shop"], "{all}");
    assert_eq!(all[0]["changed_by"], Value::Null);
    let told = get(to, &format!("/api/v1/dashboards/{shop}")).await;
    let one: Value = serde_json::from_str(&told.body).expect("JSON");
    let cards = &one["rows"][0]["cards"];
    assert_eq!((&one["changed_by"], &cards[0]["title"]), (&Value::Null, &Value::from("Open card")), "{one}");
    assert_eq!(
        (&cards[1]["title"], &cards[1]["hidden_series"]),
        (&Value::from(""), &Value::from(1)),
        "{one}"
    );
    let mut browser = Browser::new(to);
    let wall = browser.get("/dashboards/wall?rotate=30").await;
    assert_eq!(wall.header("location"), Some(&*format!("/dashboards/{shop}?full=1&rotate=30")));
    let passed = browser.get(&format!("/dashboards/{hidden}?full=1&rotate=30")).await;
    assert_eq!(passed.header("location"), Some(&*format!("/dashboards/{shop}?full=1&rotate=30")));
    let mut bodies = vec![list.body, told.body, browser.get("/dashboards").await.body];
    assert!(bodies[2].contains("Shop"), "{}", bodies[2]);
    for query in ["", "?full=1", "?full=1&rotate=30"] {
        let page = browser.get(&format!("/dashboards/{shop}{query}")).await;
        assert_eq!((page.status, page.body.contains("Open card")), (200, true), "{query}: {}", page.body);
        // The script knows the server's own answers by it.
        assert!(
            page.body.contains("<meta name=\"application-name\" content=\"Pulseboard\""),
            "{}",
            page.body
        );
        bodies.push(page.body);
    }
    for path in [format!("/dashboards/{hidden}"), format!("/api/v1/dashboards/{hidden}")] {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        bodies.push(answer.body);
    }
    for body in bodies {
        for text in ["Hidden", "Secret card", "kim<", "\"kim\"", "secret-host"] {
            assert!(!body.contains(text), "{text}: {body}");
        }
    }
    server.stop().await;
}

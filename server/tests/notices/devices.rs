//! A person reads a notice once, on whichever device.

use serde_json::json;
use transport_probes::WebSocket;

use crate::team::{OF_VIEWER, Team, another_device, ask, connect, json, lines, read, send, titles};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_on_one_device_is_read_on_all() {
    let mut team = Team::start().await;
    let phone = another_device(&team.min, "min").await;
    let mut at_desk = lines(&team.min, &OF_VIEWER).await;
    let first = send(&team.lee, "all", "first").await["id"].clone();
    let second = send(&team.lee, "user:min", "second").await["id"].clone();
    for line in &mut at_desk {
        line.event().await;
        line.event().await;
    }
    let left = json!({"unread": 1, "newest": second});
    let answer = read(&phone, &first).await;
    assert_eq!(answer.status, 200);
    let body = |answer: &str| serde_json::from_str::<serde_json::Value>(answer).expect("JSON");
    assert_eq!(body(&answer.body), left);
    for line in &mut at_desk {
        let told: serde_json::Value = serde_json::from_str(line.event().await.data.get()).expect("JSON");
        assert_eq!(told, json!({"type": "read", "unread": 1, "newest": second}));
    }
    assert_eq!(body(&read(&team.min, &first).await.body), left, "again changes nothing");
    let desk = json(&team.min, "/api/v1/notices?show=unread").await;
    assert_eq!((titles(&desk), &desk["unread"]), (vec!["second"], &1.into()));
    assert_eq!(titles(&json(&phone, "/api/v1/notices?show=read").await), ["first"]);
    assert!(
        !team.min.get("/notices").await.body.split("id=\"read\"").next().expect("a part").contains(">first<")
    );
    // All at once, of those that were seen. Nothing was told of the second try above.
    let all = ask(&team.min, "/api/v1/notices/read", "", Some(&json!({"through": second}).to_string())).await;
    assert_eq!(body(&all.body), json!({"unread": 0, "newest": second}));
    for line in &mut at_desk {
        assert!(line.event().await.data.get().contains(r#""unread":0"#));
    }
    let readers = json(&team.lee, &format!("/api/v1/notices/{first}/readers")).await;
    assert_eq!(readers["read"][0]["name"], "min");
    assert_eq!(readers["read"].as_array().expect("a list").len(), 1, "a person, not devices: {readers}");
    assert_eq!(readers["waiting"], json!(["kim", "lee"]));
    let metrics = ask(&team.lee, "/metrics", "", None).await.body;
    for line in ["pulseboard_notices_read_total 2", r#"pulseboard_notices_sent_total{level="warning"} 2"#] {
        assert!(metrics.contains(line), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_devices_that_read_at_once_the_last_to_be_told_is_true() {
    let team = Team::start().await;
    let mut line = connect(&WebSocket, &team.min, &["notices/user/3"], None).await.expect("it may");
    line.verdict().await;
    let mut ids = Vec::new();
    for n in 0..12 {
        ids.push(send(&team.lee, "all", &n.to_string()).await["id"].clone());
    }
    let reading = ids.iter().map(|id| read(&team.min, id));
    for answer in futures_util::future::join_all(reading).await {
        assert_eq!(answer.status, 200);
    }
    // A last word that is told after all others.
    let last = send(&team.lee, "user:min", "last").await["id"].clone();
    let mut told = serde_json::Value::Null;
    loop {
        let event: serde_json::Value = serde_json::from_str(line.event().await.data.get()).expect("JSON");
        if event["id"] == last {
            break;
        }
        told = event;
    }
    assert_eq!(told["unread"], 0, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lead_through_all_notices_once() {
    let team = Team::start().await;
    for n in 0..7 {
        send(&team.lee, "all", &n.to_string()).await;
    }
    let (mut seen, mut before) = (Vec::new(), String::new());
    loop {
        let page = json(&team.min, &format!("/api/v1/notices?limit=3{before}")).await;
        seen.extend(titles(&page).into_iter().map(str::to_owned));
        let last = page["notices"].as_array().and_then(|list| list.last()).expect("one");
        before = format!("&before={}", last["id"]);
        if page["earlier"] == false {
            break;
        }
    }
    assert_eq!(seen, ["6", "5", "4", "3", "2", "1", "0"]);
    let other = json(&team.min, "/api/v1/notices?level=info").await;
    assert_eq!((titles(&other), &other["unread"]), (Vec::new(), &7.into()));
}

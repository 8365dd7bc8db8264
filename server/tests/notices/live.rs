//! From a POST to the lines of those that it is for, on every transport.

use serde_json::{Value, json};

use crate::team::{OF_ADMIN, OF_OPERATOR, OF_VIEWER, Team, lines, send};

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_told_to_its_readers_on_every_transport_and_to_no_one_else() {
    let team = Team::start().await;
    let mut admins = lines(&team.kim, &OF_ADMIN).await;
    let mut operators = lines(&team.lee, &OF_OPERATOR).await;
    let mut viewers = lines(&team.min, &OF_VIEWER).await;
    let mut sent = Vec::new();
    for to in ["role:admin", "user:kim", "role:operator", "user:min", "role:viewer", "all"] {
        sent.push((to, send(&team.lee, to, &format!("for {to}")).await));
    }
    let told = |to: &[&str]| -> Vec<Value> {
        let theirs = sent.iter().filter(|(audience, _)| to.contains(audience));
        let event = |(_, notice): &(&str, Value)| {
            json!({"type": "notice", "id": notice["id"], "level": "warning", "title": notice["title"],
                "link": "/chat", "at_ms": notice["at_ms"]})
        };
        theirs.map(event).collect()
    };
    let shared = ["role:viewer", "all"];
    // The last of them is for everyone: a line that has it was told all before, in their order.
    for (lines, own) in [
        (&mut admins, &["role:admin", "user:kim", "role:operator"][..]),
        (&mut operators, &["role:operator"]),
        (&mut viewers, &["user:min"]),
    ] {
        let due = told(&[own, &shared].concat());
        for line in lines {
            for event in &due {
                let heard: Value = serde_json::from_str(line.event().await.data.get()).expect("JSON");
                assert_eq!(&heard, event);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_once_on_a_line_that_comes_back_and_none_on_one_that_begins() {
    let team = Team::start().await;
    for probe in transport_probes::all() {
        let mut line = crate::team::connect(probe, &team.min, &OF_VIEWER, None).await.expect("it may");
        line.verdict().await;
        send(&team.lee, "all", "before").await;
        let before = line.event().await;
        drop(line);
        send(&team.lee, "user:min", "away").await;
        send(&team.lee, "role:admin", "for others").await;
        let since = before.cursor.to_string();
        let back = crate::team::connect(probe, &team.min, &OF_VIEWER, Some(&since)).await;
        let mut line = back.expect("it may");
        line.verdict().await;
        assert!(line.event().await.data.get().contains("\"away\""), "what it has missed");
        send(&team.lee, "all", "after").await;
        assert!(line.event().await.data.get().contains("\"after\""), "and nothing twice");
        let mut fresh = crate::team::connect(probe, &team.min, &OF_VIEWER, None).await.expect("it may");
        fresh.verdict().await;
        send(&team.lee, "all", "new").await;
        assert!(fresh.event().await.data.get().contains("\"new\""), "who begins is told what comes");
    }
}

//! The page of notices, as a browser without scripts uses it.

use crate::team::{Team, json, send, titles};

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sends_and_its_sender_sees_who_has_read() {
    let mut team = Team::start().await;
    let page = team.lee.get("/notices").await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")));
    let fields = |to, person, title, link| {
        [
            ("to", to),
            ("person", person),
            ("level", "critical"),
            ("title", title),
            ("text", "one\r\ntwo"),
            ("link", link),
            ("days", "7"),
        ]
    };
    for (wrong, word) in [
        (fields("user", "nobody", "a", ""), "no active account"),
        (fields("all", "", "", ""), "a title of one line"),
        (fields("all", "", "a", "https://evil.example"), "Other sites"),
    ] {
        let answer = team.lee.send("/notices/send", &wrong).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains(word), "{word}: {}", answer.body);
        assert!(answer.body.contains("one\r\ntwo"), "what was typed stays");
    }
    let answer = team.lee.send("/notices/send", &fields("user", "MIN", "<b>Disk</b>", "/chat?room=a")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(
        answer.body.contains("&lt;b&gt;Disk&lt;/b&gt;") && !answer.body.contains("<b>Disk"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("Read by 0 of 1"), "{}", answer.body);
    let theirs = json(&team.min, "/api/v1/notices").await;
    assert_eq!(titles(&theirs), ["<b>Disk</b>"]);
    assert_eq!(theirs["notices"][0]["text"], "one\ntwo");
    assert!(theirs["notices"][0]["expires_ms"].is_u64());

    let page = team.min.get("/notices").await;
    assert!(page.body.contains("href=\"/chat?room=a\""), "{}", page.body);
    let id = theirs["notices"][0]["id"].to_string();
    let mut stranger = team.min.clone();
    assert_eq!(stranger.post("/notices/read", &[("csrf", "forged"), ("id", &id)]).await.status, 403);
    let answer = team.min.send("/notices/read", &[("id", &id)]).await;
    assert!(answer.status == 200 && answer.body.contains("Nothing is unread"), "{}", answer.body);
    let sent = team.lee.get("/notices?show=sent").await;
    assert!(sent.body.contains("Read by 1 of 1"), "{}", sent.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_notices_are_read_at_once_and_paged() {
    let mut team = Team::start().await;
    for n in 0..30 {
        send(&team.lee, "all", &format!("number {n}.")).await;
    }
    let first = team.min.get("/notices").await.body;
    assert!(
        first.contains("number 29.") && first.contains("number 5.") && !first.contains("number 4."),
        "{first}"
    );
    assert_eq!(team.min.send("/notices/read-all", &[("id", "30")]).await.status, 200);
    let read = team.min.get("/notices").await.body;
    assert!(
        read.contains("number 29.") && read.contains("number 5.") && !read.contains("number 4."),
        "{read}"
    );
    let older = read.split("href=\"/notices?before=").nth(1).and_then(|rest| rest.split('"').next());
    let older = older.expect("a link to older ones");
    let rest = team.min.get(&format!("/notices?before={older}")).await.body;
    assert!(
        rest.contains("number 4.") && rest.contains("number 0.") && !rest.contains("number 5."),
        "{rest}"
    );
    let none = team.min.get("/notices?level=info").await.body;
    assert!(!none.contains("number "), "{none}");
}

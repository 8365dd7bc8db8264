//! Dashboards over REST and as documents, over a folder that was written before the server started.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{
    explore::{now, over},
    support::{Answer, get, post, request},
};

const JSON: &str = "application/json";
const ALL: &str = "/api/v1/dashboards";

async fn send(to: SocketAddr, method: &str, path: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let length = body.len();
    request(
        to,
        &format!(
            "{method} {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-type: {JSON}\r\ncontent-length: {length}\r\n\r\n{body}"
        ),
    )
    .await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).expect(&answer.body)
}

async fn made(to: SocketAddr, body: Value) -> Value {
    let answer = post(to, ALL, JSON, &body.to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    read(&answer)
}

fn shop(name: &str) -> Value {
    json!({"name": name, "rows": [
        {"cards": [
            {"title": "Both <b>", "series": ["local:probe.a:C%3A50%25", "local:probe.b"], "span": "1h", "stack": true},
            {"series": ["local:probe.b", "local:no.such"], "compare": "day", "aggregate": "max"}
        ]},
        {"cards": []},
        {"cards": [{"title": "", "series": []}]}
    ]})
}

const SERIES: [&str; 2] = ["local\0probe.a\0C:50%", "local\0probe.b"];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_can_be_sent_and_a_lost_update_is_refused() {
    let server = over(&SERIES, now()).await;
    let to = server.address;
    let first = made(to, shop("Shop")).await;
    assert_eq!((&first["version"], &first["changed_by"]), (&json!(1), &Value::Null), "{first}");
    assert_eq!(first["rows"].as_array().map(Vec::len), Some(2), "rows without cards are left out: {first}");
    assert_eq!(first["rows"][0]["cards"][0]["series"][0], "local:probe.a:C%3A50%25");
    let path = format!("{ALL}/{}", first["id"]);
    let export = get(to, &path).await;
    assert_eq!(read(&export), first);
    let taken = post(to, ALL, JSON, &export.body).await;
    assert_eq!((taken.status, taken.body.contains("this name already")), (400, true), "{}", taken.body);

    let mut change = first.clone();
    change["name"] = json!("가게");
    let changed = send(to, "PUT", &path, &change).await;
    assert_eq!((changed.status, &read(&changed)["version"]), (200, &json!(2)), "{}", changed.body);
    let late = send(to, "PUT", &path, &change).await;
    assert_eq!((late.status, &read(&late)["code"]), (409, &json!("bad_request")), "{}", late.body);
    assert!(late.body.contains("read it again"), "{}", late.body);
    let mut unversioned = change.clone();
    unversioned.as_object_mut().expect("an object").remove("version");
    let refused = send(to, "PUT", &path, &unversioned).await;
    assert_eq!(
        (refused.status, refused.body.contains("version is missing")),
        (422, true),
        "{}",
        refused.body
    );

    // The name is free again, so the export comes in as it went out.
    let again = made(to, read(&export)).await;
    assert_eq!((&again["rows"], &again["name"]), (&first["rows"], &json!("Shop")));
    assert_ne!(again["id"], first["id"]);
    let list = read(&get(to, ALL).await);
    let names: Vec<_> = list.as_array().expect("a list").iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, [json!("Shop"), json!("가게")]);
    assert!(list[0].get("rows").is_none(), "{list}");
    assert_eq!(send(to, "DELETE", &path, &Value::Null).await.status, 204);
    for method in ["GET", "DELETE", "PUT"] {
        let answer = send(to, method, &path, &change).await;
        assert_eq!((answer.status, &read(&answer)["code"]), (404, &json!("not_found")), "{method}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_with_a_sentence() {
    let server = over(&SERIES, now()).await;
    let to = server.address;
    let card = |series: usize| {
        let series: Vec<String> = (0..series).map(|n| format!("local:x:{n}")).collect();
        json!({"title": "t", "series": series})
    };
    let board = |rows: Value| json!({"name": "a", "rows": rows});
    let row = |cards: Vec<Value>| json!({"cards": cards});
    let with = |field: &str, value: Value| {
        let mut one = card(1);
        one[field] = value;
        board(json!([row(vec![one])]))
    };
    let long = "x".repeat(900);
    let heavy: Vec<String> = (0..20).map(|n| format!("local:x:{n}{long}")).collect();
    let heavy = json!({"series": heavy});
    for (body, why) in [
        (json!({}), "missing field"),
        (json!({"name": "a", "rows": [], "more": 1}), "more"),
        (json!({"name": "", "rows": []}), "name"),
        (json!({"name": "a\nb", "rows": []}), "control character"),
        (json!({"name": "a\u{0}b", "rows": []}), "control character"),
        (json!({"name": "x".repeat(81), "rows": []}), "81 characters"),
        (board(json!("x")), "rows"),
        (board(json!([row(vec![card(1); 5])])), "5 cards"),
        (board(Value::Array(vec![row(vec![card(1); 4]); 7])), "28 cards"),
        (board(json!([row(vec![card(21)])])), "21 series"),
        (with("series", json!(["nonsense"])), "names no series"),
        (with("series", json!(["../x:y"])), "names no series"),
        (with("series", json!(["local:x", "local:x"])), "twice"),
        (with("title", json!("x".repeat(121))), "121 characters"),
        (with("title", json!("\u{7}")), "control character"),
        (with("span", json!("2h")), "2h"),
        (with("aggregate", json!("count")), "aggregate"),
        (with("aggregate", json!("median")), "median"),
        (with("compare", json!("month")), "month"),
        (with("stack", json!("yes")), "stack"),
        (with("script", json!("x")), "script"),
        (board(json!([row(vec![heavy.clone(); 4])])), "bytes"),
    ] {
        let answer = post(to, ALL, JSON, &body.to_string()).await;
        assert_eq!(answer.status, 422, "{body:.200}: {}", answer.body);
        assert!(answer.body.contains(why) && answer.body.len() < 1_000, "{why}: {}", answer.body);
    }
    let deep = "[".repeat(50_000);
    for (body, status) in [(deep.as_str(), 422), ("{", 400), ("\u{0}", 400), (&"x".repeat(140_000), 413)] {
        assert_eq!(post(to, ALL, JSON, body).await.status, status);
    }
    assert_eq!(post(to, ALL, "text/plain", "{}").await.status, 415);
    for path in ["x", "99", "-1", "18446744073709551616", "%00"] {
        assert_eq!(get(to, &format!("{ALL}/{path}")).await.status, 404, "{path}");
        assert_eq!(get(to, &format!("/dashboards/{path}")).await.status, 404, "{path}");
    }
    assert_eq!(get(to, &format!("{ALL}/%FF")).await.status, 400);
    assert_eq!(get(to, "/dashboards/%FF").await.status, 404);
    assert_eq!(read(&get(to, ALL).await), json!([]), "nothing was made");
    for number in 0..store::DASHBOARDS {
        made(to, json!({"name": number.to_string(), "rows": []})).await;
    }
    let full = post(to, ALL, JSON, &json!({"name": "more", "rows": []}).to_string()).await;
    assert_eq!((full.status, full.body.contains("at most 200")), (422, true), "{}", full.body);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_draws_its_cards_and_says_what_it_does_not_show() {
    let server = over(&SERIES, now()).await;
    let to = server.address;
    let id = made(to, shop("<script>가게 & \"more\"")).await["id"].clone();
    let page = get(to, &format!("/dashboards/{id}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.body.contains("<title>&lt;script&gt;가게 &amp; \"more\" · Pulseboard</title>"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<script>가게") && page.body.contains("Both &lt;b&gt;"));
    assert_eq!(page.body.matches("class=\"board__plot").count(), 2, "{}", page.body);
    assert!(page.body.contains("1 series is not shown"), "{}", page.body);
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("script-src 'sha256-") && policy.contains("default-src 'none'"), "{policy}");
    // Each card leads to the same view, of what is there.
    for link in [
        "series=local%3Aprobe.a%3AC%253A50%2525&amp;series=local%3Aprobe.b&amp;span=1h&amp;stack=1",
        "series=local%3Aprobe.b&amp;span=1h&amp;aggregate=max&amp;compare=day",
    ] {
        assert!(
            page.body.contains(link) || page.body.contains(&link.replace("&amp;", "&")),
            "{link}: {}",
            page.body
        );
    }
    let week = get(to, &format!("/dashboards/{id}?span=7d&zone=540")).await;
    assert!(week.body.contains("span=7d") && week.body.contains("UTC+09:00"), "{}", week.body);
    for query in ["span=x&zone=x&full=x&rotate", "of=1&of=x&of=", "%ff=%", "edit=1&full=1&rotate=1"] {
        assert_eq!(get(to, &format!("/dashboards/{id}?{query}")).await.status, 200, "{query}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_goes_from_one_to_the_next_and_over_those_that_were_removed() {
    let server = over(&SERIES, now()).await;
    let to = server.address;
    let location = |answer: &Answer| answer.header("location").map(str::to_owned);
    let wall = get(to, "/dashboards/wall?rotate=30").await;
    assert_eq!((wall.status, location(&wall)), (303, Some("/dashboards/0?full=1&rotate=30".into())));
    let waiting = get(to, "/dashboards/0?full=1&rotate=30").await;
    assert_eq!((waiting.status, waiting.body.contains("There is no dashboard to show")), (200, true));
    let [b, a, c] = ["b", "a", "c"].map(|name| made(to, json!({"name": name, "rows": []})));
    let ids = [b.await, a.await, c.await].map(|one| one["id"].as_u64().expect("a number"));
    let wall = get(to, "/dashboards/wall?rotate=7").await;
    assert_eq!(location(&wall), Some(format!("/dashboards/{}?full=1&rotate=7", ids[1])));
    let chosen = format!("of={}&of=99&of={}", ids[2], ids[0]);
    let wall = get(to, &format!("/dashboards/wall?rotate=7&{chosen}")).await;
    assert_eq!(location(&wall), Some(format!("/dashboards/{}?full=1&rotate=7&{chosen}", ids[2])));
    let page = get(to, &format!("/dashboards/{}?rotate=7&full=1", ids[1])).await;
    let next = format!("/dashboards/{}?full=1&rotate=7", ids[0]);
    let next = [next.replace('&', "&amp;"), next];
    assert!(
        next.iter().any(|next| page.body.contains(&format!("content=\"7; url={next}\""))),
        "{}",
        page.body
    );
    // Nothing is there but the dashboard and the way out.
    assert!(!page.body.contains("<nav") && !page.body.contains("<form") && page.body.contains("data-exit"));
    assert_eq!(send(to, "DELETE", &format!("{ALL}/{}", ids[0]), &Value::Null).await.status, 204);
    let gone = get(to, &format!("/dashboards/{}?rotate=7&full=1", ids[0])).await;
    assert_eq!(location(&gone), Some(format!("/dashboards/{}?full=1&rotate=7", ids[1])));
    let gone = get(to, &format!("/dashboards/{}?rotate=7&full=1&of={}&of={}", ids[0], ids[0], ids[2])).await;
    assert!(location(&gone).is_some_and(|to| to.starts_with(&format!("/dashboards/{}?", ids[2]))));
    let alone = get(to, &format!("/dashboards/{}?full=1", ids[0])).await;
    assert_eq!(alone.status, 404, "one that does not turn is gone");
    server.stop().await;
}

//! Dashboards by the forms of their pages: who may change them, and what each reader sees.

use serde_json::Value;

use crate::{
    browser::Browser,
    invited,
    support::{Answer, get, request},
    with_admin,
};

/// The address that an answer leads to.
fn lead(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").expect("an address").to_owned()
}

/// Sends the import as browsers do.
async fn import(browser: &mut Browser, csrf: &str, fields: &[(&str, &str)]) -> Answer {
    let part = |(name, value): &(&str, &str)| {
        let file =
            if *name == "file" { "; filename=\"a.json\"\r\nContent-Type: application/json" } else { "" };
        format!("--xYz\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
    };
    let body: String = [("csrf", csrf)].iter().chain(fields).map(part).collect();
    let body = body + "--xYz--\r\n";
    let (to, cookies, length) = (browser.to, browser.cookie_line(), body.len());
    let answer = request(
        to,
        &format!(
            "POST /dashboards/import HTTP/1.1\r\nhost: {to}\r\naccept: text/html\r\ncookie: {cookies}\r\nconnection: close\r\n\
             content-type: multipart/form-data; boundary=xYz\r\ncontent-length: {length}\r\n\r\n{body}"
        ),
    )
    .await;
    browser.page.clone_from(&answer.body);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_makes_and_changes_dashboards_and_a_viewer_reads_them() {
    let (server, mut admin) = with_admin().await;
    let mut operator = invited(&server, &mut admin, "otto", "operator").await;
    let mut viewer = invited(&server, &mut admin, "vera", "viewer").await;
    operator.get("/dashboards").await;
    for name in ["", "a\tb", &"x".repeat(81)] {
        let refused = operator.send("/dashboards/new", &[("name", name)]).await;
        assert_eq!(refused.status, 422, "{name}");
        assert!(refused.body.contains("Choose a name of 1 to 80 characters"), "{}", refused.body);
    }
    let shop = lead(&operator.send("/dashboards/new", &[("name", " Shop ")]).await);
    operator.get("/dashboards").await;
    let taken = operator.send("/dashboards/new", &[("name", "Shop")]).await;
    assert_eq!((taken.status, taken.body.contains("Another one has this name")), (422, true));

    // Views of Explore become cards, in rows of two.
    let id = shop.rsplit('/').next().expect("a number").to_owned();
    for (title, series) in
        [("one", "local:cpu.total"), ("two", "local:memory.percent"), ("three", "local:load.1")]
    {
        operator.get("/dashboards").await;
        let view = format!("series={series}&span=6h&stack=1");
        let fields = [("view", &*view), ("board", &*id), ("name", ""), ("title", title)];
        assert_eq!(lead(&operator.send("/dashboards/save", &fields).await), shop);
    }
    let order = |page: &str| -> Vec<Vec<String>> {
        let rows = page.split("<ol class=\"rows\"").skip(1);
        let titles = |row: &str| {
            row.split("name=\"title\"")
                .skip(1)
                .map(|field| {
                    let value = field.split("value=\"").nth(1).and_then(|rest| rest.split('"').next());
                    value.unwrap_or_default().to_owned()
                })
                .collect()
        };
        rows.map(|row| titles(row.split("</ol>").next().unwrap_or_default())).collect()
    };
    let edit = format!("{shop}?edit=1");
    let page = operator.get(&edit).await;
    assert_eq!(order(&page.body), [vec!["one", "two"], vec!["three"]], "{}", page.body);
    let seen = |version: &'static str| [("id", id.clone()), ("seen", version.to_owned())];
    let act = |version, card: &str, act: &str, title: &str| -> Vec<(&'static str, String)> {
        let rest = [("card", card.to_owned()), ("act", act.to_owned()), ("title", title.to_owned())];
        seen(version).into_iter().chain(rest).collect()
    };
    let fields = act("4", "2", "earlier", "");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(lead(&operator.send("/dashboards/card", &fields).await), edit);
    let page = operator.get(&edit).await;
    assert_eq!(order(&page.body), [vec!["one", "two", "three"]]);
    // The form of before is late.
    let late = operator.send("/dashboards/card", &fields).await;
    assert_eq!((late.status, late.body.contains("Someone else has changed it meanwhile")), (409, true));
    for (card, what, status) in [("9", "later", 422), ("0", "double", 422)] {
        let fields = act("5", card, what, "");
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(operator.send("/dashboards/card", &fields).await.status, status, "{what}");
    }
    for (version, card, what, title) in [("5", "1", "title", "both"), ("6", "0", "remove", "")] {
        operator.get(&edit).await;
        let fields = act(version, card, what, title);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(lead(&operator.send("/dashboards/card", &fields).await), edit);
    }
    assert_eq!(order(&operator.get(&edit).await.body), [vec!["both", "three"]]);
    let renamed = operator.send("/dashboards/rename", &[("id", &id), ("seen", "7"), ("name", "가게")]).await;
    assert_eq!(lead(&renamed), edit);

    // Whoever only reads sees no form, and is refused. Explore has a series once it was measured.
    while !viewer.get("/explore?find=cpu.total").await.body.contains("series=local%3Acpu.total&") {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    for path in ["/dashboards", &shop, &edit, "/explore?series=local:cpu.total"] {
        let page = viewer.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(
            !page.body.contains("action=\"/dashboards/") || path == "/dashboards",
            "{path}: {}",
            page.body
        );
        assert!(!page.body.contains("/dashboards/new\""), "{path}");
    }
    assert!(
        operator.get("/explore?series=local:cpu.total").await.body.contains("action=\"/dashboards/save\"")
    );
    for path in ["new", "save", "rename", "card", "remove"] {
        let refused = viewer.send(&format!("/dashboards/{path}"), &[("id", &id)]).await;
        assert_eq!(refused.status, 403, "{path}");
    }
    // A form of another page is none.
    for (path, fields) in [("new", vec![("name", "x")]), ("remove", vec![("id", &*id)])] {
        let fields = [vec![("csrf", "forged")], fields].concat();
        assert_eq!(operator.post(&format!("/dashboards/{path}"), &fields).await.status, 403, "{path}");
    }
    operator.get("/dashboards").await;
    let removed = operator.send("/dashboards/remove", &[("id", &id)]).await;
    assert!(removed.status == 200 && removed.body.contains("Removed."), "{}", removed.body);
    let again = operator.send("/dashboards/remove", &[("id", &id)]).await;
    assert_eq!((again.status, again.body.contains("It no longer exists")), (404, true));
    let audit = admin.get("/settings/audit.json").await;
    for action in ["create_dashboard", "change_dashboard", "remove_dashboard"] {
        assert!(audit.body.contains(action), "{action}: {}", audit.body);
    }
    assert!(audit.body.contains("Shop -> 가게"), "the name before stays known: {}", audit.body);
    let removal = audit.body.split("remove_dashboard").nth(1).expect("a removal");
    assert!(removal.chars().take(200).collect::<String>().contains("가게"), "{}", audit.body);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_imported_as_a_file_or_a_text_and_nothing_else_is() {
    let (server, mut admin) = with_admin().await;
    let csrf = |page: &str| crate::browser::value_of(page, "csrf").expect("a token");
    let csrf = csrf(&admin.get("/dashboards").await.body);
    let export = r#"{"id": 9, "version": 4, "name": "Shop & co", "changed_by": "x", "changed_ms": 1,
        "rows": [{"cards": [{"series": ["web-1:cpu.total"], "hidden_series": 2}]}]}"#;
    let shop = lead(&import(&mut admin, &csrf, &[("file", export), ("json", ""), ("name", "")]).await);
    let page = admin.get(&shop).await;
    assert!(
        page.body.contains("Shop &amp; co") && page.body.contains("1 series is not shown"),
        "{}",
        page.body
    );
    let taken = import(&mut admin, &csrf, &[("file", ""), ("json", export), ("name", "")]).await;
    assert_eq!(
        (taken.status, taken.body.contains("Another one has this name")),
        (422, true),
        "{}",
        taken.body
    );
    let pasted = format!("\u{feff}\n{export}");
    lead(&import(&mut admin, &csrf, &[("file", ""), ("json", &pasted), ("name", "Shop 2")]).await);
    for (text, why) in [
        ("", "Choose a file"),
        ("{}", "missing field"),
        ("<b>", "This is no export of a dashboard"),
        ("\u{0}", "This is no export"),
        (&"[".repeat(50_000), "This is no export"),
        (r#"{"name": "a", "rows": [{"cards": [{"series": ["x"]}]}]}"#, "names no series"),
    ] {
        let refused = import(&mut admin, &csrf, &[("file", ""), ("json", text), ("name", "")]).await;
        assert_eq!(refused.status, 422, "{why}: {}", refused.body);
        assert!(refused.body.contains(why) && !refused.body.contains("<b>"), "{why}: {}", refused.body);
    }
    assert_eq!(import(&mut admin, "forged", &[("json", export)]).await.status, 403);
    let long = "x".repeat(140_000);
    let refused = import(&mut admin, &csrf, &[("file", &long)]).await;
    let is_told = refused.body.contains("The file is too long: a form of at most 128 KiB is taken.");
    assert_eq!((refused.status, is_told), (413, true), "{}", refused.body);
    admin.get("/dashboards").await;
    assert_eq!(admin.send("/dashboards/import", &[("json", export)]).await.status, 415);

    // Each reader is told why in their language.
    admin.get("/account").await;
    admin.send("/account/preferences", &[("lang", "ko"), ("theme", "dark")]).await;
    for (text, why) in
        [("", "파일을 선택하거나"), ("{}", "대시보드를 내보낸 내용이 아닙니다."), (&*long, "128KiB까지")]
    {
        let refused = import(&mut admin, &csrf, &[("file", text)]).await;
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
    }
    let fields = [("view", "series=nonsense"), ("board", ""), ("name", "x"), ("title", "")];
    let refused = admin.send("/dashboards/save", &fields).await;
    assert!(refused.status == 422 && !refused.body.contains("names no series"), "{}", refused.body);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_some_hosts_is_told_of_no_others() {
    let (server, mut admin) = with_admin().await;
    admin.get("/dashboards").await;
    let view = "series=local:cpu.total&series=secret-host:cpu.total&series=local:up:target%253A7";
    let fields = [("view", view), ("board", ""), ("name", "Shop"), ("title", "")];
    let shop = lead(&admin.send("/dashboards/save", &fields).await);
    let path = format!("/api/v1{shop}");
    let all: Value = serde_json::from_str(&admin.get(&path).await.body).expect("JSON");
    assert_eq!(all["rows"][0]["cards"][0]["series"].as_array().map(Vec::len), Some(3), "{all}");
    assert_eq!((&all["changed_by"], &all["version"]), (&Value::from("kim"), &Value::from(1)));
    admin.get("/account").await;
    let fields = [("name", "t"), ("read", "host/local/*"), ("publish", ""), ("send", ""), ("days", "30")];
    let page = admin.send("/account/tokens/create", &fields).await.body;
    let secret = page.split("pbt_").nth(1).expect("it is shown once");
    let secret: String = secret.chars().take_while(char::is_ascii_alphanumeric).collect();
    let to = server.address;
    let ask = async |path: &str| {
        let line = format!("authorization: Bearer pbt_{secret}\r\n");
        request(to, &format!("GET {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n{line}\r\n")).await
    };
    let told = ask(&path).await;
    let some: Value = serde_json::from_str(&told.body).expect("JSON");
    let card = &some["rows"][0]["cards"][0];
    assert_eq!(
        (&card["series"], &card["hidden_series"]),
        (&serde_json::json!(["local:cpu.total"]), &Value::from(2))
    );
    let page = ask(&shop).await;
    for body in [&told.body, &page.body] {
        assert!(
            !body.contains("secret-host") && !body.contains("target:7") && !body.contains("target%3A7"),
            "{body}"
        );
    }
    assert_eq!(get(to, &path).await.status, 401);
    server.stop().await;
}

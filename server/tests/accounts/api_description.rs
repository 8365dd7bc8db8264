//! The description of the REST API, held against the table of routes, the router, and what a real server answers.

use std::{collections::BTreeSet, net::SocketAddr};

use access::{AccessTable, Action, Authorizer, Principal};
use common::{door::paths, role::Role};
use serde_json::{Value, json};

use crate::{
    browser::Browser,
    json_schema::problems,
    support::{Answer, TOKEN, get, request, start},
    with_admin,
};

const COMMITTED: &str = include_str!("../../../docs/openapi.json");

/// Routes that are no operations of the API: a person's documents and forms, live addresses (docs/protocol.md), files.
fn is_for_others(route: &str) -> bool {
    const DOCUMENTS: [&str; 17] = [
        "/account",
        "/dashboards",
        "/explore",
        "/explore.svg",
        "/history",
        "/hosts",
        "/invitation",
        "/kept-logs",
        "/language",
        "/notices",
        "/probes",
        "/set-up",
        "/settings",
        "/sign-in",
        "/sign-out",
        "/streams",
        "/targets",
    ];
    const LIVE: [&str; 3] = ["/live", "/socket.io", "/sse"];
    const EXPORTS: [&str; 2] = [paths::AUDIT_CSV, paths::AUDIT_JSON];
    let is_below = |path: &&str| route == *path || route.starts_with(&format!("{path}/"));
    let is_other = DOCUMENTS.iter().chain(&LIVE).any(is_below)
        || [paths::API, "/api/{*rest}", paths::SERVICE_WORKER].contains(&route);
    is_other && !EXPORTS.contains(&route)
}

struct Described {
    document: Value,
}

struct Operation<'a> {
    path: &'a str,
    method: String,
    says: &'a Value,
}

impl Described {
    fn new() -> Self {
        let text = pulseboard::openapi().expect("a document");
        Self { document: serde_json::from_str(&text).expect("JSON") }
    }

    fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.document["paths"].as_object().expect("paths");
        paths
            .iter()
            .flat_map(|(path, item)| {
                let item = item.as_object().expect("operations");
                item.iter().map(move |(method, says)| Operation { path, method: method.to_uppercase(), says })
            })
            .collect()
    }
}

#[test]
fn the_committed_document_is_what_the_code_makes() {
    let made = pulseboard::openapi().expect("a document");
    assert!(
        made == COMMITTED,
        "docs/openapi.json is not what the code makes: `cargo run -p server -- openapi > docs/openapi.json` writes it anew"
    );
}

#[test]
fn every_route_of_the_table_is_described_and_no_other() {
    let described = Described::new();
    let paths: BTreeSet<&str> = described.operations().iter().map(|one| one.path).collect();
    let pages: BTreeSet<&str> = app::paths().collect();
    let routes = pulseboard::guarded_routes().map(|(route, _, _)| route);
    let routes: BTreeSet<&str> =
        routes.filter(|route| !is_for_others(route) && !pages.contains(route)).collect();
    assert_eq!(paths, routes);
    assert!(routes.len() > 20, "{routes:?}");
}

#[test]
fn every_operation_says_the_security_of_the_table() {
    let described = Described::new();
    let actions: Vec<_> = pulseboard::guarded_routes().collect();
    let program =
        |scope: &str| Principal::program(1, "kim", Role::Admin, 1, [scope.parse().expect("a scope")].into());
    let may =
        |principal: &Principal, action: Action| AccessTable::default().may(principal, action, None).is_ok();
    let mut names = BTreeSet::new();
    for Operation { path, method, says } in described.operations() {
        let of_route = actions.iter().find(|(route, _, _)| *route == path).expect("a route");
        let action = if method == "GET" { of_route.2 } else { of_route.1 };
        let said = format!("{method} {path}");
        assert!(names.insert(says["operationId"].as_str().expect("a name")), "{said}: its name stands twice");
        let access = &says["x-access"];
        assert_eq!(access["action"], action.name(), "{said}");
        assert_eq!(access["role"], json!(action.least_role()), "{said}");
        assert_eq!(access["open_house"], may(&Principal::open_house(), action), "{said}");
        let proofs = says["security"].as_array().expect("a list, empty for everyone");
        let session = proofs.iter().any(|proof| proof.get("session").is_some());
        assert_eq!(session, action.least_role().is_some(), "{said}");
        let scopes: Vec<&str> = proofs
            .iter()
            .filter_map(|proof| proof["token"].as_array())
            .flatten()
            .map(|scope| scope.as_str().expect("a scope"))
            .collect();
        if action.least_role().is_none() {
            assert!(scopes.is_empty(), "{said}");
            continue;
        }
        for scope in &scopes {
            assert!(may(&program(scope), action), "{said}: {scope}");
        }
        for scope in ["read:*", "publish:custom/a", "send:*", "connections", "notices", "agent"] {
            let verb = scope.split(':').next().unwrap_or_default();
            let is_said = scopes.iter().any(|said| said.split(':').next() == Some(verb));
            assert_eq!(is_said, may(&program(scope), action), "{said}: {scope}");
        }
        for status in ["401", "403", "500", "503"] {
            let schema = &says["responses"][status]["content"]["application/json"]["schema"];
            assert_eq!(schema["$ref"], "#/components/schemas/ApiError", "{said}: {status}");
        }
    }
}

/// Asks with a body of JSON, if there is one, and gives up no answer but a whole one.
async fn ask(to: SocketAddr, method: &str, path: &str, lines: &str, body: Option<&str>) -> Answer {
    let body = match body {
        Some(body) => format!("content-length: {}\r\n\r\n{body}", body.len()),
        None => "\r\n".to_owned(),
    };
    request(to, &format!("{method} {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n{lines}{body}"))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_router_takes_the_methods_that_are_described_and_no_others() {
    let server = start().await;
    let described = Described::new();
    let operations = described.operations();
    let paths: BTreeSet<&str> = operations.iter().map(|one| one.path).collect();
    for path in paths {
        let real = path.replace("{id}", "1").replace("{room}", "lobby");
        let lines = format!("authorization: Bearer {TOKEN}\r\n");
        let lines = if real.contains("connections") { &*lines } else { "" };
        // The exports are for admins and the reports for agents, neither of whom an open house has.
        if path.starts_with(paths::AUDIT) || ["/api/v1/agents/report", "/api/v1/agents/live"].contains(&path)
        {
            continue;
        }
        let answer = ask(server.address, "PATCH", &real, lines, None).await;
        assert_eq!(answer.status, 405, "{path}: {}", answer.body);
        let allowed = answer.header("allow").expect("it says which");
        let allowed: BTreeSet<&str> =
            allowed.split(',').map(str::trim).filter(|method| *method != "HEAD").collect();
        let own: BTreeSet<&str> =
            operations.iter().filter(|one| one.path == path).map(|one| &*one.method).collect();
        assert_eq!(allowed, own, "{path}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_and_its_page_are_for_everyone() {
    let (server, _admin) = with_admin().await;
    let answer = get(server.address, paths::API_DOCUMENT).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.body, COMMITTED);
    let mut stranger = Browser::new(server.address);
    let page = stranger.get(paths::API).await;
    assert_eq!(page.status, 200);
    let curl = format!(
        "curl -H &quot;Authorization: Bearer $TOKEN&quot; &quot;http://{}/api/v1/hosts/local&quot;",
        server.address
    );
    assert!(page.body.contains(&curl.replace("&quot;", "\"")) || page.body.contains(&curl), "{}", page.body);
    for link in page.body.split("href=\"#").skip(1) {
        let id = link.split('"').next().unwrap_or_default();
        assert!(page.body.contains(&format!("id=\"{id}\"")), "nothing is at #{id}");
    }
    for operation in Described::new().operations() {
        let id = operation.says["operationId"].as_str().expect("a name");
        assert!(page.body.contains(&format!("id=\"{id}\"")), "{id}");
    }
}

/// Answers to good and bad requests, each with the operation that it is an answer of.
async fn probe(to: SocketAddr, operation: &Operation<'_>, lines: &str) -> Vec<(String, Answer)> {
    let Operation { path, method, says } = operation;
    let real = path.replace("{id}", "local").replace("{room}", "lobby");
    let other = path.replace("{id}", "%FF").replace("{room}", "%FF");
    let wrong = path.replace("{id}", "%00%2F").replace("{room}", "UPPER%20");
    let none = path.replace("{id}", "999999").replace("{room}", "nobody-made-it");
    let mut answers = Vec::new();
    let with_json = format!("{lines}content-type: application/json\r\n");
    let bodies: Vec<(String, Option<String>)> = if says.get("requestBody").is_some() {
        let example = says["requestBody"]["content"]["application/json"]["example"].to_string();
        let long = format!("{{\"topic\": \"{}\"", "x".repeat(80_000));
        let with = |body: &str| (with_json.clone(), Some(body.to_owned()));
        vec![
            with(&example),
            with("{}"),
            with("{"),
            with("[]"),
            with(""),
            with("\u{0}"),
            with(&long),
            (lines.to_owned(), Some(example.clone())),
            (format!("{with_json}idempotency-key: a\r\nidempotency-key: b\r\n"), Some(example)),
        ]
    } else {
        vec![(lines.to_owned(), (*method == "POST").then(String::new))]
    };
    let queries = [
        "",
        "?limit=0&since=x&before=x&show=x&level=x&order=x",
        "?limit=5000&before=1-1&transport=x",
        "?probe=short",
        "?probe=0123456789abcdef",
        "?%ff=%",
    ];
    let queries = if bodies.len() > 1 { &queries[..1] } else { &queries[..] };
    let paths = BTreeSet::from([&real, &other, &wrong, &none]);
    for (lines, body) in &bodies {
        for query in queries {
            for path in &paths {
                let said = format!("{method} {path}{query} {body:.60?}");
                answers
                    .push((said, ask(to, method, &format!("{path}{query}"), lines, body.as_deref()).await));
            }
        }
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_described() {
    let (server, mut admin) = with_admin().await;
    let to = server.address;
    admin.get("/account").await;
    let fields = [
        ("name", "all"),
        ("read", "*"),
        ("publish", "custom/*"),
        ("send", "*"),
        ("connections", "on"),
        ("notices", "on"),
        ("days", "30"),
    ];
    let page = admin.send("/account/tokens/create", &fields).await.body;
    let secret = page.split("pbt_").nth(1).expect("it is shown once");
    let secret: String = secret.chars().take_while(char::is_ascii_alphanumeric).collect();
    let cookies: Vec<String> = admin.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let askers = [
        String::new(),
        format!("authorization: Bearer pbt_{secret}\r\n"),
        "authorization: Bearer pbt_forged\r\n".to_owned(),
        format!("cookie: {}\r\n", cookies.join("; ")),
        "origin: http://evil.example\r\n".to_owned(),
    ];
    let described = Described::new();
    let mut statuses = BTreeSet::new();
    for operation in described.operations() {
        let responses = &operation.says["responses"];
        for lines in &askers {
            for (said, answer) in probe(to, &operation, lines).await {
                let said = format!("{said} by {lines:?}: {} {}", answer.status, answer.body);
                let response = &responses[answer.status.to_string()];
                assert!(response.is_object(), "not described: {said}");
                assert!(answer.status < 500 || operation.path == "/readyz", "{said}");
                let Some(content) = response["content"].as_object() else {
                    assert!(answer.body.is_empty(), "{said}");
                    continue;
                };
                let media_type = answer.header("content-type").unwrap_or_default();
                let content = content
                    .get(media_type)
                    .unwrap_or_else(|| panic!("{media_type} is not described: {said}"));
                if media_type == "application/json" {
                    let body = serde_json::from_str(&answer.body).expect(&said);
                    assert_eq!(problems(&described.document, &content["schema"], &body), [""; 0], "{said}");
                    if let Some(code) = body["code"].as_str() {
                        let description = response["description"].as_str().unwrap_or_default();
                        assert!(
                            description.contains(&format!("`{code}`")),
                            "{code} is not described: {said}"
                        );
                    }
                }
                statuses.insert(answer.status);
            }
        }
    }
    let met = [200, 201, 400, 401, 403, 404, 413, 415, 422];
    assert!(met.iter().all(|status| statuses.contains(status)), "{statuses:?}");
}

#[test]
fn the_rule_of_paging_names_every_list_with_its_bounds() {
    const RULE: &str = include_str!("../../../docs/api.md");
    let described = Described::new();
    let parameter = |says: &Value, name: &str| {
        let all = says["parameters"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|parameter| parameter["name"] == name && parameter["in"] == "query")
    };
    let mut lists = BTreeSet::new();
    for Operation { path, method, says } in described.operations() {
        let (limit, before) = (parameter(says, "limit"), parameter(says, "before"));
        if limit.is_none() && before.is_none() {
            continue;
        }
        let limit = limit.map_or("none".to_owned(), |limit| {
            format!("{} to {}", limit["schema"]["minimum"], limit["schema"]["maximum"])
        });
        let before = before.map_or("none", |before| {
            if before["schema"].to_string().contains("integer") { "a number" } else { "a cursor" }
        });
        lists.insert((format!("`{method} {path}`"), limit, before.to_owned()));
    }
    let table = RULE.split("| operation | `limit` |").nth(1).expect("the table of lists");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let told: BTreeSet<_> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            (cells[1].to_owned(), cells[2].to_owned(), cells[3].to_owned())
        })
        .collect();
    assert_eq!(told, lists);
}

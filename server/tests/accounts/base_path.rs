//! A board below a base path: whatever it writes for a browser lies there.

use crate::{
    PASSWORD,
    browser::{Browser, value_of},
    support::{TestServer, get, request, start_with},
};

const BASE: &str = "/pulse/";

async fn below() -> TestServer {
    start_with(|config| config.base_path = BASE.parse().expect("a base path")).await
}

/// A browser that has made the first account.
async fn set_up(server: &TestServer, lines: &str) -> Browser {
    let link = server.set_up.clone().expect("there is no account yet");
    let path = link.strip_prefix(&format!("http://{}", server.address)).expect("it is here");
    assert!(path.starts_with("/pulse/set-up?link="), "{path}");
    let mut browser = Browser { lines: lines.to_owned(), ..Browser::new(server.address) };
    assert_eq!(browser.get(path).await.status, 200);
    let secret = value_of(&browser.page, "link").expect("the link's secret");
    let fields = [("link", &*secret), ("name", "kim"), ("password", PASSWORD), ("password_again", PASSWORD)];
    let answer = browser.send("/pulse/set-up", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some(BASE)), "{}", answer.body);
    browser
}

/// The addresses of a document that begin at the root of its host and not at the base path.
fn outside(page: &str) -> Vec<&str> {
    let values =
        ["href=\"", "src=\"", "action=\"", "data-worker=\""].iter().flat_map(|name| page.split(name).skip(1));
    values
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.starts_with('/') && !address.starts_with(BASE))
        .collect()
}

#[tokio::test]
async fn every_document_names_addresses_below_the_base_path_alone() {
    let server = below().await;
    let mut admin = set_up(&server, "").await;
    let documents = [
        "",
        "lab",
        "lab/doctor",
        "account",
        "notices",
        "settings/people",
        "settings/audit",
        "api",
        "sign-in",
        "unheard-of",
    ];
    for document in documents {
        // The proxy may have taken the base path off.
        for path in [format!("{BASE}{document}"), format!("/{document}")] {
            let answer = admin.get(&path).await;
            assert!([200, 303, 404].contains(&answer.status), "{path}: {}", answer.status);
            assert_eq!(outside(&answer.body), Vec::<&str>::new(), "{path}");
            assert!(answer.header("location").is_none_or(|place| place.starts_with(BASE)), "{path}");
        }
    }
    let page = admin.get(BASE).await.body;
    assert!(page.contains(" data-base=\"/pulse\""), "the page's script finds it there");
    let mut stranger = Browser::new(server.address);
    assert_eq!(outside(&stranger.get("/pulse/sign-in").await.body), Vec::<&str>::new());
    let led = stranger.get("/pulse/lab").await;
    assert_eq!(led.header("location"), Some("/pulse/sign-in?next=%2Flab"));
    server.stop().await;
}

#[tokio::test]
async fn forms_lead_to_addresses_below_the_base_path() {
    let server = below().await;
    let mut admin = set_up(&server, "").await;
    admin.get("/pulse/settings/people").await;
    let fields = [("role", "viewer"), ("days", "7")];
    let invited = admin.send("/pulse/settings/invitations/create", &fields).await;
    let link = format!("http://{}/pulse/invitation?link=", server.address);
    assert!(invited.body.contains(&link), "{}", invited.body);
    admin.get("/pulse/account").await;
    let kept = admin.send("/pulse/account/preferences", &[("lang", "ko"), ("theme", "dark")]).await;
    assert_eq!(kept.header("location"), Some("/pulse/account"));
    assert!(kept.head.contains("lang=ko; Path=/pulse/;") && kept.head.contains("theme=dark; Path=/pulse/;"));
    admin.get("/pulse/account").await;
    let out = admin.send("/pulse/sign-out", &[]).await;
    assert_eq!(out.header("location"), Some("/pulse/sign-in"));
    admin.get("/pulse/sign-in?next=%2Flab").await;
    let fields = [("name", "kim"), ("password", PASSWORD), ("next", "/lab")];
    let back = admin.send("/pulse/sign-in", &fields).await;
    assert_eq!(back.header("location"), Some("/pulse/lab"));
    server.stop().await;
}

#[tokio::test]
async fn cookies_are_for_the_base_path_alone_and_those_of_a_board_beside_it_do_not_matter() {
    let server = start_with(|config| {
        config.base_path = BASE.parse().expect("a base path");
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    })
    .await;
    let mut admin = set_up(&server, "x-forwarded-proto: https\r\n").await;
    let names: Vec<&String> = admin.cookies.keys().collect();
    assert_eq!(names, ["__Secure-pulseboard-session~pulse"]);
    admin.cookies.insert("__Host-pulseboard-session".into(), "of the board at /".into());
    assert_eq!(admin.get("/pulse/account").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn programs_find_the_same_with_the_base_path_and_without_it() {
    let server = below().await;
    for path in ["/healthz", "/api/v1/hosts", "/socket.io/socket.io.js"] {
        let (with, without) =
            (get(server.address, &format!("/pulse{path}")).await, get(server.address, path).await);
        assert_eq!((with.status, with.body.len()), (200, without.body.len()), "{path}");
    }
    let described = get(server.address, "/api/openapi.json").await.body;
    let described: serde_json::Value = serde_json::from_str(&described).expect("JSON");
    assert_eq!(described["servers"], serde_json::json!([{"url": "/pulse"}]));
    let bare = get(server.address, "/pulse?lang=ko").await;
    assert_eq!((bare.status, bare.header("location")), (308, Some("/pulse/?lang=ko")));
    for path in ["/pulses/healthz", "/pulse//healthz", "/pulse/pulse/healthz"] {
        assert_ne!(get(server.address, path).await.status, 200, "{path}");
    }
    // The absolute form (RFC 9112 §3.2.2).
    let (to, head) = (server.address, "connection: close\r\n\r\n");
    let whole = request(to, &format!("GET http://{to}/pulse/healthz HTTP/1.1\r\nhost: {to}\r\n{head}")).await;
    assert_eq!(whole.status, 200);
    server.stop().await;
}

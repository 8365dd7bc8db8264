//! Set-up, sign-in, roles and invitations.

use crate::{
    OTHER, PASSWORD,
    browser::{Browser, value_of},
    invited, set_up, sign_in,
    support::{start, start_with},
    with_admin,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_closes_the_open_house() {
    let server = start().await;
    let mut stranger = Browser::new(server.address);
    assert_eq!(stranger.get("/api/v1/hosts").await.status, 200, "on loopback without accounts all is open");
    assert_eq!(stranger.get("/set-up?link=guessed").await.status, 403);
    let mut admin = set_up(&server).await;
    assert_eq!(admin.get("/api/v1/hosts").await.status, 200);
    assert_eq!(stranger.get("/api/v1/hosts").await.status, 303, "a browser is led to the sign-in page");
    stranger.lines = "accept: application/json\r\n".to_owned();
    let answer = stranger.get("/api/v1/hosts").await;
    assert_eq!(answer.status, 303, "it still says that it takes HTML");
    for path in ["/healthz", "/sign-in"] {
        assert_eq!(stranger.get(path).await.status, 200, "{path}");
    }
    let told = stranger.get("/readyz").await;
    assert!(["ready\n", "not ready\n"].contains(&&*told.body), "no more than that: {}", told.body);
    assert!(admin.get("/readyz").await.body.contains("last sample"));
    let used = server.set_up.clone().expect("the link of the start");
    let used = used.split_once("/set-up").map(|(_, rest)| format!("/set-up{rest}")).expect("a path");
    assert_eq!(stranger.get(&used).await.status, 410, "it was used");
    let page = admin.get("/account").await;
    assert!(page.status == 200 && page.body.contains("kim"), "{}", page.body);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(
        page.header("content-security-policy").is_some_and(|policy| policy.contains("form-action 'self'"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_knows_the_password_signs_in_and_no_one_else() {
    let (server, mut admin) = with_admin().await;
    for (name, password) in
        [("kim", OTHER), ("lee", PASSWORD), ("", ""), ("kim", ""), (&"x".repeat(5_000), PASSWORD)]
    {
        let (mut browser, status) = sign_in(&server, name, password).await;
        assert_eq!(status, 401, "{name}");
        assert_eq!(browser.get("/account").await.status, 303);
    }
    let (mut browser, status) = sign_in(&server, " KIM ", PASSWORD).await;
    assert_eq!(status, 303, "capitals and spaces around a name say nothing");
    assert_eq!(browser.get("/account").await.status, 200);
    // A copy of the cookie opens nothing once its owner has left.
    let mut thief = browser.clone();
    assert_eq!(browser.send("/sign-out", &[]).await.status, 303);
    assert_eq!(browser.get("/account").await.status, 303);
    assert_eq!(thief.get("/account").await.status, 303);
    assert_eq!(admin.get("/account").await.status, 200, "another session goes on");
    let audit = admin.get("/settings/audit.csv").await.body;
    for action in ["create_user", "sign_in", "sign_in_refused", "sign_out"] {
        assert!(audit.contains(&format!("\"{action}\"")), "{action}: {audit}");
    }
    assert!(!audit.contains(PASSWORD) && !audit.contains(OTHER));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_page_does_nothing() {
    let (server, mut admin) = with_admin().await;
    admin.get("/settings/people").await;
    let right = value_of(&admin.page, "csrf").expect("a token");
    let (mut other, _) = sign_in(&server, "kim", PASSWORD).await;
    other.get("/account").await;
    let of_another = value_of(&other.page, "csrf").expect("a token");
    assert_ne!(right, of_another);
    for csrf in ["", "x", &of_another] {
        let fields = [("csrf", csrf), ("role", "admin"), ("days", "7")];
        let answer = admin.post("/settings/invitations/create", &fields).await;
        assert_eq!(answer.status, 403, "{csrf:?}");
    }
    // Nor does one that a browser says comes from elsewhere.
    admin.lines = "origin: http://evil.example\r\n".to_owned();
    let fields = [("csrf", &*right), ("role", "admin"), ("days", "7")];
    assert_eq!(admin.post("/settings/invitations/create", &fields).await.status, 403);
    admin.lines.clear();
    let page = admin.get("/settings/people").await.body;
    assert!(!page.contains("/settings/invitations/revoke"), "no invitation was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_gets_slow_and_the_owner_is_not_locked_out() {
    let (server, _) = with_admin().await;
    let mut last = 0;
    for _ in 0..12 {
        last = sign_in(&server, "kim", OTHER).await.1;
    }
    assert_eq!(last, 429, "the owner signs in from here, too, and waits a few seconds");
    let (_, status) = sign_in(&server, "kim", PASSWORD).await;
    assert_eq!(status, 429, "the right password is not looked at meanwhile");
    let (_, status) = sign_in(&server, "lee", OTHER).await;
    assert_eq!(status, 401, "others wait for nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_reach_as_far_as_the_table_says() {
    let (server, mut admin) = with_admin().await;
    let mut viewer = invited(&server, &mut admin, "lee", "viewer").await;
    let mut operator = invited(&server, &mut admin, "park", "operator").await;
    let table = [
        ("/", [200, 200, 200]),
        ("/api/v1/hosts", [200, 200, 200]),
        ("/metrics", [200, 200, 200]),
        ("/account", [200, 200, 200]),
        ("/api/v1/chat/lobby/messages", [200, 200, 200]),
        ("/api/v1/connections", [403, 200, 200]),
        ("/settings/people", [403, 403, 200]),
        ("/settings/audit", [403, 403, 200]),
        ("/settings/audit.json", [403, 403, 200]),
        ("/api/v1/unheard-of", [404, 404, 404]),
    ];
    for (path, expected) in table {
        let mut told = Vec::new();
        for browser in [&mut viewer, &mut operator, &mut admin] {
            told.push(browser.get(path).await.status);
        }
        assert_eq!(told, expected, "{path}");
    }
    // A form that only admins are shown is refused to others, whatever they send.
    viewer.get("/account").await;
    for path in ["/settings/people/role", "/settings/people/disable", "/settings/invitations/create"] {
        assert_eq!(
            viewer.send(path, &[("id", "1"), ("role", "admin"), ("days", "7")]).await.status,
            403,
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_makes_one_account_with_its_role() {
    let (server, mut admin) = with_admin().await;
    admin.get("/settings/people").await;
    let answer = admin.send("/settings/invitations/create", &[("role", "viewer"), ("days", "1")]).await;
    let secret = answer.body.split("/invitation?link=").nth(1).expect("a link");
    let secret: String = secret.chars().take_while(char::is_ascii_alphanumeric).collect();
    let path = format!("/invitation?link={secret}");
    let mut one = Browser::new(server.address);
    one.get(&path).await;
    let mut other = one.clone();
    let fields = |name| {
        [
            ("link", secret.clone()),
            ("name", name),
            ("password", PASSWORD.to_owned()),
            ("password_again", PASSWORD.to_owned()),
        ]
    };
    let sent = async |browser: &mut Browser, name: &str| {
        let fields = fields(name.to_owned());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.send("/invitation", &fields).await.status
    };
    assert_eq!(sent(&mut one, "Kim").await, 422, "the name is taken, whatever its capitals");
    assert_eq!(sent(&mut one, "\u{43a}im<b>").await, 422, "no name");
    assert_eq!(sent(&mut one, "lee").await, 303);
    assert_eq!(sent(&mut other, "park").await, 410, "it was used");
    assert_eq!(other.get(&path).await.status, 410);
    assert_eq!(one.get("/settings/people").await.status, 403);
    assert_eq!(admin.get("/settings/people").await.body.matches("lee").count().min(1), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays_one() {
    let (_server, mut admin) = with_admin().await;
    admin.get("/settings/people").await;
    assert_eq!(admin.send("/settings/people/role", &[("id", "1"), ("role", "viewer")]).await.status, 422);
    assert_eq!(admin.send("/settings/people/disable", &[("id", "1")]).await.status, 422);
    assert_eq!(admin.send("/settings/people/disable", &[("id", "77")]).await.status, 422);
    assert_eq!(admin.get("/settings/people").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_loopback_nothing_is_served_before_there_is_an_account() {
    let server = start_with(|config| {
        config.listen = "0.0.0.0:0".parse().expect("an address");
        config.hosts = vec!["board.example".parse().expect("a host")];
    })
    .await;
    let link = server.set_up.clone().expect("a link");
    assert!(link.starts_with("http://board.example:"), "{link}");
    let to = std::net::SocketAddr::from(([127, 0, 0, 1], server.address.port()));
    let mut stranger = Browser::new(to);
    for path in ["/", "/api/v1/hosts", "/metrics", "/live/sse?topics=rooms", "/chat"] {
        assert_eq!(stranger.get(path).await.status, 303, "{path}");
    }
    assert_eq!(stranger.get("/healthz").await.status, 200);
    let secret = link.split("link=").nth(1).expect("a link");
    assert_eq!(stranger.get(&format!("/set-up?link={secret}")).await.status, 200);
    let fields = [("link", secret), ("name", "kim"), ("password", PASSWORD), ("password_again", PASSWORD)];
    assert_eq!(stranger.send("/set-up", &fields).await.status, 303);
    assert_eq!(stranger.get("/api/v1/hosts").await.status, 200);
    // The link is done with, and others sign in.
    let mut other = Browser::new(to);
    assert_eq!(other.get(&format!("/set-up?link={secret}")).await.status, 410);
    assert_eq!(other.get("/sign-in").await.status, 200);
    assert_eq!(other.send("/sign-in", &[("name", "kim"), ("password", PASSWORD)]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_not_signed_in_chooses_a_language_that_stays() {
    let server = start().await;
    let link = server.set_up.clone().expect("there is no account yet");
    let secret = link.split("link=").nth(1).expect("a link");
    let mut browser = Browser::new(server.address);
    let page = browser.get(&format!("/set-up?link={secret}")).await.body;
    assert!(page.contains("lang=\"en\"") && page.contains("한국어"), "{page}");
    let next = format!("/set-up?link={secret}");
    let answer = browser.send("/language", &[("lang", "ko"), ("next", &next)]).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some(&*next)));
    let page = browser.get(&next).await.body;
    assert!(page.contains("<html lang=\"ko\"") && page.contains("English"), "{page}");
    assert!(browser.get("/nowhere").await.body.contains("<html lang=\"ko\""), "it stays for pages");
    browser.get(&next).await;
    for (lang, next, leads_to) in [("en", "//evil.example", "/"), ("tlh", "/sign-in", "/sign-in")] {
        let answer = browser.send("/language", &[("lang", lang), ("next", next)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(leads_to)));
        browser.get(&format!("/set-up?link={secret}")).await;
    }
    assert_eq!(browser.cookies.get("lang").map(String::as_str), Some("en"), "there is no such language");
    let forged = browser.post("/language", &[("csrf", "x"), ("lang", "ko"), ("next", "/")]).await;
    assert_eq!(forged.status, 403);
}

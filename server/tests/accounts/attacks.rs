//! Attempts of people who should not come in, or who have been let in and want more.

use totp_rs::{Algorithm, Builder, Secret};

use crate::{
    OTHER, PASSWORD,
    browser::{Browser, value_of},
    invited, sign_in,
    support::{TOKEN, TestServer, request},
    with_admin,
};

/// The code that an app shows now for a key in base32.
fn code(key: &str) -> String {
    let secret = Secret::try_from_base32(key.replace(' ', "")).expect("a key");
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30);
    let totp = builder.with_secret(secret).with_account_name("kim").build().expect("a factor");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    totp.generate(now.as_secs()).to_string()
}

/// The key that a document shows for an app.
fn key(page: &str) -> Option<String> {
    let text = page.split("id=\"totp-secret\"").nth(1)?;
    Some(text.split('>').nth(1)?.split('<').next()?.trim().to_owned())
}

/// Begins to set a second factor up, by the password.
async fn begin(browser: &mut Browser, password: &str) -> u16 {
    browser.get("/account").await;
    browser.send("/account/totp/start", &[("name", "kim"), ("current_password", password)]).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_alone_sets_no_second_factor_up() {
    let (server, mut admin) = with_admin().await;
    assert_eq!(begin(&mut admin, OTHER).await, 422);
    assert_eq!(key(&admin.page), None);
    admin.get("/account").await;
    assert_eq!(admin.send("/account/totp/start", &[]).await.status, 422, "it lacks the password");
    assert_eq!(begin(&mut admin, PASSWORD).await, 200);
    let shown = key(&admin.page).expect("the key");
    let picture = admin.page.split("aria-label=\"QR code").nth(1).expect("a QR code beside it");
    assert!(picture.starts_with(" with the key below\"") && picture.contains("<svg"));
    let set_up = value_of(&admin.page, "set_up").expect("a set-up");
    let csrf = value_of(&admin.page, "csrf").expect("a token");
    // Someone else who has a session of the account sees nothing of it, and cannot finish it.
    let (mut thief, _) = sign_in(&server, "kim", PASSWORD).await;
    assert_eq!(thief.get("/account").await.status, 200);
    assert!(!thief.page.contains(&shown) && key(&thief.page).is_none());
    let fields = [("set_up", &*set_up), ("code", &*code(&shown))];
    assert_eq!(thief.send("/account/totp/confirm", &fields).await.status, 422);
    let other = "00".repeat(20);
    let forged = set_up.replacen(set_up.split('.').next().expect("a key"), &other, 1);
    admin.page = format!("<input name=\"csrf\" value=\"{csrf}\">");
    assert_eq!(
        admin.send("/account/totp/confirm", &[("set_up", &forged), ("code", "123456")]).await.status,
        422
    );
    // A wrong code shows it again; the right one turns it on, once.
    admin.page = format!("<input name=\"csrf\" value=\"{csrf}\">");
    let wrong = admin.send("/account/totp/confirm", &[("set_up", &set_up), ("code", "12345")]).await;
    assert_eq!((wrong.status, key(&wrong.body)), (422, Some(shown.clone())));
    let set_up = value_of(&admin.page, "set_up").expect("a set-up");
    let on = admin.send("/account/totp/confirm", &[("set_up", &set_up), ("code", &code(&shown))]).await;
    assert_eq!(on.status, 200);
    assert!(on.body.contains("recovery-codes"), "{}", on.body);
    // Neither is it turned off, nor another one begun, without the password.
    for path in ["/account/totp/off", "/account/totp/start"] {
        thief.get("/account").await;
        thief.send(path, &[("name", "kim"), ("current_password", OTHER)]).await;
    }
    let (asked, status) = sign_in(&server, "kim", PASSWORD).await;
    assert_eq!((status, asked.cookies.contains_key("pulseboard-pending")), (303, true), "it is on");
    let audit = admin.get("/settings/audit.csv").await.body;
    assert!(audit.contains("\"second_factor_on\"") && !audit.contains("\"second_factor_off\""), "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_an_admin_does_not_come_back_by_a_link_of_before() {
    let (server, mut admin) = with_admin().await;
    let mut leaver = invited(&server, &mut admin, "lee", "admin").await;
    leaver.get("/settings/people").await;
    let made = leaver.send("/settings/invitations/create", &[("role", "admin"), ("days", "30")]).await;
    let secret = made.body.split("/invitation?link=").nth(1).expect("a link");
    let secret: String = secret.chars().take_while(char::is_ascii_alphanumeric).collect();
    let mut door = Browser::new(server.address);
    assert_eq!(door.get(&format!("/invitation?link={secret}")).await.status, 200);
    admin.get("/settings/people").await;
    assert_eq!(admin.send("/settings/people/disable", &[("id", "2")]).await.status, 200);
    let fields = [("link", &*secret), ("name", "ghost"), ("password", OTHER), ("password_again", OTHER)];
    assert_eq!(door.send("/invitation", &fields).await.status, 410);
    assert_eq!(door.get(&format!("/invitation?link={secret}")).await.status, 410);
    assert_eq!(sign_in(&server, "ghost", OTHER).await.1, 401);
}

async fn ask(server: &TestServer, method: &str, path: &str, lines: &str, body: &str) -> u16 {
    let to = server.address;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n{lines}content-length: {}\r\n\r\n",
        body.len()
    );
    request(to, &(head + body)).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_token_opens_the_connections_and_nothing_else() {
    let (server, _admin) = with_admin().await;
    let bearer = format!("authorization: Bearer {TOKEN}\r\n");
    assert_eq!(ask(&server, "GET", "/api/v1/connections", &bearer, "").await, 200);
    for path in ["/", "/metrics", "/api/v1/hosts", "/live/poll?topics=custom/a", "/settings/people"] {
        assert_eq!(ask(&server, "GET", path, &bearer, "").await, 403, "{path}");
    }
    let lines = format!("{bearer}content-type: application/json\r\n");
    let publication = r#"{"topic":"custom/a","data":1}"#;
    assert_eq!(ask(&server, "POST", "/api/v1/publish", &lines, publication).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_are_none_keep_nobody_from_signing_in() {
    let (server, _admin) = with_admin().await;
    let mut lured = Browser::new(server.address);
    for n in 0..40 {
        assert_eq!(lured.get(&format!("/invitation?link={n}")).await.status, 410);
    }
    assert_eq!(sign_in(&server, "kim", PASSWORD).await.1, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_that_the_audit_log_does_not_know() {
    let (server, mut admin) = with_admin().await;
    let topic = format!("custom/{0}/{0}", "a".repeat(60));
    let topics: Vec<String> = (10..99).map(|n| format!("{topic}{n}")).collect();
    let create = async |admin: &mut Browser, name: &str, topics: &[String]| {
        admin.get("/account").await;
        let read = topics.join(" ");
        let fields = [("name", name), ("read", &*read), ("publish", ""), ("send", ""), ("days", "30")];
        admin.send("/account/tokens/create", &fields).await.status
    };
    assert_eq!(create(&mut admin, "too-many", &topics[..70]).await, 422);
    assert_eq!(create(&mut admin, "long", &topics[..64]).await, 200);
    sign_in(&server, "no\u{0}body\n", OTHER).await;
    let audit = admin.get("/settings/audit.csv").await.body;
    assert!(audit.contains("\"create_token\",\"token:1 long\""), "{audit}");
    assert!(audit.contains("\"sign_in_refused\",\"no\u{fffd}body\u{fffd}\""), "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_signs_in_again_leaves_no_session_behind() {
    let (server, _admin) = with_admin().await;
    let (mut browser, _) = sign_in(&server, "kim", PASSWORD).await;
    let mut copy = browser.clone();
    browser.get("/account").await;
    assert_eq!(browser.send("/sign-in", &[("name", "kim"), ("password", PASSWORD)]).await.status, 303);
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(copy.get("/account").await.status, 303, "the session of before has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_korean_name_is_a_name() {
    let (server, mut admin) = with_admin().await;
    let name = "값진이름".repeat(16);
    invited(&server, &mut admin, &name, "viewer").await;
    assert_eq!(sign_in(&server, &name, PASSWORD).await.1, 303);
}

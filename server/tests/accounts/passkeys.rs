//! Passkeys: added, used, misused and removed.

use crate::{
    PASSWORD,
    authenticator::Authenticator,
    browser::{Browser, value_of},
    invited, set_up, sign_in,
    support::{Answer, TestServer, start_with},
    with_admin,
};

/// The options of the form that asks the browser.
fn options(page: &str) -> String {
    let text =
        page.split("data-options=\"").nth(1).expect("a form that asks").split('"').next().expect("its end");
    text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&")
}

fn challenge(page: &str) -> String {
    value_of(page, "challenge").expect("a challenge")
}

fn at(server: &TestServer) -> String {
    format!("localhost:{}", server.address.port())
}

fn authenticator(server: &TestServer) -> Authenticator {
    Authenticator::new(&format!("http://{}", at(server)), "localhost")
}

/// The browser, as it goes by a name instead of a number: only a domain has passkeys.
fn by_name(server: &TestServer, browser: &Browser) -> Browser {
    Browser { host: Some(at(server)), ..browser.clone() }
}

async fn add(browser: &mut Browser, device: &mut Authenticator, name: &str) -> Answer {
    browser.get("/account").await;
    let page = browser.send("/account/passkeys/start", &[("name", name)]).await.body;
    let credential = device.create(&options(&page));
    let fields = [("name", name), ("challenge", &challenge(&page)), ("credential", &credential)];
    browser.send("/account/passkeys/finish", &fields).await
}

/// Signs in with what a device answers to the question of this browser's sign-in page.
async fn enter(browser: &mut Browser, device: &mut Authenticator) -> Answer {
    let page = browser.get("/sign-in?next=/chat").await.body;
    let credential = device.get(&options(&page));
    let fields = [("next", "/chat"), ("challenge", &challenge(&page)), ("credential", &credential)];
    browser.send("/sign-in/passkey", &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_signs_in_without_a_code_and_is_removed() {
    let (server, admin) = with_admin().await;
    let (mut kim, mut device) = (by_name(&server, &admin), authenticator(&server));
    let added = add(&mut kim, &mut device, "  my phone ").await;
    assert_eq!(added.status, 200, "{}", added.body);
    assert!(added.body.contains("my phone") && added.body.contains("localhost"), "{}", added.body);
    let policy = added.header("content-security-policy").expect("a policy");
    assert!(policy.contains("script-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    for _ in 0..2 {
        let mut other = by_name(&server, &Browser::new(server.address));
        let entered = enter(&mut other, &mut device).await;
        assert_eq!((entered.status, entered.header("location")), (303, Some("/chat")), "{}", entered.body);
        assert!(other.get("/account").await.body.contains("kim"));
    }
    let page = kim.get("/account").await.body;
    let id = page
        .split("/account/passkeys/remove")
        .nth(1)
        .and_then(|form| value_of(form, "id"))
        .expect("it is listed");
    let audit = kim.get("/settings/audit").await.body;
    assert!(audit.contains("add_passkey") && audit.contains("my phone"), "{audit}");
    kim.get("/account").await;
    assert_eq!(kim.send("/account/passkeys/remove", &[("id", &id)]).await.status, 200);
    assert_eq!(kim.send("/account/passkeys/remove", &[("id", &id)]).await.status, 422, "it is gone");
    let mut late = by_name(&server, &Browser::new(server.address));
    assert_eq!(enter(&mut late, &mut device).await.status, 401);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_once_in_its_browser_for_its_site_and_with_its_person() {
    let server =
        start_with(|config| config.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")]).await;
    let admin = set_up(&server).await;
    let (mut kim, mut device) = (by_name(&server, &admin), authenticator(&server));
    assert_eq!(add(&mut kim, &mut device, "phone").await.status, 200);
    // Each from an address of its own: wrong answers from one are slowed down.
    let addresses = std::cell::Cell::new(0_u8);
    let fresh = || {
        addresses.set(addresses.get() + 1);
        let lines = format!("x-forwarded-for: 192.0.2.{}\r\n", addresses.get());
        Browser { lines, ..by_name(&server, &Browser::new(server.address)) }
    };

    // An answer that was heard once is no proof any more, not even in the browser that sent it.
    let mut other = fresh();
    let page = other.get("/sign-in").await.body;
    let (credential, asked) = (device.get(&options(&page)), challenge(&page));
    let csrf = value_of(&page, "csrf").expect("a token");
    let before = other.clone();
    let fields =
        [("csrf", csrf.as_str()), ("challenge", asked.as_str()), ("credential", credential.as_str())];
    assert_eq!(other.post("/sign-in/passkey", &fields).await.status, 303);
    assert_eq!(before.clone().post("/sign-in/passkey", &fields).await.status, 401, "replayed");
    for spelled in [asked.replacen('.', ".+", 1), asked.replacen('.', ".0", 1)] {
        let fields =
            [("csrf", csrf.as_str()), ("challenge", spelled.as_str()), ("credential", credential.as_str())];
        let answer = before.clone().post("/sign-in/passkey", &fields).await;
        assert_eq!(answer.status, 401, "spelled in another way: {spelled}");
    }

    // The challenge is another browser's.
    let (mut mine, mut theirs) = (fresh(), fresh());
    let page = theirs.get("/sign-in").await.body;
    let credential = device.get(&options(&page));
    mine.get("/sign-in").await;
    let sent = [("challenge", challenge(&page)), ("credential", credential)];
    let sent = sent.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(mine.send("/sign-in/passkey", &sent).await.status, 401, "another browser's");

    device.verifies = false;
    assert_eq!(enter(&mut fresh(), &mut device).await.status, 401, "nobody was verified");
    device.verifies = true;
    device.origin = "https://evil.example".into();
    assert_eq!(enter(&mut fresh(), &mut device).await.status, 401, "for another site");
    device.origin = format!("http://{}", at(&server));
    device.domain = "evil.example".into();
    assert_eq!(enter(&mut fresh(), &mut device).await.status, 401, "of another site");
    device.domain = "localhost".into();
    let handle = device.handle.replace("AAAAAAAAAAAAAAAAAAAAAg".into());
    assert_eq!(enter(&mut fresh(), &mut device).await.status, 401, "for another account");
    device.handle = handle;
    assert_eq!(enter(&mut fresh(), &mut authenticator(&server)).await.status, 401, "a passkey of nobody");

    for (challenge, credential) in
        [("", ""), ("..", "{}"), ("a.b.c", "null"), ("a.99999999999999.c", "[]"), ("", "{\"id\":1}")]
    {
        let mut bad = fresh();
        bad.get("/sign-in").await;
        let answer =
            bad.send("/sign-in/passkey", &[("challenge", challenge), ("credential", credential)]).await;
        assert_eq!(answer.status, 401, "{challenge} {credential}: {}", answer.body);
    }
    assert_eq!(enter(&mut fresh(), &mut device).await.status, 303, "the right one still works");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_one_accounts_and_is_added_by_its_owner_alone() {
    let (server, mut admin) = with_admin().await;
    let vera = invited(&server, &mut admin, "vera", "viewer").await;
    let (mut kim, mut vera) = (by_name(&server, &admin), by_name(&server, &vera));
    let (mut one, mut other) = (authenticator(&server), authenticator(&server));
    assert_eq!(add(&mut kim, &mut one, "phone").await.status, 200);
    let handle = one.handle.clone();
    let taken = add(&mut vera, &mut one, "phone").await;
    assert_eq!(taken.status, 422, "{}", taken.body);
    one.handle = handle;

    // One session does not end what another has begun.
    kim.get("/account").await;
    let page = kim.send("/account/passkeys/start", &[("name", "key")]).await.body;
    let credential = other.create(&options(&page));
    let asked = challenge(&page);
    let fields = [("name", "key"), ("challenge", asked.as_str()), ("credential", credential.as_str())];
    vera.get("/account").await;
    assert_eq!(vera.send("/account/passkeys/finish", &fields).await.status, 422, "another account's");
    let (second, _) = sign_in(&server, "kim", PASSWORD).await;
    let mut second = by_name(&server, &second);
    second.get("/account").await;
    assert_eq!(second.send("/account/passkeys/finish", &fields).await.status, 422, "another session's");
    for name in ["", " ", &"x".repeat(65), "a\u{7}b"] {
        assert_eq!(kim.send("/account/passkeys/start", &[("name", name)]).await.status, 422, "{name:?}");
    }
    kim.get("/account").await;
    assert_eq!(kim.send("/account/passkeys/finish", &fields).await.status, 200);

    // A row of another's is as one that is not there.
    vera.get("/account").await;
    assert_eq!(vera.send("/account/passkeys/remove", &[("id", "1")]).await.status, 422);
    assert_eq!(enter(&mut by_name(&server, &Browser::new(server.address)), &mut one).await.status, 303);

    // By a number there are none, and nothing asks.
    let by_number = admin.get("/account").await.body;
    assert!(
        !by_number.contains("data-options") && !by_number.contains("/account/passkeys/start"),
        "{by_number}"
    );
    let page = Browser::new(server.address).get("/sign-in").await.body;
    assert!(!page.contains("data-options"), "{page}");

    // A disabled account has no way in.
    assert_eq!(add(&mut vera, &mut authenticator(&server), "hers").await.status, 200);
    let mut hers = authenticator(&server);
    assert_eq!(add(&mut vera, &mut hers, "hers, too").await.status, 200);
    admin.get("/settings/people").await;
    assert_eq!(admin.send("/settings/people/disable", &[("id", "2")]).await.status, 200);
    assert_eq!(enter(&mut by_name(&server, &Browser::new(server.address)), &mut hers).await.status, 401);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_are_slowed_down_and_fill_no_audit_log() {
    let (server, admin) = with_admin().await;
    let mut stranger = by_name(&server, &Browser::new(server.address));
    let fields = [("challenge", "x"), ("credential", "x")];
    let mut statuses = Vec::new();
    for _ in 0..12 {
        stranger.get("/sign-in").await;
        statuses.push(stranger.send("/sign-in/passkey", &fields).await.status);
    }
    assert_eq!(statuses[0], 401);
    assert_eq!(statuses[11], 429, "{statuses:?}");
    let refused = statuses.iter().filter(|status| **status == 401).count();
    let mut admin = by_name(&server, &admin);
    let audit = admin.get("/settings/audit?action=sign_in_refused").await.body;
    assert_eq!(audit.matches("<td>sign_in_refused").count().max(audit.matches("a passkey").count()), refused);
    server.stop().await;
}

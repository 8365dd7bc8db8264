//! Sign-in at a provider of OpenID Connect.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use common::role::Role;
use pulseboard::secret::Secret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    PASSWORD,
    browser::Browser,
    provider::{CLIENT, Lie, Provider, SECRET},
    set_up, sign_in,
    support::{TestServer, binary::pulseboard, request, start_with},
};

async fn house(provider: &Provider, create_accounts: bool, with_roles: bool) -> (TestServer, Browser) {
    let server = open_house(provider, create_accounts, with_roles).await;
    let admin = set_up(&server).await;
    (server, admin)
}

/// A server that has no account yet.
async fn open_house(provider: &Provider, create_accounts: bool, with_roles: bool) -> TestServer {
    start_with(|config| {
        config.oidc.issuer = Some(provider.issuer().to_owned());
        config.oidc.client_id = Some(CLIENT.to_owned());
        config.oidc.client_secret = Some(Secret::new(SECRET));
        config.oidc.name = Some("The Team".to_owned());
        config.oidc.create_accounts = create_accounts;
        if with_roles {
            config.oidc.role_claim = Some("groups".to_owned());
            let roles = [("ops", Role::Operator), ("staff", Role::Viewer), ("root", Role::Admin)];
            config.oidc.roles = roles.map(|(word, role)| (word.to_owned(), role)).into();
        }
    })
    .await
}

fn person(subject: &str, name: &str, groups: &[&str]) -> Value {
    json!({ "sub": subject, "preferred_username": name, "groups": groups })
}

/// Goes to the provider and signs in there. Returns the way back.
async fn at_provider(browser: &mut Browser, provider: &Provider) -> String {
    let answer = browser.get("/sign-in/provider?next=%2Faccount").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let address = answer.header("location").expect("an address");
    let (host, query) = address.split_once("/authorize?").expect("the provider's");
    assert_eq!(host, provider.issuer());
    let to = host.trim_start_matches("http://").parse().expect("an address");
    let agreed =
        request(to, &format!("GET /authorize?{query} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n"))
            .await;
    let back = agreed.header("location").expect("the way back").to_owned();
    let origin = format!("http://{}", browser.to);
    back.strip_prefix(&origin).expect("this server's").to_owned()
}

/// Signs in by the provider. Returns the status of the way back.
async fn come_in(browser: &mut Browser, provider: &Provider) -> u16 {
    let back = at_provider(browser, provider).await;
    let answer = browser.get(&back).await;
    if answer.status == 303 {
        assert_eq!(answer.header("location"), Some("/account"), "it goes on to where it wanted to");
    }
    answer.status
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_the_provider_knows_comes_in_with_the_role_that_it_gives() {
    let provider = Provider::start().await;
    let (server, mut admin) = house(&provider, true, true).await;
    let mut browser = Browser::new(server.address);
    let page = browser.get("/sign-in?next=%2Faccount").await.body;
    assert!(
        page.contains("Sign in with The Team") && page.contains("/sign-in/provider?next=%2Faccount"),
        "{page}"
    );
    provider.person(person("s-1", "lee", &["staff", "ops"]));
    assert_eq!(come_in(&mut browser, &provider).await, 303);
    assert!(is_in(&mut browser).await && browser.page.contains("lee"), "{}", browser.page);
    assert!(!browser.page.contains("/account/password"), "its password is the provider's");
    assert_eq!(browser.get("/api/v1/connections").await.status, 200, "an operator");
    // A person with another name is the same account; its role is what the provider says now, everywhere.
    provider.person(person("s-1", "renamed", &["staff"]));
    let mut phone = Browser::new(server.address);
    assert_eq!(come_in(&mut phone, &provider).await, 303);
    assert!(is_in(&mut phone).await && phone.page.contains("lee"));
    for browser in [&mut phone, &mut browser] {
        assert_eq!(browser.get("/api/v1/connections").await.status, 403);
    }
    // Another person with the name of an account is none of its owner.
    provider.person(person("s-2", "kim", &["root"]));
    let mut other = Browser::new(server.address);
    assert_eq!(come_in(&mut other, &provider).await, 303);
    assert!(is_in(&mut other).await && other.page.contains("kim-2"), "{}", other.page);
    let people = admin.get("/settings/people").await.body;
    assert!(!people.contains("renamed") && people.contains("kim-2"), "{people}");
    let audit = admin.get("/settings/audit.csv").await.body;
    let issuer = provider.issuer();
    for entry in [
        format!("\"create_user\",\"user:2 lee\",\"127.0.0.1\",\"by the provider {issuer}\""),
        format!("\"sign_in\",\"user:2 lee\",\"127.0.0.1\",\"provider {issuer}\""),
        "\"operator to viewer, by the provider\"".to_owned(),
    ] {
        assert!(audit.contains(&entry), "{entry} in {audit}");
    }
    // There is no password to guess.
    assert_eq!(sign_in(&server, "lee", "").await.1, 401);
    assert_eq!(sign_in(&server, "kim", PASSWORD).await.1, 303, "others sign in as before");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_says_is_believed_only_where_it_can_be() {
    let provider = Provider::start().await;
    let (server, mut admin) = house(&provider, true, true).await;
    provider.person(person("s-1", "lee", &["ops"]));
    for lie in [Lie::Signature, Lie::NoSignature, Lie::Issuer, Lie::Audience, Lie::Expired, Lie::Nonce] {
        provider.lie(lie);
        let mut browser = Browser::new(server.address);
        assert_eq!(come_in(&mut browser, &provider).await, 502, "{lie:?}");
        assert!(browser.page.contains("502-"), "an id to quote: {}", browser.page);
        assert!(!is_in(&mut browser).await, "{lie:?}");
    }
    provider.lie(Lie::None);
    for claims in
        [json!({ "sub": "s-1" }), person("s-1", "lee", &[]), person("s-1", "lee", &["OPS", "other"])]
    {
        provider.person(claims.clone());
        let mut browser = Browser::new(server.address);
        assert_eq!(come_in(&mut browser, &provider).await, 403, "{claims}");
        assert!(!is_in(&mut browser).await);
    }
    let people = admin.get("/settings/people").await.body;
    assert!(!people.contains("lee"), "nobody got an account: {people}");
    let audit = admin.get("/settings/audit.csv").await.body;
    assert_eq!(audit.matches("\"sign_in_refused\"").count(), 9, "{audit}");
    provider.person(person("s-1", "lee", &["ops"]));
    let mut browser = Browser::new(server.address);
    assert_eq!(come_in(&mut browser, &provider).await, 303, "an honest word opens again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_is_for_its_browser_and_for_once() {
    let provider = Provider::start().await;
    let (server, _admin) = house(&provider, true, false).await;
    let mut browser = Browser::new(server.address);
    // Without having gone there, or with what another browser has begun.
    assert_eq!(browser.get("/sign-in/provider/return?code=code-0&state=x").await.status, 403);
    assert_eq!(browser.get("/sign-in/provider/return").await.status, 403);
    let mut thief = Browser::new(server.address);
    let of_thief = at_provider(&mut thief, &provider).await;
    let own = at_provider(&mut browser, &provider).await;
    assert_eq!(browser.get(&of_thief).await.status, 403, "nobody is signed in to another's account");
    assert!(!is_in(&mut browser).await);
    // The way of before is used up by that.
    assert_eq!(browser.get(&own).await.status, 403);
    let back = at_provider(&mut browser, &provider).await;
    let mut copy = browser.clone();
    assert_eq!(browser.get(&back).await.status, 303);
    assert!(is_in(&mut browser).await);
    assert_eq!(copy.get(&back).await.status, 403, "the provider takes a code once");
    assert!(!is_in(&mut copy).await);
    // The person has cancelled it there.
    let back = at_provider(&mut copy, &provider).await;
    let state = back.split("state=").nth(1).expect("a state");
    let cancelled = format!("/sign-in/provider/return?error=access_denied&state={state}");
    assert_eq!(copy.get(&cancelled).await.status, 403);
    assert!(copy.page.contains("has not signed you in"), "{}", copy.page);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_or_slow_or_another_lets_nobody_in_and_keeps_no_one_out() {
    let provider = Provider::start().await;
    provider.lie(Lie::Document);
    let (server, _admin) = house(&provider, true, false).await;
    let mut browser = Browser::new(server.address);
    assert_eq!(browser.get("/sign-in/provider").await.status, 502, "its document names another");
    provider.lie(Lie::Silence);
    assert_eq!(come_in(&mut browser, &provider).await, 502);
    assert!(browser.page.contains("does not answer"), "{}", browser.page);
    provider.stop();
    provider.lie(Lie::None);
    let answer = browser.get("/sign-in/provider").await;
    assert_eq!(answer.status, 303, "its document is known");
    let state = answer.header("location").and_then(|to| to.split("&state=").nth(1)).expect("a state");
    let state = state.split('&').next().expect("a state");
    let back = format!("/sign-in/provider/return?code=x&state={state}");
    assert_eq!(browser.get(&back).await.status, 502);
    assert!(!is_in(&mut browser).await);
    assert_eq!(sign_in(&server, "kim", PASSWORD).await.1, 303, "a password does not need it");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_accounts_are_made_an_admin_binds_them() {
    let provider = Provider::start().await;
    let (server, mut admin) = house(&provider, false, false).await;
    provider.person(person("s-7", "kim", &[]));
    let mut browser = Browser::new(server.address);
    assert_eq!(come_in(&mut browser, &provider).await, 403, "the name of an account proves nothing");
    assert!(browser.page.contains("s-7"), "what an admin needs: {}", browser.page);
    let says = |arguments: &[&str]| {
        let mut command = pulseboard();
        command.env("PULSEBOARD_OIDC__ISSUER", provider.issuer()).env("PULSEBOARD_OIDC__CLIENT_ID", CLIENT);
        let output =
            command.arg("--data-dir").arg(server.data.path()).args(arguments).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    says(&["user", "bind", "kim", "--subject", "s-7"]);
    assert_eq!(come_in(&mut browser, &provider).await, 303);
    assert!(is_in(&mut browser).await);
    assert_eq!(browser.get("/settings/people").await.status, 200, "it is the admin's own account");
    // A second factor of its own is the provider's matter, and a disabled account stays out.
    admin.get("/account").await;
    says(&["user", "add", "lee"]);
    says(&["user", "bind", "lee", "--subject", "s-8"]);
    says(&["user", "disable", "lee"]);
    provider.person(person("s-8", "lee", &[]));
    let mut other = Browser::new(server.address);
    assert_eq!(come_in(&mut other, &provider).await, 403);
    assert!(!is_in(&mut other).await);
    says(&["user", "unbind", "kim"]);
    provider.person(person("s-7", "kim", &[]));
    assert_eq!(come_in(&mut other, &provider).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_is_for_whoever_has_the_link() {
    let provider = Provider::start().await;
    let server = open_house(&provider, true, true).await;
    provider.person(person("s-1", "lee", &["root"]));
    let mut browser = Browser::new(server.address);
    assert_eq!(browser.get("/sign-in/provider").await.status, 403);
    // A browser can write the cookie of that step itself, and ask the provider by hand.
    let [state, nonce, verifier] = ["a", "b", "c"].map(|letter| letter.repeat(64));
    let cookie = format!("{state}.{nonce}.{verifier}.{}.", u64::MAX);
    browser.cookies.insert("pulseboard-provider".to_owned(), cookie);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let to = provider.issuer().trim_start_matches("http://").to_owned();
    let query = format!(
        "response_type=code&client_id={CLIENT}&scope=openid&state={state}&nonce={nonce}&code_challenge={challenge}\
         &code_challenge_method=S256&redirect_uri=http://{}/sign-in/provider/return",
        server.address
    );
    let ask = format!("GET /authorize?{query} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n");
    let agreed = request(to.parse().expect("an address"), &ask).await;
    let back = agreed.header("location").and_then(|back| back.split_once("/sign-in")).expect("the way back");
    let back = format!("/sign-in{}", back.1);
    assert_eq!(browser.get(&back).await.status, 403);
    let mut admin = set_up(&server).await;
    assert!(
        !admin.get("/settings/people").await.body.contains("lee"),
        "the link still makes the first account"
    );
    // The way itself is right: with an account there it leads in.
    let agreed = request(to.parse().expect("an address"), &ask).await;
    let back = agreed.header("location").and_then(|back| back.split_once("/sign-in")).expect("the way back");
    assert_eq!(browser.get(&format!("/sign-in{}", back.1)).await.status, 303);
    assert!(is_in(&mut browser).await);
}

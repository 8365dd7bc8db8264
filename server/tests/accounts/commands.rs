//! The command line beside a server that runs.

use std::{path::Path, process::Output};

use store::{AuditFilter, NewPasskey, Store as _, UserId};
use store_sqlite::{SqliteOptions, SqliteStore};

use crate::{
    PASSWORD,
    browser::Browser,
    sign_in,
    support::{binary::pulseboard, request, start},
    with_admin,
};

pub fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut command = pulseboard();
    command.arg("--data-dir").arg(data).args(arguments);
    command.output().expect("it runs")
}

pub fn says(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

pub fn refuses(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    let told = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(!told.contains("panicked") && told.lines().count() == 1, "{told}");
    told
}

fn password(said: &str) -> String {
    let last = said.lines().next().and_then(|line| line.rsplit(' ').next());
    last.expect("a password").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_from_the_command_line_closes_the_open_house_of_a_server_that_runs() {
    let server = start().await;
    let said = says(server.data.path(), &["user", "add", "Kim Lee", "--role", "admin"]);
    let made = password(&said);
    let mut stranger = Browser::new(server.address);
    while stranger.get("/api/v1/hosts").await.status == 200 {
        tokio::task::yield_now().await;
    }
    let (mut browser, status) = sign_in(&server, "kim lee", &made).await;
    assert_eq!(status, 303);
    assert_eq!(browser.get("/settings/people").await.status, 200);
    let listed = says(server.data.path(), &["user", "list"]);
    assert_eq!(listed, "1\tadmin\tKim Lee\n");
    let behind =
        pulseboard().args(["user", "list", "--data-dir"]).arg(server.data.path()).output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&behind.stdout), listed, "flags may stand behind a command");
    let again = refuses(server.data.path(), &["user", "add", "KIM LEE"]);
    assert_eq!(again, "pulseboard: this name is taken\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_reset_or_disabled_from_the_command_line_is_out_at_once() {
    let (server, mut admin) = with_admin().await;
    let data = server.data.path();
    let new = password(&says(data, &["user", "reset", "kim"]));
    while admin.get("/account").await.status == 200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(sign_in(&server, "kim", PASSWORD).await.1, 401);
    assert_eq!(sign_in(&server, "kim", &new).await.1, 303);
    let last = refuses(data, &["user", "disable", "kim"]);
    assert!(last.contains("last active admin"), "{last}");
    assert!(refuses(data, &["user", "reset", "nobody"]).contains("there is no account nobody"));
    assert!(refuses(data, &["user", "add", "<b>"]).contains("a name is up to 64 letters"));
    assert!(says(data, &["audit", "verify"]).contains("none of them changed"));
}

/// Keeps a passkey for the first account, as its device would.
async fn keep_passkey(store: &SqliteStore, credential: &str) {
    let new = NewPasskey {
        user: UserId(1),
        name: credential.into(),
        domain: "localhost".into(),
        credential_id: credential.into(),
        credential: credential.into(),
        created_ms: 1,
    };
    store.passkeys().create(new).await.expect("kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_removes_passkeys_where_it_is_told_to() {
    let (server, mut admin) = with_admin().await;
    let data = server.data.path();
    let store = SqliteStore::open(data, SqliteOptions::default()).expect("the store");
    let reset = says(data, &["user", "reset", "kim"]);
    assert_eq!(reset.lines().count(), 1, "there is nothing to say about passkeys: {reset}");
    keep_passkey(&store, "phone").await;
    keep_passkey(&store, "laptop").await;
    let left = says(data, &["user", "reset", "kim"]);
    let told = left.lines().nth(1);
    assert_eq!(told, Some("Passkeys that still sign in: 2; --passkeys removes them."), "{left}");
    assert_eq!(store.passkeys().of_user(UserId(1)).await.expect("listed").len(), 2);

    let (mut thief, status) = sign_in(&server, "kim", &password(&left)).await;
    assert_eq!(status, 303);
    let gone = says(data, &["user", "reset", "kim", "--passkeys"]);
    assert_eq!(gone.lines().nth(1), Some("Passkeys that are removed: 2."), "{gone}");
    assert_eq!(store.passkeys().of_user(UserId(1)).await, Ok(Vec::new()));
    for browser in [&mut admin, &mut thief] {
        while browser.get("/account").await.status == 200 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(sign_in(&server, "kim", &password(&gone)).await.1, 303);
    let filter = AuditFilter { limit: 10, action: Some("remove_passkeys".into()), ..AuditFilter::default() };
    let entries = store.audit().list(filter).await.expect("listed");
    let [entry] = &entries[..] else { panic!("one entry: {entries:?}") };
    assert_eq!((entry.audit.actor.as_str(), entry.audit.detail.as_str()), ("command line", "1, 2"));
    assert!(entry.audit.object.contains("kim"), "{entry:?}");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_the_command_line_opens_what_it_says_until_it_is_revoked() {
    let (server, _admin) = with_admin().await;
    let data = server.data.path();
    let token = says(data, &["token", "create", "scrape", "--user", "kim", "--scope", "read:*"]);
    let get = async || {
        let head = format!(
            "GET /metrics HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
            server.address,
            token.trim()
        );
        request(server.address, &head).await.status
    };
    assert_eq!(get().await, 200);
    assert_eq!(says(data, &["token", "list"]), "1\tuser:1\tscrape\tread:*\n");
    assert!(!says(data, &["token", "list"]).contains(token.trim()));
    assert_eq!(says(data, &["token", "revoke", "1"]), "token 1 is revoked\n");
    while get().await == 200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(get().await, 401);
    assert!(refuses(data, &["token", "revoke", "1"]).contains("there is no token 1"));
    let bad = run(data, &["token", "create", "x", "--user", "kim", "--scope", "write:*"]);
    assert_eq!(bad.status.code(), Some(2), "clap's own code for arguments that are none");
}

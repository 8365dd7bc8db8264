//! Accounts as people and programs meet them: set-up, sign-in, roles, tokens, revocation.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod api_description;
mod attacks;
mod audit_log;
mod authenticator;
mod backups;
mod base_path;
mod browser;
mod commands;
mod dashboards;
mod door;
mod json_schema;
mod matrix;
mod nodes;
mod oidc;
mod passkeys;
mod provider;
mod revocation;
mod six_hundred;
#[path = "../support/mod.rs"]
mod support;
mod tokens;
mod wall_dashboards;
mod wall_display;

use std::net::SocketAddr;

use browser::Browser;
use support::{TestServer, start};

pub const PASSWORD: &str = "correct horse battery staple";
pub const OTHER: &str = "another horse battery staple";

/// A server with its first account, and the browser that has made it.
pub async fn with_admin() -> (TestServer, Browser) {
    let server = start().await;
    let admin = set_up(&server).await;
    (server, admin)
}

/// Makes the first account, `kim`.
pub async fn set_up(server: &TestServer) -> Browser {
    set_up_at(server, server.address).await
}

/// Makes the first account at another address of the server.
pub async fn set_up_at(server: &TestServer, to: SocketAddr) -> Browser {
    let link = server.set_up.clone().expect("there is no account yet");
    let secret = link.split("link=").nth(1).expect("a link");
    let mut browser = Browser::new(to);
    assert_eq!(browser.get(&format!("/set-up?link={secret}")).await.status, 200);
    let fields = [("link", secret), ("name", "kim"), ("password", PASSWORD), ("password_again", PASSWORD)];
    let answer = browser.send("/set-up", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{}", answer.body);
    browser
}

/// Invites someone, who makes an account of this name.
pub async fn invited(_: &TestServer, admin: &mut Browser, name: &str, role: &str) -> Browser {
    assert_eq!(admin.get("/settings/people").await.status, 200);
    let answer = admin.send("/settings/invitations/create", &[("role", role), ("days", "7")]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let secret = answer.body.split("/invitation?link=").nth(1).expect("a link");
    let secret: String = secret.chars().take_while(char::is_ascii_alphanumeric).collect();
    let mut browser = Browser::new(admin.to);
    assert_eq!(browser.get(&format!("/invitation?link={secret}")).await.status, 200);
    let fields = [("link", &*secret), ("name", name), ("password", PASSWORD), ("password_again", PASSWORD)];
    let answer = browser.send("/invitation", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
}

/// Signs in with a browser of its own.
pub async fn sign_in(server: &TestServer, name: &str, password: &str) -> (Browser, u16) {
    let mut browser = Browser::new(server.address);
    assert_eq!(browser.get("/sign-in").await.status, 200);
    let status = browser.send("/sign-in", &[("name", name), ("password", password)]).await.status;
    (browser, status)
}

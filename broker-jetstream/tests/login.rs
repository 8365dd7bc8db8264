//! Ways to log in: what is right is taken, what is wrong is refused in a line that tells no secret.

mod support;

use broker_jetstream::{
    JetStreamSettings, Login,
    test_server::{ServerOptions, TestServer},
};

use support::{Node, accounts::Accounts, authority::file, holds, refusal, settings};

fn server(lines: String) -> TestServer {
    TestServer::start("2.15.1", &ServerOptions { lines, ..ServerOptions::default() })
}

fn with(server: &TestServer, login: Login) -> JetStreamSettings {
    JetStreamSettings { login, ..settings(vec![server.url()]) }
}

async fn is_taken(settings: JetStreamSettings) {
    let node = Node::start(settings).await;
    node.publish("log/a", 1).await;
    node.has("log/a", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_logs_in() {
    let server = server("authorization { token: \"s3cret:/@\" }\n".to_owned());
    is_taken(with(&server, Login::Token("s3cret:/@".to_owned()))).await;
    is_taken(settings(vec![server.url().replace("//", "//s3cret%3A%2F%40@")])).await;
    for login in [Login::None, Login::Token("wr0ng".to_owned())] {
        let why = refusal(with(&server, login)).await;
        holds(&why, &["refuses the login", "token"]);
        assert!(!why.contains("wr0ng") && !why.contains("s3cret"), "{why}");
    }
    let why = refusal(settings(vec![server.url().replace("//", "//wr0ng@")])).await;
    holds(&why, &["refuses the login"]);
    assert!(!why.contains("wr0ng"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_and_a_password_log_in() {
    let server = server("authorization { user: ada, password: \"l0ve/lace\" }\n".to_owned());
    let user = |password: &str| Login::User { user: "ada".to_owned(), password: password.to_owned() };
    is_taken(with(&server, user("l0ve/lace"))).await;
    is_taken(settings(vec![server.url().replace("//", "//ada:l0ve%2Flace@")])).await;
    let why = refusal(with(&server, user("byr0n"))).await;
    holds(&why, &["refuses the login", "password"]);
    assert!(!why.contains("byr0n"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_credentials_logs_in() {
    let (accounts, folder) = (Accounts::new(), tempfile::tempdir().expect("a folder"));
    let server = server(accounts.lines());
    let login = |name: &str, text: &str| Login::CredentialsFile(file(folder.path(), name, text));
    is_taken(with(&server, login("node.creds", &accounts.credentials()))).await;

    let foreign = refusal(with(&server, login("foreign.creds", &Accounts::foreign_credentials()))).await;
    holds(&foreign, &["refuses the login", "credentials"]);
    let none = refusal(with(&server, Login::None)).await;
    holds(&none, &["refuses the login"]);
    let garbage = refusal(with(&server, login("garbage.creds", "no credentials"))).await;
    holds(&garbage, &["garbage.creds", "cannot be used"]);
    let missing = Login::CredentialsFile(folder.path().join("missing.creds"));
    holds(&refusal(with(&server, missing)).await, &["missing.creds", "cannot be used"]);
}

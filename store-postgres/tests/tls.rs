//! TLS, as the address asks for it.

mod support;

use store::Store;
use store_postgres::PostgresStore;
use support::{TestServer, assert_refused, authority::Authority};

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_is_checked_as_the_address_says() {
    let (authority, other) = (Authority::new("ours"), Authority::new("another"));
    let server = TestServer::start(Some(&authority.server("127.0.0.1"))).await;
    let address = server.address("postgres");
    let with = |mode: &str, authority: &Authority| {
        format!("{address}?sslmode={mode}&sslrootcert={}", authority.file().display())
    };
    for good in [
        with("verify-full", &authority),
        with("verify-ca", &authority),
        format!("{address}?sslrootcert={}", authority.file().display()),
        format!("{address}?sslmode=require"),
        format!("{address}?sslmode=prefer"),
    ] {
        let store = PostgresStore::connect(&good).await.expect("it opens");
        store.ping().await.expect("it answers");
        let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
            WHERE ssl AND application_name = 'pulseboard'";
        let row = server.client("postgres").await.query_one(sql, &[]).await.expect("asked");
        assert!(row.get::<_, i64>(0) >= 1, "{good} is not encrypted");
        store.close().await;
    }
    for mode in ["verify-full", "verify-ca"] {
        assert_refused(&with(mode, &other), "unavailable", "certificate").await;
    }
    // The system's authorities have not signed it.
    assert_refused(&address, "unavailable", "certificate").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_another_name_is_refused_unless_the_name_does_not_count() {
    let authority = Authority::new("ours");
    let server = TestServer::start(Some(&authority.server("db.example"))).await;
    let with = |mode: &str| {
        let file = authority.file();
        format!("{}?sslmode={mode}&sslrootcert={}", server.address("postgres"), file.display())
    };
    assert_refused(&with("verify-full"), "unavailable", "certificate").await;
    PostgresStore::connect(&with("verify-ca")).await.expect("the name does not count");
}

#[tokio::test]
async fn a_file_without_certificates_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("empty.pem");
    std::fs::write(&file, "nothing").expect("the folder is writable");
    let address =
        |file: &std::path::Path| format!("postgres://mina@127.0.0.1:1/x?sslrootcert={}", file.display());
    assert_refused(&address(&file), "bad_settings", "empty.pem").await;
    assert_refused(&address(&folder.path().join("missing.pem")), "bad_settings", "missing.pem").await;
}

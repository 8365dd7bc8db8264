//! The page as it leaves the server, before any script has run.

mod support;

use std::io::Read;

use support::{get, request, start, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn it_shows_real_numbers_and_charts_without_any_script() {
    let server = start().await;
    stream(server.address, "/live/sse?topics=host/local/system", |text| text.contains("uptime")).await;
    let page = get(server.address, "/").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<svg class=\"ch"), "the server draws the charts");
    let hostname = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a name");
    assert!(page.body.contains(hostname.trim()));
    let values = page.body.matches("data-testid=\"value\"").count();
    assert!(values >= 3, "{values} values");
    server.stop().await;
}

#[tokio::test]
async fn its_policy_lets_only_its_own_scripts_run() {
    let server = start().await;
    let page = get(server.address, "/").await;
    let policy = page.header("content-security-policy").expect("a policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    let scripts: Vec<&str> = page.body.split("<script").skip(1).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let tag = script.split('>').next().expect("a tag");
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "a script without the nonce: {tag}");
    }
    assert!(!page.body.contains(" style=\""), "no inline style passes the policy");
    assert_ne!(
        get(server.address, "/").await.header("content-security-policy"),
        Some(policy),
        "a nonce is used once"
    );
    assert_eq!(page.header("cache-control"), Some("no-cache"), "a browser may go back to it as it was left");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    server.stop().await;
}

#[tokio::test]
async fn it_speaks_the_readers_language_and_wears_the_readers_theme() {
    let server = start().await;
    let own = server.address;
    let page = async |headers: &str| {
        request(own, &format!("GET / HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n{headers}\r\n"))
            .await
            .body
    };
    assert!(page("").await.contains("<html lang=\"en\""));
    assert!(page("accept-language: ko-KR,ko;q=0.9,en;q=0.8\r\n").await.contains("<html lang=\"ko\""));
    let chosen = page("accept-language: ko\r\ncookie: x=1; lang=en; theme=dark\r\n").await;
    assert!(chosen.contains("<html lang=\"en\"") && chosen.contains("data-theme=\"dark\""));
    let bad = page("cookie: lang=\"><script>; theme=zebra\r\n").await;
    assert!(!bad.contains("zebra") && !bad.contains("\"><script>"), "a cookie is data");
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_a_page_with_its_status() {
    let server = start().await;
    let page = get(server.address, "/no/such/page").await;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("<html"));
    let traversal = get(server.address, "/../../etc/passwd").await;
    assert!(!traversal.body.contains("root:"), "{}", traversal.status);
    let encoded = get(server.address, "/pkg/%2e%2e/%2e%2e/Cargo.toml").await;
    assert!(!encoded.body.contains("[workspace]"), "{}", encoded.status);
    server.stop().await;
}

#[tokio::test]
async fn it_is_sent_compressed_to_who_takes_that_and_says_what_it_depends_on() {
    let server = start().await;
    let own = server.address;
    let raw = async |headers: &str| {
        let mut socket = TcpStream::connect(own).await.expect("the server accepts");
        let ask = format!("GET / HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n{headers}\r\n");
        socket.write_all(ask.as_bytes()).await.expect("written");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.expect("read");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
        let head = String::from_utf8(answer[..end].to_vec()).expect("text");
        (head, answer[end..].to_vec())
    };
    let (head, body) = raw("accept-encoding: gzip, deflate, br\r\n").await;
    assert!(head.contains("content-encoding: gzip\r\n"), "{head}");
    assert!(head.contains("vary: accept-encoding, accept-language, cookie\r\n"), "{head}");
    assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
    let mut html = String::new();
    flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut html).expect("gzip of text");
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("</html>"));
    assert!(body.len() * 3 < html.len(), "{} of {} bytes", body.len(), html.len());

    let (head, plain) = raw("").await;
    assert!(!head.contains("content-encoding"), "{head}");
    assert!(plain.starts_with(b"<!DOCTYPE html>"));
    let (head, nothing) = raw("accept-encoding: gzip;q=0, identity\r\n").await;
    assert!(!head.contains("content-encoding"), "{head}");
    assert!(nothing.starts_with(b"<!DOCTYPE html>"));
    server.stop().await;
}

#[tokio::test]
async fn its_root_carries_the_digest_of_what_stands_in_it_on_every_page() {
    let server = start().await;
    for path in ["/", "/lab", "/lab/doctor", "/no/such/page"] {
        let page = get(server.address, path).await;
        let roots: Vec<&str> = page.body.matches("<div id=\"app\" data-shape=\"").collect();
        assert_eq!(roots.len(), 1, "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_browser_without_cookies_says_its_language_in_the_address() {
    let server = start().await;
    for (path, lang) in
        [("/?lang=ko", "ko"), ("/lab?x=1&lang=ko", "ko"), ("/?lang=%22%3E", "en"), ("/?lang", "en")]
    {
        let page = get(server.address, path).await.body;
        assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path}");
    }
    server.stop().await;
}

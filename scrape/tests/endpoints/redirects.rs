//! Redirects, which may only stay on the host.

use scrape::ScrapeError;

use crate::{
    failure,
    stub::{Event, Reply, Stub, redirect, text},
    target, value_of,
};

#[tokio::test]
async fn redirects_on_the_host_are_followed_on_one_connection() {
    let mut stub = Stub::start([]).await;
    let there = format!("http://127.0.0.1:{}/really", stub.port);
    stub.then([
        Reply::Send(redirect("/elsewhere/")),
        Reply::Send(redirect("../there?now")),
        Reply::Send(redirect(&there)),
        Reply::Send(text("a 1\n")),
    ])
    .await;
    let scrape = target(stub.url()).scrape().await.unwrap();
    assert_eq!(value_of(&scrape, "a", ""), Some(1.0));
    assert_eq!(stub.event().await, Event::Connected);
    for path in ["/metrics", "/elsewhere/", "/there?now", "/really"] {
        let Event::Request(head) = stub.event().await else { panic!("another connection") };
        assert!(head.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{head}");
    }
}

#[tokio::test]
async fn a_loop_of_redirects_ends() {
    let mut stub = Stub::start((0..10).map(|_| Reply::Send(redirect("/metrics")))).await;
    let mut target = target(stub.url());
    let (error, said) = failure(&mut target).await;
    assert!(matches!(error, ScrapeError::TooManyRedirects(3)), "{error:?}");
    assert_eq!(said, "the endpoint redirects more than 3 times");
    drop(target);
    let mut requests = 0;
    loop {
        match stub.event().await {
            Event::Request(_) => requests += 1,
            Event::Connected => {}
            Event::Closed => break,
        }
    }
    assert_eq!(requests, 4);
}

#[tokio::test]
async fn a_redirect_to_another_host_or_port_is_named_and_not_followed() {
    let mut private = Stub::start([Reply::Send(text("secret 1\n"))]).await;
    let addresses = [
        format!("http://127.0.0.1:{}/metrics", private.port),
        format!("http://localhost:{}/metrics", private.port),
        format!("//127.0.0.2:{}/metrics", private.port),
    ];
    let stub = Stub::start(addresses.iter().map(|to| Reply::Send(redirect(to)))).await;
    let mut target = target(stub.url());
    for address in &addresses {
        let (error, said) = failure(&mut target).await;
        assert!(matches!(error, ScrapeError::RedirectElsewhere(_)), "{error:?}");
        assert!(said.contains(address.as_str()), "{said}");
    }
    assert_eq!(private.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_a_status() {
    let mut stub =
        Stub::start([Reply::Send(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_vec())]).await;
    let (error, _) = failure(&mut target(stub.url())).await;
    assert!(matches!(error, ScrapeError::Status(status) if status == 302), "{error:?}");
    assert_eq!(stub.connections(), 1);
}

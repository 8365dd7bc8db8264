//! The devices of an account, and what is not taken for one.

use crate::{
    push_service::{PushService, add, devices},
    support::get,
    team::Team,
};

async fn team(service: &PushService) -> Team {
    let origin = service.origin.clone();
    Team::start_with(|config| config.push.services = vec![origin]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_public_push_services_and_valid_keys_are_taken() {
    let service = PushService::start(&["ok/min"]).await;
    let mut team = team(&service).await;
    let [_, p256dh, auth] = service.fields("ok/min");
    let long = format!("https://push.example/{}", "x".repeat(2_000));
    for endpoint in [
        "",
        "/ok/min",
        "http://push.example/a",
        "http://127.0.0.1:1/a",
        "https://127.0.0.1/a",
        "https://10.0.0.1/a",
        "https://169.254.169.254/latest",
        "https://100.64.0.1/a",
        "https://[::1]/a",
        "https://[fd00::1]/a",
        "https://[::ffff:192.168.0.1]/a",
        "https://[64:ff9b::10.0.0.1]/a",
        "https://localhost/a",
        "https://kim:secret@push.example/a",
        "javascript:alert(1)",
        &long,
    ] {
        let answer = add(&mut team.min, &[("endpoint", endpoint.into()), p256dh.clone(), auth.clone()]).await;
        assert_eq!(answer.status, 422, "{endpoint}");
        assert!(answer.body.contains("must be public and begin with https"), "{endpoint}: {}", answer.body);
    }
    let endpoint = ("endpoint", "https://push.example/a".to_owned());
    for (key, secret) in [("", ""), ("!", &*auth.1), (&*auth.1, &*p256dh.1), (&*p256dh.1, "AAAA")] {
        let fields = [endpoint.clone(), ("p256dh", key.to_owned()), ("auth", secret.to_owned())];
        let answer = add(&mut team.min, &fields).await;
        assert_eq!(answer.status, 422, "{key} {secret}");
        assert!(answer.body.contains("keys are not valid"), "{}", answer.body);
    }
    assert_eq!(devices(&mut team.min).await, [""; 0]);
    let missing = team.min.send("/account/devices/add", &[("endpoint", "https://push.example/a")]).await;
    assert_eq!(missing.status, 422);
    let forged = team
        .min
        .post("/account/devices/add", &[("csrf", "x"), ("endpoint", "a"), ("p256dh", "b"), ("auth", "c")]);
    assert_eq!(forged.await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_leads_into_a_network_is_not_asked() {
    let service = PushService::start(&["ok/min"]).await;
    let mut team = Team::start().await;
    let [endpoint, p256dh, auth] = service.fields("ok/min");
    // A resolver takes it for 127.0.0.1, and a parser of addresses for a name.
    let inner = endpoint.1.replace("http://127.0.0.1", "https://127.1");
    let added = add(&mut team.min, &[("endpoint", inner), p256dh, auth]).await;
    assert_eq!(added.status, 200, "{}", added.body);
    let ids = devices(&mut team.min).await;
    let tried = team.min.send("/account/devices/test", &[("id", &ids[0])]).await;
    assert_eq!(tried.status, 422);
    assert!(tried.body.contains("is not public"), "{}", tried.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_its_owners_alone() {
    let mut service = PushService::start(&["ok/min"]).await;
    let mut team = team(&service).await;
    service.subscribe(&mut team.min, "ok/min").await;
    let ids = devices(&mut team.min).await;
    team.lee.get("/account").await;
    for path in ["/account/devices/remove", "/account/devices/test"] {
        let answer = team.lee.send(path, &[("id", &ids[0])]).await;
        assert_eq!(answer.status, 422, "{path}");
        assert_eq!(devices(&mut team.lee).await, [""; 0]);
    }
    // The browser signs in as someone else, who is told from then on.
    let moved = add(&mut team.lee, &service.fields("ok/min")).await;
    assert_eq!(moved.status, 200, "{}", moved.body);
    assert_eq!(devices(&mut team.min).await, [""; 0]);
    let ids = devices(&mut team.lee).await;
    crate::team::send(&team.lee, "user:min", "for min").await;
    crate::team::send(&team.lee, "user:lee", "for lee").await;
    assert_eq!(service.message().await["message"]["title"], "for lee");
    team.lee.get("/account").await;
    assert_eq!(team.lee.send("/account/devices/remove", &[("id", &ids[0])]).await.status, 200);
    assert_eq!(team.lee.send("/account/devices/remove", &[("id", &ids[0])]).await.status, 422, "it is gone");
    let audit = team.kim.get("/settings/audit").await.body;
    assert!(
        audit.contains("add_device") && audit.contains("remove_device") && audit.contains(&service.origin)
    );
    assert!(!audit.contains("/ok/min"), "an endpoint is a secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_says_what_the_push_service_says() {
    let mut service =
        PushService::start(&["ok/min", "refuse/min", "gone/min", "redirect/min", "endless/min"]).await;
    let mut team = team(&service).await;
    for (browser, status, says) in [
        ("ok/min", 200, "The test is sent."),
        ("refuse/min", 422, "the push service answers 403."),
        ("redirect/min", 422, "the push service answers 307."),
        ("endless/min", 422, "the answer has more than 16384 bytes."),
        ("gone/min", 422, "no longer takes notices"),
    ] {
        service.subscribe(&mut team.min, browser).await;
        let ids = devices(&mut team.min).await;
        let answer = team.min.send("/account/devices/test", &[("id", &ids[0])]).await;
        assert_eq!(answer.status, status, "{browser}: {}", answer.body);
        assert!(answer.body.contains(says), "{browser}: {}", answer.body);
        let message = service.message().await;
        assert_eq!(message["path"], format!("/{browser}"));
        assert_eq!(message["message"]["title"], "This is a test from Pulseboard");
    }
    assert_eq!(devices(&mut team.min).await.len(), 4, "what is gone is removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_serves_the_switch_and_its_service_worker() {
    let mut team = Team::start().await;
    let page = team.min.get("/account").await;
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("worker-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(page.body.contains("data-worker=\"/service-worker.js\""), "{}", page.body);
    let worker = get(team.server.address, "/service-worker.js").await;
    assert_eq!(worker.status, 200);
    assert_eq!(worker.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(worker.header("cache-control"), Some("no-cache"));
    assert!(worker.body.contains("showNotification"));
}

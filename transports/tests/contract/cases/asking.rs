//! One question after the other on one connection.

use transport_probes::{
    Ask, Probe,
    http::{dial, question},
};

use crate::world::World;

pub async fn what_is_asked_again_is_answered_without_the_router(probe: &dyn Probe) {
    let world = World::start().await;
    let mut line = dial(world.address).await.expect("the server accepts");
    let mut ask = Ask { more: "&wait=0", ..Ask::topics(&["log/a"]) };
    ask.since = Some(world.publish("log/a", "0").to_string());
    for n in 1..=10 {
        let published = world.publish("log/a", &n.to_string()).to_string();
        let answer =
            question(line, world.address, probe.entry().path, &ask).await.answer().await.expect("an answer");
        assert_eq!(answer.status, 200);
        let body;
        (line, body) = answer.whole().await.expect("a body");
        assert_eq!(body.matches(r#""type":"event""#).count(), 1, "{body}");
        assert!(body.contains(&format!(r#""cursor":"{published}""#)), "{body}");
        ask.since = Some(published);
    }
    assert_eq!(world.requests(), 2, "the first, and the one by which the next are known");
}

pub async fn what_is_asked_differently_is_judged_anew(probe: &dyn Probe) {
    let world = World::start().await;
    let path = probe.entry().path;
    let mut line = dial(world.address).await.expect("the server accepts");
    let since = world.publish("log/a", "0").to_string();
    let good = || Ask { more: "&wait=0", ..Ask::topics(&["log/a"]).since(&since) };
    let elsewhere = Ask { headers: vec![("origin", "http://evil.example".into())], ..good() };
    let other_host = Ask { headers: vec![("host", "evil.example".into())], ..good() };
    let asked = [
        (good(), 204),
        (good(), 204),
        (good(), 204),
        (elsewhere, 403),
        (good(), 204),
        (good(), 204),
        (other_host, 403),
        (good(), 204),
        (good(), 204),
        (good().since("yesterday"), 400),
        (Ask::topics(&["nothing/here"]), 404),
        (good(), 204),
    ];
    for (nth, (ask, status)) in asked.into_iter().enumerate() {
        let answer = question(line, world.address, path, &ask).await.answer().await.expect("an answer");
        assert_eq!(answer.status, status, "question {nth}");
        (line, _) = answer.whole().await.expect("a body");
    }
    assert_eq!(world.hub.metrics().subscriptions, 0);
}

pub async fn what_was_lost_on_the_way_is_told_again(probe: &dyn Probe) {
    let world = World::start().await;
    let path = probe.entry().path;
    let mut line = dial(world.address).await.expect("the server accepts");
    let begin = world.publish("short/a", "0").to_string();
    let mut told = begin.clone();
    for n in 1..=3 {
        told = world.publish("short/a", &n.to_string()).to_string();
        let ask = Ask { more: "&wait=0", ..Ask::topics(&["short/a"]).since(&begin) };
        // The answers before this one may not have arrived.
        let answer = question(line, world.address, path, &ask).await.answer().await.expect("an answer");
        let body;
        (line, body) = answer.whole().await.expect("a body");
        assert_eq!(body.matches(r#""type":"event""#).count(), n, "{body}");
        let up_to_date = Ask { more: "&wait=0", ..Ask::topics(&["short/a"]).since(&told) };
        for _ in 0..2 {
            let answer =
                question(line, world.address, path, &up_to_date).await.answer().await.expect("an answer");
            assert_eq!((answer.status, answer.cursor()), (204, Some(told.as_str())));
            (line, _) = answer.whole().await.expect("a body");
        }
    }
    // The topic keeps five, and so one is lost for who has heard the third.
    for n in 4..=9 {
        world.publish("short/a", &n.to_string());
    }
    let ask = Ask { more: "&wait=0", ..Ask::topics(&["short/a"]).since(&told) };
    let answer = question(line, world.address, path, &ask).await.answer().await.expect("an answer");
    let (_, body) = answer.whole().await.expect("a body");
    assert!(body.contains(r#""verdict":"gap""#) && body.contains(r#""type":"gap""#), "{body}");
    assert_eq!(body.matches(r#""type":"event""#).count(), 5, "{body}");
}

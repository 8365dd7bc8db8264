//! One question after the other on one connection.

use common::{Cursor, Seq, frame::ByeReason};

use crate::{
    probe::{Ask, Probe},
    probes::http::{dial, question},
    world::World,
};

pub async fn what_is_asked_again_is_answered_without_the_router(probe: &dyn Probe) {
    let world = World::start().await;
    let mut line = dial(world.address).await;
    let mut ask = Ask { more: "&wait=0", ..Ask::topics(&["log/a"]) };
    ask.since = Some(world.publish("log/a", "0").to_string());
    for n in 1..=10 {
        let published = world.publish("log/a", &n.to_string()).to_string();
        let answer = question(line, world.address, probe.entry().path, &ask).await.answer().await;
        assert_eq!(answer.status, 200);
        let body;
        (line, body) = answer.whole().await;
        assert_eq!(body.matches(r#""type":"event""#).count(), 1, "{body}");
        assert!(body.contains(&format!(r#""cursor":"{published}""#)), "{body}");
        ask.since = Some(published);
    }
    assert_eq!(world.requests(), 2, "the first, and the one by which the next are known");
}

pub async fn what_was_lost_between_two_questions_is_told(probe: &dyn Probe) {
    let world = World::start().await;
    let mut line = dial(world.address).await;
    let mut ask = Ask { more: "&wait=0", ..Ask::topics(&["short/a"]) };
    ask.since = Some(world.publish("short/a", "0").to_string());
    let told = |body: &str, what: &str| body.contains(&format!(r#""verdict":"{what}""#));
    for (published, verdict) in [(1, "resumed"), (5, "resumed"), (9, "gap"), (2, "resumed")] {
        let all: Vec<_> = (0..published).map(|n| world.publish("short/a", &n.to_string())).collect();
        let answer = question(line, world.address, probe.entry().path, &ask).await.answer().await;
        let body;
        (line, body) = answer.whole().await;
        assert!(told(&body, verdict), "{published} of five that are kept: {body}");
        assert_eq!(body.contains(r#""reason":"evicted""#), verdict == "gap", "{body}");
        ask.since = all.last().map(ToString::to_string);
    }
    // Someone who goes back is told what there is from there.
    let body;
    let answer = question(line, world.address, probe.entry().path, &ask).await.answer().await;
    (line, _) = answer.whole().await;
    ask.since = Some(Cursor { seq: Seq(ask_seq(&ask) - 2), epoch: world.hub.head().epoch }.to_string());
    let answer = question(line, world.address, probe.entry().path, &ask).await.answer().await;
    (_, body) = answer.whole().await;
    assert_eq!(body.matches(r#""type":"event""#).count(), 2, "{body}");
}

fn ask_seq(ask: &Ask) -> u64 {
    let cursor: Cursor = ask.since.as_deref().expect("a place").parse().expect("a cursor");
    cursor.seq.0
}

pub async fn a_hub_that_closes_does_not_wait_for_another_question(probe: &dyn Probe) {
    let world = World::start().await;
    let mut line = dial(world.address).await;
    let ask = Ask { more: "&wait=0", ..Ask::topics(&["log/a"]).since(world.publish("log/a", "0")) };
    for _ in 0..3 {
        let answer = question(line, world.address, probe.entry().path, &ask).await.answer().await;
        (line, _) = answer.whole().await;
    }
    world.hub.close(ByeReason::Shutdown, 1000, 0);
    world.sessions(0).await;
    let answer = question(line, world.address, probe.entry().path, &ask).await.answer().await;
    assert_eq!(answer.status, 503);
    let (_, body) = answer.whole().await;
    assert!(body.contains(r#""reason":"shutdown""#), "{body}");
}

pub async fn what_is_asked_differently_is_judged_anew(probe: &dyn Probe) {
    let world = World::start().await;
    let path = probe.entry().path;
    let mut line = dial(world.address).await;
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
        let answer = question(line, world.address, path, &ask).await.answer().await;
        assert_eq!(answer.status, status, "question {nth}");
        (line, _) = answer.whole().await;
    }
    drop(line);
    world.sessions(0).await;
}

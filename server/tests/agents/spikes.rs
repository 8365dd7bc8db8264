//! Spikes: of a machine that is really busy, and as agents report them late, twice or wrongly.

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
};

use common::{
    host::HostId,
    spike::{Spike, SpikeResource},
};
use serde_json::{Value, json};
use transport_probes::{Ask, LONG_WAIT};

use crate::{
    code,
    hostile::{enrol, head, key, report},
    now,
    support::{TestServer, get, start},
};

fn program(name: &str) -> Value {
    json!({ "pid": 7, "name": name, "cpu": 186.0, "memory": 73_400_320, "user": "build" })
}

fn spike(at: u64, value: f64, programs: &[Value]) -> String {
    let spike =
        json!({ "at": at, "since": at - 1_500, "resource": "cpu", "value": value, "programs": programs });
    json!({ "spike": spike }).to_string()
}

/// The names of the programs of all spikes, in the order of the log.
fn told(server: &TestServer, host: &str) -> Vec<String> {
    let host: HostId = host.parse().expect("a host");
    let entries = server.hub.history(&host.spikes_topic(), None, 1_000).entries;
    let spikes = entries.iter().map(|entry| serde_json::from_slice::<Spike>(&entry.data).expect("a spike"));
    spikes.flat_map(|spike| spike.programs).map(|program| program.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_machine_says_who_keeps_it_busy() {
    let server = start().await;
    let ask = Ask { more: LONG_WAIT, ..Ask::topics(&["host/local/spikes"]) };
    let mut line = transport_probes::all()[0].connect(server.address, ask).await.expect("it may");
    line.verdict().await;
    let is_over = Arc::new(AtomicBool::new(false));
    for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
        let is_over = Arc::clone(&is_over);
        thread::spawn(move || {
            while !is_over.load(Relaxed) {
                std::hint::spin_loop();
            }
        });
    }
    let event = line.event().await;
    is_over.store(true, Relaxed);
    let spike: Spike = serde_json::from_str(event.data.get()).expect("a spike");
    assert_eq!(spike.resource, SpikeResource::Cpu);
    assert!((70.0..=100.0).contains(&spike.value) && spike.since <= spike.at, "{spike:?}");
    let own = spike.programs.iter().find(|program| program.pid == process::id());
    assert!(own.is_some_and(|program| program.cpu > 20.0), "{spike:?}");
    let page = get(server.address, "/history?span=15m").await.body;
    assert!(page.contains("id=\"history-spikes\"") && page.contains(&own.expect("one").name), "{page}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spikes_come_late_and_each_is_told_once() {
    let server = start().await;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    let at = now();
    let late = spike(at - 3 * 3_600_000, 91.0, &[program("backup")]);
    let lines = [head(1), spike(at, 99.0, &[program("compiler")]), late.clone()];
    for (lines, counts) in [(&lines[..], (2, 0)), (&[head(1), late][..], (1, 0))] {
        let (status, answer) = report(&server, &key('a'), lines).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!((answer["taken"].as_u64(), answer["refused"].as_u64()), (Some(counts.0), Some(counts.1)));
    }
    assert_eq!(told(&server, "web-1"), ["compiler", "backup"]);
    assert_eq!(told(&server, "local"), Vec::<String>::new());
    let day = get(server.address, "/history?host=web-1&span=24h").await.body;
    let places = ["compiler", "backup"].map(|name| day.find(name).unwrap_or_else(|| panic!("{name}: {day}")));
    assert!(places[0] < places[1], "the newest stands first");
    let hour = get(server.address, "/history?host=web-1&span=1h").await.body;
    assert!(hour.contains("compiler") && !hour.contains("backup"), "{hour}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn spikes_that_are_none_are_refused_with_a_word() {
    let server = start().await;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    let at = now();
    let six: Vec<Value> = (0..6).map(|number| program(&number.to_string())).collect();
    for (line, word) in [
        (spike(at, 100.5, &[]), "0 to 100 percent"),
        (spike(at, -1.0, &[]), "0 to 100 percent"),
        (spike(at, 90.0, &six), "at most 5 programs"),
        (spike(at, 90.0, &[program(&"x".repeat(9_000))]), "8192 bytes"),
        (spike(at + 3_600_000, 90.0, &[]), "from now"),
        (spike(at, 90.0, &[]).replace("\"cpu\"", "\"gpu\""), "no measurement"),
    ] {
        let (status, answer) = report(&server, &key('a'), &[head(1), line]).await;
        assert_eq!((status, answer["refused"].as_u64()), (200, Some(1)), "{answer}");
        assert!(answer["why"].as_str().is_some_and(|why| why.contains(word)), "{word}: {answer}");
    }
    assert_eq!(told(&server, "web-1"), Vec::<String>::new());
    let flood: Vec<String> = (0..500).map(|number| spike(at - number, 90.0, &[program("x")])).collect();
    let (_, answer) = report(&server, &key('a'), &[&[head(1)], &flood[..]].concat()).await;
    assert!(answer["why"].as_str().is_some_and(|why| why.contains("more than 200 spikes")), "{answer}");
    assert!(told(&server, "web-1").len() <= 200);
    server.stop().await;
}

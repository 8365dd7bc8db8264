//! An agent, its server away and back, and both killed.

use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path, time::Duration};

use common::{Sample, past::PastRange};
use serde_json::Value;

use crate::{
    Agent, code, now,
    support::{
        binary::{ServerProcess, pulseboard},
        get,
        nginx::Nginx,
        start,
    },
    until,
};

pub(crate) fn hub(data: &Path, listen: &str) -> ServerProcess {
    ServerProcess::new(
        pulseboard()
            .arg("--data-dir")
            .arg(data)
            .args(["--listen", listen])
            .env("PULSEBOARD_CONTAINERS__ENGINE", "off"),
    )
}

/// The samples of memory that wait on the agent's disk, by their times: what is short as well as what is in full.
fn waiting(folder: &Path) -> BTreeMap<u64, f64> {
    let mut samples = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir(folder.join("agent/waiting"))
        .expect("a folder")
        .map(|file| file.expect("an entry").path())
        .collect();
    files.sort();
    for file in files {
        // One that was just sent is gone.
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for line in text.lines() {
            // The last line of a process that was killed may be cut.
            let Ok(Value::Object(line)) = serde_json::from_str(line) else { continue };
            let Some(sample) = line.get("fast").or(line.get("metrics")) else { continue };
            let sample: Sample = serde_json::from_value(sample.clone()).expect("a sample");
            let memory = sample.values.get("memory.percent").expect("it is always measured");
            samples.insert(sample.at, memory);
        }
    }
    samples
}

/// Everything that the server has of a metric, in one number for each step.
async fn past(to: SocketAddr, aggregate: &str, from: u64, until: u64, step: u64) -> Vec<Option<f64>> {
    let query = format!("metric=memory.percent&aggregate={aggregate}&from={from}&to={until}&step={step}");
    let answer = get(to, &format!("/api/v1/hosts/web-1/range?{query}")).await;
    if answer.status == 404 {
        // A server that has just started has not read its hosts yet.
        return Vec::new();
    }
    assert_eq!(answer.status, 200, "{}", answer.body);
    let range: PastRange = serde_json::from_str(&answer.body).expect("a range");
    assert_eq!(range.start_ms.cast_unsigned(), from / step * step);
    range.series.into_iter().next().map(|series| series.values).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_while_the_server_is_away_and_the_agent_is_killed_twice() {
    let (data, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let server = hub(data.path(), "127.0.0.1:0");
    let address = server.address;
    let agent = Agent::enrol(folder.path(), address, &code(data.path()), "web-1");
    until(address, "the agent is there", |agent| agent["online"] == true).await;
    // The report that it was heard by may have had no numbers yet.
    let mut first = get(address, "/api/v1/hosts/web-1").await;
    for _ in 0..4_000 {
        if first.body.contains("memory.percent") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        first = get(address, "/api/v1/hosts/web-1").await;
    }
    assert!(first.body.contains("memory.percent"), "{}", first.body);
    // Some of these are answered before the server ends, and not written there yet.
    let mut measured = waiting(folder.path());
    while measured.len() < 15 {
        tokio::time::sleep(Duration::from_millis(5)).await;
        measured.extend(waiting(folder.path()));
    }
    drop(server);

    // It measures on, and its lines wait. Killed, it goes on where it was.
    let enough = |folder: &Path, count: usize| {
        let folder = folder.to_owned();
        async move {
            while waiting(&folder).len() < count {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    };
    enough(folder.path(), 15).await;
    agent.kill();
    let agent = Agent::start(folder.path());
    enough(folder.path(), 30).await;
    agent.kill();
    measured.extend(waiting(folder.path()));
    let missed = measured;
    assert!(missed.len() >= 30);

    let server = hub(data.path(), &address.to_string());
    assert_eq!(server.address, address);
    until(address, "it is known, and silent", |agent| agent["online"] == false).await;
    let _agent = Agent::start(folder.path());
    until(address, "it is back", |agent| agent["online"] == true).await;
    let (oldest, newest) = (*missed.keys().next().expect("one"), *missed.keys().last().expect("one"));
    let until = newest.next_multiple_of(1_000);
    let from = oldest / 1_000 * 1_000;
    let counted = async {
        loop {
            let counts = past(address, "count", from, until, 1_000).await;
            if counts.iter().flatten().sum::<f64>() >= missed.len() as f64 {
                return counts;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let counts = tokio::time::timeout(Duration::from_secs(60), counted).await.expect("all of them come");

    // Each one stands at its own time with its own value, once. The server was ended without a word, too: the agent had kept what it had
    // been told was taken.
    let count = counts.iter().flatten().sum::<f64>();
    // Beside them there may be some that were taken after the server came.
    let others = count - missed.len() as f64;
    assert!((0.0..=10.0).contains(&others), "{count} and not {}: {counts:?}", missed.len());
    for (at, memory) in &missed {
        let told = past(address, "last", *at, at + 1, 1).await;
        assert_eq!(told.len(), 1);
        let close = told[0].is_some_and(|told| (told - memory).abs() < 0.01);
        assert!(close, "at {at} {told:?} and not {memory}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_back_between_two_reports_is_told_again_what_it_had_not_written() {
    let (data, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let server = hub(data.path(), "127.0.0.1:0");
    let address = server.address;
    let _agent = Agent::enrol_at(folder.path(), address, &code(data.path()), "web-1", "4000");
    until(address, "the agent is there", |agent| agent["online"] == true).await;
    let has = |at: u64| async move {
        let told = past(address, "count", at, at + 1, 1).await;
        told.first().copied().flatten() == Some(1.0)
    };
    let newest = loop {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if let Some(newest) = waiting(folder.path()).keys().nth(1).copied()
            && has(newest).await
        {
            break newest;
        }
    };
    // The next report is four seconds away, and finds a server on a new connection.
    drop(server);
    let _server = hub(data.path(), &address.to_string());
    let again = async {
        while !has(newest).await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), again).await.expect("it is there again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_lost_the_answer_to_its_enrolment_goes_on_with_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start().await;
    let first = code(server.data.path());
    Agent::enrol(folder.path(), server.address, &first, "web-1").kill_once_it_is_there(server.address).await;
    // As if the answer had not come: the code is used up, and the key stands on the disk.
    let file = folder.path().join("agent/agent.json");
    let written = fs::read_to_string(&file).expect("it is read");
    let pending = written.replace("\"is_pending\":false", "\"is_pending\":true");
    assert_ne!(pending, written);
    fs::write(&file, pending).expect("it is written");
    fs::remove_dir_all(folder.path().join("agent/waiting")).expect("it is removed");
    let heard =
        until(server.address, "it was heard", |agent| agent["heard_ms"].is_u64()).await["heard_ms"].clone();
    let agent = Agent::enrol(folder.path(), server.address, &first, "web-1");
    until(server.address, "it is heard again", |agent| agent["heard_ms"].as_u64() > heard.as_u64()).await;
    assert!(get(server.address, "/api/v1/hosts/web-1").await.status == 200);
    while !fs::read_to_string(&file).expect("it is read").contains("\"is_pending\":false") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    agent.kill();
    server.stop().await;
}

/// Lines of a past of so many seconds, as an agent that was long away has them; returns the times of the oldest and the newest.
pub(crate) fn write_past(folder: &Path, lines: u64) -> (u64, u64) {
    let newest = now() / 1_000 * 1_000 - 60_000;
    let oldest = newest - (lines - 1) * 1_000;
    let line = |index: u64| {
        let at = oldest + index * 1_000;
        format!("{{\"fast\":{{\"at\":{at},\"values\":{{\"memory.percent\":{}.5}}}}}}\n", index % 100)
    };
    let text: String = (0..lines).map(line).collect();
    fs::write(folder.join("agent/waiting/0000000000000000.ndjson"), text).expect("it is written");
    (oldest, newest)
}

/// Waits until the server has all of them, and looks that none is there twice.
pub(crate) async fn has_past(to: SocketAddr, lines: u64, (oldest, newest): (u64, u64)) {
    let counted = async {
        loop {
            let counts = past(to, "count", oldest, newest + 1_000, 20_000).await;
            let count = counts.iter().flatten().sum::<f64>();
            if count >= lines as f64 {
                return count;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let long = Duration::from_secs(60 + lines / 200);
    let count = tokio::time::timeout(long, counted).await.expect("all of them come");
    assert_eq!(count, lines as f64);
    let last = past(to, "last", newest, newest + 1_000, 1_000).await;
    assert_eq!(last, [Some(((lines - 1) % 100) as f64 + 0.5)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_was_missed_comes_in_reports_that_a_server_takes() {
    let (data, folder) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let server = hub(data.path(), "127.0.0.1:0");
    let address = server.address;
    Agent::enrol(folder.path(), address, &code(data.path()), "web-1").kill_once_it_is_there(address).await;
    let times = write_past(folder.path(), 20_000);
    let _agent = Agent::start(folder.path());
    has_past(address, 20_000, times).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_takes_short_requests_alone_holds_nothing_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start().await;
    let nginx = Nginx::with(&server, "client_max_body_size 40k;").await;
    let agent = Agent::enrol(folder.path(), nginx.address, &code(server.data.path()), "web-1");
    agent.kill_once_it_is_there(server.address).await;
    let times = write_past(folder.path(), 3_000);
    let agent = Agent::start(folder.path());
    has_past(server.address, 3_000, times).await;
    agent.kill();
    server.stop().await;
}

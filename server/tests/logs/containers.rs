//! Lines of containers of real engines.

use std::path::Path;

use common::{
    container::{ContainerList, EngineState},
    logs::LogLine,
    stream::StreamEndReason,
};
use container_engine::test_engine::{Docker, Podman, TestEngine};
use futures_util::future::join_all;
use pulseboard::config::Config;
use serde_json::{Value, json};
use transport_probes::{Ask, LONG_WAIT};

use crate::{
    reader::{self, Reader, ask, before, behind, cancel, open, read, texts},
    support::{TestServer, get, start_with},
};

/// A server that knows the engine.
async fn start_beside(engine: &TestEngine, data: &Path) -> TestServer {
    let server = start_at_once(engine, data).await;
    connected(&server).await;
    server
}

/// A server that has not heard of the engine yet.
async fn start_at_once(engine: &TestEngine, data: &Path) -> TestServer {
    let address = format!("unix://{}", engine.socket().display());
    start_with(|config: &mut Config| {
        config.containers.engine = address;
        config.data_dir = data.to_owned();
        config.limits.connections_per_address = 0;
    })
    .await
}

/// A page that comes back after a restart asks before the server knows of the engine.
#[tokio::test(flavor = "multi_thread")]
async fn lines_that_are_asked_for_as_the_server_starts_are_read() {
    let engine = Docker::start().await;
    let id = engine.run("early", &shell("echo here; sleep 1000"), &json!({}));
    let data = tempfile::tempdir().expect("a folder");
    for _ in 0..5 {
        let server = start_at_once(&engine, data.path()).await;
        let answer = ask(&server, &json!({ "sources": [source(&id)], "tail": 10 })).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        server.stop().await;
    }
}

/// Waits until the engine answers, by what is on its topic.
async fn connected(server: &TestServer) {
    let ask = Ask { more: LONG_WAIT, ..Ask::topics(&["docker/local"]) };
    let mut line = transport_probes::all()[0].connect(server.address, ask).await.expect("it may");
    line.verdict().await;
    loop {
        let answer = get(server.address, "/api/v1/hosts/local/containers").await;
        let list: ContainerList = serde_json::from_str(&answer.body).expect("a list");
        if list.engine.state == EngineState::Connected {
            return;
        }
        line.event().await;
    }
}

fn source(id: &container_engine::ContainerId) -> String {
    format!("container:{id}")
}

fn shell(script: &str) -> [&str; 3] {
    ["/bin/sh", "-c", script]
}

/// Six readers, each on a transport of its own, follow a container from its beginning to its end.
async fn each_transport_has_every_line_to_the_end(server: &TestServer, engine: &TestEngine) {
    let script = "for i in $(seq 1 40); do echo $i; test $i = 20 && echo oops >&2; sleep 0.01; done";
    let id = engine.run("counts", &shell(script), &json!({}));
    let read = transport_probes::all().map(|probe| async {
        let opened = open(server, &json!({"sources": [source(&id)], "follow": true})).await;
        let mut reader = Reader::by(server, probe, &opened).await;
        assert_eq!(reader.end().await, (StreamEndReason::Complete, None));
        reader.lines
    });
    let wanted: Vec<String> = (1..=40).map(|number| number.to_string()).collect();
    for lines in join_all(read).await {
        let (err, out): (Vec<LogLine>, Vec<LogLine>) = lines.into_iter().partition(|line| line.stderr);
        assert_eq!(texts(&out), wanted);
        assert_eq!(texts(&err), ["oops"]);
        assert!(out.is_sorted_by_key(|line| line.at) && out[0].at > 1_700_000_000_000_000);
    }
    engine.remove(&id);
}

/// Reads all lines in pages, from the end backwards, and from a page forwards.
async fn pages_have_every_line_once(server: &TestServer, engine: &TestEngine) {
    let script = "for i in $(seq 1 300); do echo $i; echo e$i >&2; done; echo; echo end";
    let id = engine.run("pages", &shell(script), &json!({}));
    let asked = |more: Value| {
        let mut asked = json!({"sources": [source(&id)]});
        asked.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        asked
    };
    let mut whole = Reader::of(server, &asked(json!({"follow": true}))).await;
    assert_eq!(whole.end().await.0, StreamEndReason::Complete);
    let all = read(server, &asked(json!({}))).await;
    assert_eq!(all.len(), 602);
    assert_eq!(all.iter().filter(|line| line.stderr).count(), 300);
    for page in [1_usize, 64, 500] {
        let mut told: Vec<LogLine> = Vec::new();
        // The smallest pages are many: some of them will do.
        let stop = if page == 1 { 20 } else { all.len() };
        while told.len() < stop {
            let more = match told.first() {
                None => json!({"tail": page}),
                Some(_) => json!({"tail": page, "until": before(&told)}),
            };
            let lines = read(server, &asked(more)).await;
            assert!(lines.len() <= page && !lines.is_empty(), "{} of {page}", lines.len());
            told.splice(0..0, lines);
        }
        assert_eq!(told, all[all.len() - told.len()..], "pages of {page}");
    }
    let none = read(server, &asked(json!({"tail": 5, "until": before(&all)}))).await;
    assert_eq!(texts(&none), [""; 0]);
    for border in [1, 300, 601] {
        let rest = read(server, &asked(json!({"since": behind(&all[..border])}))).await;
        assert_eq!(rest, all[border..]);
        let earlier = read(server, &asked(json!({"until": before(&all[border..])}))).await;
        assert_eq!(earlier, all[..border]);
    }
    let found = read(server, &asked(json!({"pattern": "^e?2.9$", "tail": 7}))).await;
    let is_wanted = |line: &&LogLine| {
        let digits = line.text.trim_start_matches('e');
        digits.len() == 3 && digits.starts_with('2') && digits.ends_with('9')
    };
    let wanted: Vec<LogLine> = all.iter().filter(is_wanted).cloned().collect();
    assert_eq!(found, wanted[wanted.len() - 7..]);
    let none = read(server, &asked(json!({"tail": 0}))).await;
    assert_eq!(texts(&none), [""; 0]);
    download_is_whole(server, &id, &all).await;
    engine.remove(&id);
}

async fn download_is_whole(server: &TestServer, id: &container_engine::ContainerId, all: &[LogLine]) {
    let path = format!("{}/download?source={}", reader::PATH, source(id));
    let answer = get(server.address, &path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    let disposition = answer.header("content-disposition").expect("it is a file");
    assert!(disposition.starts_with("attachment; filename=\"logs-local-2"), "{disposition}");
    let told: Vec<&str> = answer.body.lines().filter(|line| line.contains("Z [pages] ")).collect();
    let told: Vec<&str> = told.iter().filter_map(|line| Some(line.split_once("[pages] ")?.1)).collect();
    assert_eq!(told, texts(all));
}

/// Says around which line the lists differ: they are too long to be shown.
fn assert_same(told: &[LogLine], wanted: &[String]) {
    let first = (0..told.len().max(wanted.len()))
        .find(|place| told.get(*place).map(|line| &line.text) != wanted.get(*place));
    let Some(first) = first else { return };
    let around = &told[first.saturating_sub(3).min(told.len())..told.len().min(first + 3)];
    panic!("{} lines instead of {}; line {first} differs: {around:?}", told.len(), wanted.len());
}

/// Many lines of one moment are told once, also to who follows the newest of them.
async fn a_burst_is_told_once(server: &TestServer, engine: &TestEngine) {
    let id = engine.run("burst", &shell("seq 1 20000"), &json!({}));
    let mut whole = Reader::of(server, &json!({"sources": [source(&id)], "follow": true})).await;
    assert_eq!(whole.end().await, (StreamEndReason::Complete, None));
    let wanted: Vec<String> = (1..=20_000).map(|number| number.to_string()).collect();
    assert_same(&whole.lines, &wanted);
    let mut newest = Reader::of(server, &json!({"sources": [source(&id)], "follow": true, "tail": 10})).await;
    assert_eq!(newest.end().await, (StreamEndReason::Complete, None));
    assert_eq!(texts(&newest.lines), wanted[19_990..]);
    let page =
        read(server, &json!({"sources": [source(&id)], "tail": 3_000, "until": before(&newest.lines)})).await;
    assert_same(&page, &wanted[16_990..19_990]);
    engine.remove(&id);
}

/// A container that writes much and ends is followed to its last line, in order: Podman leaves lines out when it is.
async fn a_burst_before_the_end_is_whole(server: &TestServer, engine: &TestEngine) {
    let id = engine.run("last", &shell("echo 0; sleep 1; seq 1 60000"), &json!({}));
    let opened = open(server, &json!({"sources": [source(&id)], "follow": true})).await;
    let mut reader = Reader::by(server, transport_probes::all()[0], &opened).await;
    reader.until("0").await;
    assert_eq!(reader.end().await, (StreamEndReason::Complete, None));
    let wanted: Vec<String> = (0..=60_000).map(|number| number.to_string()).collect();
    assert_same(&reader.lines, &wanted);
    engine.remove(&id);
}

/// Lines that are too long, or no text.
async fn strange_lines_arrive_as_they_are(server: &TestServer, engine: &TestEngine) {
    let script = r#"printf 'a\033[31mred\033[0m \342\200\256bidi <script> "q" \\ \377\376.\n'; printf '\n'; head -c 10485760 /dev/zero | tr '\000' x; printf '\n'; echo after; printf 'no end'"#;
    let id = engine.run("strange", &shell(script), &json!({}));
    let mut reader = Reader::of(server, &json!({"sources": [source(&id)], "follow": true})).await;
    assert_eq!(reader.end().await, (StreamEndReason::Complete, None));
    let lines = &reader.lines;
    let first = &lines[0].text;
    assert!(
        first.starts_with("a\u{1b}[31mred\u{1b}[0m \u{202e}bidi <script> \"q\" \\ \u{fffd}"),
        "{first:?}"
    );
    assert_eq!(lines[1].text, "");
    assert_eq!((lines[2].text.len(), lines[2].cut), (16 << 10, Some(10_485_760)));
    assert_eq!(texts(&lines[3..]), ["after", "no end"]);
    for tail in 1..=3 {
        let newest = read(server, &json!({"sources": [source(&id)], "tail": tail})).await;
        assert_eq!(newest, lines[5 - tail..], "the newest {tail}");
    }
    engine.remove(&id);
}

/// Lines of two containers are in the order of their times, and told apart.
async fn several_are_one_list(server: &TestServer, engine: &TestEngine) {
    let script = "for i in $(seq 1 20); do echo $i; sleep 0.02; done";
    let ids = ["one", "two"].map(|name| engine.run(name, &shell(script), &json!({})));
    let sources = ids.each_ref().map(source);
    let mut whole = Reader::of(server, &json!({"sources": sources, "follow": true})).await;
    assert_eq!(whole.end().await, (StreamEndReason::Complete, None));
    let all = read(server, &json!({"sources": sources})).await;
    assert!(all.is_sorted_by_key(|line| (line.at, line.source)), "{all:?}");
    let wanted: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
    for source in [0, 1] {
        for told in [&all, &whole.lines] {
            let of: Vec<LogLine> = told.iter().filter(|line| line.source == source).cloned().collect();
            assert_eq!(texts(&of), wanted);
        }
    }
    let newest = read(server, &json!({"sources": sources, "tail": 13})).await;
    assert_eq!(newest, all[27..]);
    let earlier = read(server, &json!({"sources": sources, "tail": 9, "until": before(&newest)})).await;
    assert_eq!(earlier, all[18..27]);
    ids.iter().for_each(|id| engine.remove(id));
}

/// A container that is restarted is followed into its next life; a reader who has enough ends the stream.
async fn a_restart_is_followed_until_the_reader_has_enough(server: &TestServer, engine: &TestEngine) {
    let id = engine.run("lives", &shell("echo begin; sleep 1000"), &json!({}));
    let asked = json!({"sources": [source(&id)], "follow": true, "tail": 10});
    let opened = open(server, &asked).await;
    let mut reader = Reader::by(server, transport_probes::all()[0], &opened).await;
    reader.until("begin").await;
    engine.act(&id, "restart?t=0");
    while reader.lines.len() < 2 {
        reader.entry().await;
    }
    assert_eq!(texts(&reader.lines), ["begin", "begin"]);
    assert_eq!(cancel(server, &opened).await, 204);
    assert_eq!(reader.end().await, (StreamEndReason::Cancelled, None));
    assert_eq!(cancel(server, &opened).await, 404);
    engine.remove(&id);
}

/// An engine that is killed is waited for; then nothing is told twice.
async fn an_engine_that_comes_back_goes_on(server: &TestServer, engine: &mut TestEngine) {
    let id = engine.run("kept", &shell("for i in $(seq 1 100000); do echo $i; sleep 0.05; done"), &json!({}));
    let mut reader = Reader::of(server, &json!({"sources": [source(&id)], "follow": true})).await;
    reader.until("10").await;
    engine.kill_engine();
    loop {
        let answer = ask(server, &json!({"sources": [source(&id)]})).await;
        if answer.status == 503 {
            assert!(answer.body.contains("source_unavailable"), "{}", answer.body);
            break;
        }
    }
    engine.launch().await;
    // A Docker that starts ends what still ran.
    assert_eq!(reader.end().await, (StreamEndReason::Complete, None));
    let wanted: Vec<String> = (1..=reader.lines.len()).map(|number| number.to_string()).collect();
    assert_eq!(texts(&reader.lines), wanted);
    engine.remove(&id);
}

async fn everything(server: &TestServer, engine: &TestEngine) {
    let unknown = ask(server, &json!({"sources": ["container:0123456789ab"]})).await;
    assert_eq!(unknown.status, 404, "{}", unknown.body);
    each_transport_has_every_line_to_the_end(server, engine).await;
    pages_have_every_line_once(server, engine).await;
    a_burst_is_told_once(server, engine).await;
    a_burst_before_the_end_is_whole(server, engine).await;
    strange_lines_arrive_as_they_are(server, engine).await;
    several_are_one_list(server, engine).await;
    a_restart_is_followed_until_the_reader_has_enough(server, engine).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_docker_are_told_once_in_both_directions_and_over_its_restart() {
    let mut engine = Docker::start().await;
    let data = tempfile::tempdir().expect("a folder");
    let server = start_beside(&engine, data.path()).await;
    everything(&server, &engine).await;
    an_engine_that_comes_back_goes_on(&server, &mut engine).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_podman_are_told_once_in_both_directions() {
    let engine = Podman::start().await;
    let data = tempfile::tempdir().expect("a folder");
    let server = start_beside(&engine, data.path()).await;
    everything(&server, &engine).await;
    server.stop().await;
}

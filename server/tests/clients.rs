//! Every program of docs/clients.md, run as it stands there, but for the port.

mod support;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use support::{Running, start, stream};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The fenced blocks of a language under a heading that contains `heading`.
fn blocks(heading: &str, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("docs/clients.md")).expect("the page is there");
    let section =
        text.split("\n## ").find(|section| section.lines().next().is_some_and(|line| line.contains(heading)));
    let fence = format!("```{language}\n");
    let section = section.unwrap_or_else(|| panic!("no section {heading:?}")).to_owned();
    section.split(&fence).skip(1).filter_map(|rest| Some(rest.split("```").next()?.to_owned())).collect()
}

fn here(program: &str, server: &Running) -> String {
    assert!(program.contains("localhost:3000"), "every program names the address of the README: {program}");
    program.replace("localhost:3000", &server.address.to_string())
}

/// Node 20 has neither class built in; browsers and later Nodes have both.
fn node(program: &str) -> Command {
    let modules = root().join("end2end/node_modules");
    assert!(
        modules.is_dir(),
        "run `cargo xtask setup` first: the clients of docs/clients.md need its npm packages"
    );
    let mut command = Command::new("node");
    command.current_dir(root().join("end2end")).arg("--input-type=module").arg("--eval").arg(format!(
        "import {{ EventSource as E }} from 'eventsource'; import W from 'ws';\n\
         globalThis.EventSource ??= E; globalThis.WebSocket ??= W;\n{program}"
    ));
    command
}

fn sh(program: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(program);
    command
}

/// The first lines that the program prints and that `good` likes.
async fn lines(mut command: Command, count: usize, good: impl Fn(&str) -> bool) -> Vec<String> {
    let mut child: Child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut found = Vec::new();
    let reading = async {
        while found.len() < count {
            let line = out.next_line().await.expect("readable").expect("it goes on");
            if good(&line) {
                found.push(line);
            }
        }
    };
    let in_time = timeout(Duration::from_secs(30), reading).await.is_ok();
    assert!(in_time, "{found:?} is all that came");
    found
}

fn percent(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|number| (0.0..=100.0).contains(&number))
}

#[tokio::test]
async fn the_eventsource_and_websocket_clients_print_live_numbers() {
    let server = start().await;
    // A share of CPU needs two readings: the very first sample has none.
    stream(server.address, "/live/sse?topics=host/local/metrics", |text| text.contains("cpu.total")).await;
    for heading in ["EventSource", "WebSocket"] {
        let programs = blocks(heading, "js");
        assert_eq!(programs.len(), 1);
        let program = here(&programs[0], &server);
        assert!(program.lines().count() <= 5, "five lines are enough");
        let printed = lines(node(&program), 3, |_| true).await;
        for line in printed {
            let (topic, value) = line.split_once(' ').expect("a topic and a number");
            assert!(topic == "host/local/metrics" && percent(value), "{line}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn the_simplest_clients_print_three_numbers() {
    let server = start().await;
    let program = here(&blocks("three numbers", "js")[0], &server);
    for line in lines(node(&program), 2, |_| true).await {
        let inside = line.trim_matches(['[', ']', ' ']);
        assert_eq!(
            inside.split(',').filter(|n| percent(n.trim()) || n.trim() == "null").count(),
            3,
            "{line}"
        );
    }
    let program = here(&blocks("three numbers", "sh")[0], &server);
    lines(sh(&program), 2, |line| line.starts_with("data: {\"data\":[")).await;
    server.stop().await;
}

#[tokio::test]
async fn curl_listens_and_publishes() {
    let server = start().await;
    let program = here(&blocks("curl", "sh")[0], &server);
    lines(sh(&program), 2, |line| line.starts_with("data: {\"topic\":\"host/local/metrics\"")).await;
    let program = here(&blocks("Publishing", "sh")[0], &server);
    let printed = lines(sh(&format!("{}; echo", program.trim_end())), 1, |_| true).await;
    assert!(printed[0].starts_with("{\"cursor\":\""), "{printed:?}");
    server.stop().await;
}

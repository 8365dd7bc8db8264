//! Everything of the system that an agent touches, seen by strace and held against docs/agent.md.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use container_engine::test_engine::Docker;
use regex::Regex;

use crate::{
    code, post,
    support::{binary, get, start, stream},
    until,
};

/// The places of a section of docs/agent.md: what stands in backticks in the first column of its table.
fn places(section: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/agent.md");
    let page = fs::read_to_string(page).expect("docs/agent.md");
    let rest =
        page.split(&format!("\n## {section}\n")).nth(1).unwrap_or_else(|| panic!("no section {section}"));
    let rows = rest.split("\n## ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| `"));
    let first = rows.map(|row| row.split(" | ").next().unwrap_or_default());
    let places: Vec<String> =
        first.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned)).collect();
    assert!(!places.is_empty(), "no places in {section}");
    places
}

/// Says if a path is one of these places.
fn is_one(path: &str, places: &[String]) -> bool {
    places.iter().any(|place| {
        let pattern = regex::escape(place).replace(r"\*\*", ".*").replace(r"\*", "[^/]*");
        Regex::new(&format!("^{pattern}$")).expect("a pattern").is_match(path.trim_end_matches('/'))
            || path == place
            // A folder is looked at before what is in it.
            || place.strip_suffix("/**").is_some_and(|folder| folder == path.trim_end_matches('/'))
    })
}

/// A call that strace has written down.
struct Call {
    /// The number of the thread.
    by: String,
    name: String,
    arguments: String,
    /// The first path that it names, whole.
    path: Option<String>,
}

fn calls(text: &str) -> Vec<Call> {
    let line = Regex::new(r"^(\d+) +(\w+)\((.*)$").expect("a pattern");
    // A descriptor with its path stands before a name that is relative to it.
    let beside = Regex::new("^(?:\\d+<([^>]*)>|AT_FDCWD(?:<([^>]*)>)?), \"([^\"]*)\"").expect("a pattern");
    let first = Regex::new("^\"([^\"]*)\"").expect("a pattern");
    text.lines()
        .filter_map(|text| line.captures(text))
        .map(|found| {
            let [by, name, arguments] = [1, 2, 3].map(|part| found[part].to_owned());
            let path = match (beside.captures(&arguments), first.captures(&arguments)) {
                (Some(found), _) => {
                    let folder = found.get(1).or(found.get(2)).map_or("", |folder| folder.as_str());
                    let name = &found[3];
                    Some(match (name.starts_with('/'), name.is_empty()) {
                        (true, _) => name.to_owned(),
                        (_, true) => folder.to_owned(),
                        _ => format!("{folder}/{name}"),
                    })
                }
                (None, Some(found)) => Some(found[1].to_owned()),
                (None, None) => None,
            };
            Call { by, name, arguments, path }
        })
        .collect()
}

/// One spelling for what is the same place: its own process, and its data folder.
fn normal(path: &str, data: &Path, own: &BTreeSet<String>) -> String {
    let data = data.display().to_string();
    if let Some(rest) = path.strip_prefix(&data) {
        return format!("DATA{rest}");
    }
    let own = own.iter().find_map(|pid| path.strip_prefix(&format!("/proc/{pid}/")));
    own.map_or_else(|| path.to_owned(), |rest| format!("/proc/self/{rest}"))
}

/// Says if a call leads to this port.
fn is_to(call: &Call, port: u16) -> bool {
    call.arguments.contains(&format!("htons({port})"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_touches_what_its_page_lists_and_nothing_else() {
    let (data, traced) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (server, engine) = (start().await, Docker::start().await);
    engine.run("web", &["/bin/sh", "-c", "sleep 1000"], &serde_json::json!({}));
    let socket = engine.socket().display().to_string();
    let file = traced.path().join("trace");
    let mut strace = Command::new("strace")
        .args(["-f", "-y", "-qq", "-s", "4096", "-e", "trace=%file,%network,execve", "-o"])
        .arg(&file)
        .arg(binary::pulseboard().get_program())
        .arg("--data-dir")
        .arg(data.path())
        .args(["agent", "--fast-ms", "200", "--slow-ms", "500", "--name", "web-1"])
        .args(["--hub", &format!("http://{}", server.address), "--enrol", &code(server.data.path())])
        .args(["--engine", &format!("unix://{socket}")])
        // Another folder than one of this repository, and the system's libraries as outside of cargo.
        .env_remove("LD_LIBRARY_PATH")
        .current_dir(data.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("run `cargo xtask setup --tests` first: this test needs strace");
    until(server.address, "the agent is there", |agent| agent["online"] == true).await;
    // Someone looks, so that it measures everything in full.
    let kinds = ["host/web-1/metrics", "host/web-1/system", "host/web-1/processes", "docker/web-1/usage"];
    let path = format!("/live/stream?topics={}", kinds.join(","));
    stream(server.address, &path, |told| {
        kinds.iter().all(|kind| told.contains(&format!("\"topic\":\"{kind}\"")))
    })
    .await;
    // Services that it is to ask: it speaks to these, too.
    let service = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let names = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let [service_at, names_at] = [service.local_addr(), names.local_addr()].map(|at| at.expect("an address"));
    let probe = |name: &str, kind: serde_json::Value| {
        let spec = serde_json::json!({"kind": kind, "timeout_ms": 500});
        serde_json::json!({"name": name, "from": "web-1", "spec": spec, "interval_ms": 1000}).to_string()
    };
    let asked = [
        probe("tcp", serde_json::json!({"type": "tcp", "address": service_at.to_string()})),
        probe("echo", serde_json::json!({"type": "icmp", "host": "127.0.0.1"})),
        probe(
            "names",
            serde_json::json!({"type": "dns", "name": "a.example", "record": "A", "server": names_at.to_string()}),
        ),
    ];
    for body in &asked {
        let made = post(server.address, "/api/v1/probes", None, "application/json", body).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }
    let answered = async {
        loop {
            let all = get(server.address, "/api/v1/probes").await.body;
            let all: serde_json::Value = serde_json::from_str(&all).expect("a list");
            let all = all.as_array().expect("a list");
            if all.iter().all(|probe| probe["state"]["at_ms"].is_u64()) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), answered).await.expect("all are asked");
    let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", strace.id())).expect("children");
    let agent = children.split_whitespace().next().expect("the agent").to_owned();
    let ended = Command::new("kill").arg(&agent).status().expect("kill runs");
    assert!(ended.success());
    strace.wait().expect("it ends");
    let port = server.address.port();
    server.stop().await;

    let text = fs::read_to_string(&file).expect("a trace");
    let own: BTreeSet<String> =
        text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    let reads = [places("It reads"), places("To begin, and to find the server")].concat();
    let writes = places("It writes");
    let runs = places("It runs");
    let speaks = places("It speaks");
    let binary = binary::pulseboard().get_program().to_string_lossy().into_owned();
    let mounts = fs::read_to_string("/proc/self/mountinfo").expect("mounts");
    let mounts: BTreeSet<&str> = mounts.lines().filter_map(|line| line.split(' ').nth(4)).collect();
    let words = Regex::new("\\[([^\\]]*)\\]").expect("a pattern");
    let mut unlisted = BTreeSet::new();
    let (mut seen_reads, mut seen_writes, mut seen_runs, mut seen_probed) = (0, 0, 0, 0);
    // Other programs touch what they like.
    let mut foreign = BTreeSet::new();
    for call in calls(&text) {
        if foreign.contains(&call.by) {
            continue;
        }
        let path = call.path.as_deref().map(|path| normal(path, data.path(), &own));
        let is_listed = match (&*call.name, path.as_deref()) {
            ("execve", Some(path)) if path == binary && seen_runs == 0 => {
                seen_runs += 1;
                true
            }
            ("execve", Some(path)) => {
                let words = words.captures(&call.arguments).map(|found| found[1].replace(['\"', ','], ""));
                let words = words.unwrap_or_default();
                let (_, given) = words.split_once(' ').unwrap_or_default();
                seen_runs += 1;
                if path != "/proc/self/exe" {
                    foreign.insert(call.by.clone());
                }
                is_one(format!("{path} {given}").trim(), &runs)
            }
            ("listen" | "accept" | "accept4", _) => false,
            ("bind", _) => call.arguments.contains("AF_NETLINK") || call.arguments.contains("htons(0)"),
            ("connect", _) if call.arguments.contains("AF_UNIX") => {
                let arguments = call.arguments.replace(&socket, "ENGINE");
                speaks.iter().any(|place| arguments.contains(place.trim_end_matches("/**")))
            }
            ("connect", _) => {
                let probed = [service_at.port(), names_at.port()];
                seen_probed += usize::from(probed.iter().any(|port| is_to(&call, *port)));
                // An echo has no port.
                [port, 53, 0].iter().chain(&probed).any(|port| is_to(&call, *port))
            }
            (_, Some(path)) if call.arguments.contains("O_WRONLY") || call.arguments.contains("O_RDWR") => {
                seen_writes += 1;
                is_one(path, &writes)
            }
            (
                "mkdir" | "mkdirat" | "unlink" | "unlinkat" | "rename" | "renameat" | "renameat2" | "chmod"
                | "fchmodat",
                Some(path),
            ) => is_one(path, &writes),
            ("statfs" | "statx" | "newfstatat" | "stat" | "lstat", Some(path)) if mounts.contains(path) => {
                true
            }
            (_, Some(path)) if path.starts_with('/') || path.starts_with("DATA") => {
                seen_reads += 1;
                is_one(path, &reads) || is_one(path, &writes) || path == binary || path == "DATA"
            }
            _ => true,
        };
        if !is_listed {
            unlisted.insert(format!("{} {}", call.name, path.unwrap_or(call.arguments)));
        }
    }
    assert!(unlisted.is_empty(), "docs/agent.md does not list: {unlisted:#?}");
    assert!(seen_probed > 1, "{seen_probed}");
    assert!(seen_reads > 50 && seen_writes > 1 && seen_runs > 1, "{seen_reads} {seen_writes} {seen_runs}");
}

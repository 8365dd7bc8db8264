//! The binary as people start it: settings, refusals, signals.

mod support;

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use support::{
    binary::{Started, pulseboard, refusal},
    get, request, stream,
};

#[test]
fn what_keeps_it_from_starting_is_one_clear_line_and_exit_code_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let serve = |arguments: &[&str]| {
        let mut command = pulseboard();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&data).args(arguments);
        command
    };
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path.to_string_lossy().into_owned()
    };

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").to_string();
    let mut command = pulseboard();
    let told = refusal(command.args(["--listen", &port, "--data-dir"]).arg(&data));
    assert!(told.contains(&port) && told.contains("in use"), "{told}");

    let told = refusal(&mut serve(&["--config", "/no/such/file.toml"]));
    assert!(told.contains("/no/such/file.toml"), "{told}");

    let unknown = file("unknown.toml", "[limits]\nmesage_bytes = 5\n");
    let told = refusal(&mut serve(&["--config", &unknown]));
    assert!(told.contains("mesage_bytes") && told.contains(&unknown), "names the key and the file: {told}");

    let wrong = file("wrong.toml", "[limits]\nmessage_bytes = \"many\"\n");
    let told = refusal(&mut serve(&["--config", &wrong]));
    assert!(
        told.contains("limits.message_bytes") && told.contains(&wrong),
        "names the key and the file: {told}"
    );

    let broken = file("broken.toml", "[limits\n");
    let told = refusal(&mut serve(&["--config", &broken]));
    assert!(told.contains(&broken), "{told}");

    let told = refusal(serve(&[]).env("PULSEBOARD_COLLECT__FAST_MS", "often"));
    assert!(told.to_lowercase().contains("collect.fast_ms") && told.contains("environment"), "{told}");
    let told = refusal(serve(&[]).env("PULSEBOARD_COLLECT__FAST_MS", "1"));
    assert!(told.contains("collect.fast_ms") && told.contains("10"), "{told}");
    let told = refusal(serve(&[]).env("PULSEBOARD_NO_SUCH_THING", "1"));
    assert!(told.to_lowercase().contains("no_such_thing"), "{told}");

    let mut command = pulseboard();
    let told = refusal(command.args(["--listen", "0.0.0.0:0"]));
    assert!(told.contains("loopback"), "{told}");

    let plain = file("plain", "");
    let mut command = pulseboard();
    let told = refusal(command.args(["--listen", "127.0.0.1:0", "--data-dir", &format!("{plain}/data")]));
    assert!(told.contains(&plain) && told.contains("--data-dir"), "{told}");
}

#[tokio::test]
async fn flags_win_over_the_environment_which_wins_over_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.toml");
    fs::write(&file, "listen = \"127.0.0.1:1\"\n[live]\nheartbeat_ms = 7000\nretry_ms = 700\n")
        .expect("written");
    let mut command = pulseboard();
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--config"])
        .arg(&file)
        .arg("--data-dir")
        .arg(folder.path().join("data"))
        .env("PULSEBOARD_LISTEN", "127.0.0.1:2")
        .env("PULSEBOARD_LIVE__HEARTBEAT_MS", "9000");
    let server = Started::new(&mut command);
    let path = "/live/sse?topics=custom/x";
    let text = stream(server.address, path, |text| text.contains("heartbeat_ms")).await;
    assert!(text.contains("\"heartbeat_ms\":9000") && text.contains("retry: 700\n"), "{text}");
}

#[tokio::test]
async fn asked_to_end_it_tells_its_clients_when_to_come_back_and_ends_in_five_seconds() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = pulseboard();
        let mut server =
            Started::new(command.args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path()));
        let address = server.address;
        let reading = tokio::spawn(async move {
            stream(address, "/live/sse?topics=host/local/metrics", |text| text.contains("event: bye")).await
        });
        stream(address, "/live/sse?topics=host/local/metrics", |text| text.contains("id: ")).await;
        let pid = server.child.id().to_string();
        let asked = Instant::now();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().expect("kill").success());
        let text = reading.await.expect("the stream was told");
        assert!(text.contains("\"reason\":\"shutdown\"") && text.contains("retry: "), "{text}");
        let status = server.child.wait().expect("it ends");
        assert!(status.success(), "{signal}: {status}");
        assert!(asked.elapsed() < Duration::from_secs(5), "{signal}: {:?}", asked.elapsed());
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_built_is_answered_with_the_id_in_the_log() {
    // A site whose list of hashes is taken away under the running server: Leptos then panics while it renders.
    let folder = tempfile::tempdir().expect("a folder");
    let binary = folder.path().join("pulseboard");
    fs::copy(env!("CARGO_BIN_EXE_pulseboard"), &binary).expect("a copy");
    fs::create_dir(folder.path().join("site")).expect("a folder");
    fs::write(folder.path().join("hash.txt"), "js: 1\nwasm: 1\ncss: 1\n").expect("written");
    let log = folder.path().join("log");
    let mut command = Command::new(&binary);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path().join("data"));
    command.env_remove("LEPTOS_SITE_ROOT").env("RUST_BACKTRACE", "0");
    let started = Started::logging(&mut command, fs::File::create(&log).expect("a log").into());
    fs::remove_file(folder.path().join("hash.txt")).expect("removed");

    let ask = |language: &str| {
        let own = started.address;
        format!("GET / HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\naccept-language: {language}\r\n\r\n")
    };
    let answer = request(started.address, &ask("en")).await;
    assert_eq!(answer.status, 500, "{}", answer.body);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(!answer.header("content-security-policy").expect("a policy").contains("script-src"));
    assert!(answer.body.contains("The server could not build this page"), "{}", answer.body);
    let id = answer.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("an id");
    assert!(id.starts_with("500-"), "{id}");
    let told = fs::read_to_string(&log).expect("the log");
    assert!(told.contains(id) && told.contains("failed to read hash file"), "{id} is not in {told}");

    let next = request(started.address, &ask("ko")).await;
    assert!(next.body.contains("<html lang=\"ko\"") && !next.body.contains(id), "each has an id of its own");
    assert_eq!(get(started.address, "/healthz").await.status, 200, "the rest lives on");
}

/// Huge pages would be resident as soon as a byte of each is used.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_idle_server_holds_little_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let server =
        Started::new(pulseboard().args(["--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path()));
    while get(server.address, "/readyz").await.status != 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).expect("of this machine");
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
    };
    // Kernels before 5.0 do not tell.
    assert!(of("THP_enabled").is_none_or(|enabled| enabled == 0), "{status}");
    assert!(of("RssAnon").is_some_and(|kib| kib < 12 * 1024), "its own memory is more than 12 MiB: {status}");
}

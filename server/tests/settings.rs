//! Settings as people write them: what is taken, what is refused in one line, and what an environment has besides.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use pulseboard::config::Config;
use serde_json::Value;
use support::{
    binary::{ServerProcess, pulseboard, refusal},
    get, request,
};
use tempfile::TempDir;

/// The binary with a settings file of this text.
fn with(text: &str) -> (Command, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("settings.toml");
    fs::write(&file, text).expect("written");
    let mut command = pulseboard();
    command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(&file);
    command.arg("--data-dir").arg(folder.path().join("data"));
    (command, folder)
}

#[tokio::test]
async fn a_host_may_be_written_in_every_usual_way() {
    let hosts = r#"hosts = ["board.example:8443", "Loud.Example.", "보드.한국", "192.0.2.7", "2001:db8::7"]"#;
    let (mut command, _folder) = with(hosts);
    let server = ServerProcess::new(&mut command);
    for host in [
        "board.example",
        "board.example:8443",
        "board.example.:8443",
        "loud.example",
        "xn--hy1bm7m.xn--3e0b707e",
        "192.0.2.7:3000",
        "[2001:db8::7]:3000",
        "localhost.",
    ] {
        let text = format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        assert_eq!(request(server.address, &text).await.status, 200, "{host}");
    }
    let text = "GET /healthz HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    assert_eq!(request(server.address, text).await.status, 403);
}

/// The keys of docs/settings.md, each with its default.
fn documented() -> BTreeMap<String, String> {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
    let text = fs::read_to_string(document).expect("the document");
    let rows = text.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let mut all = BTreeMap::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let [_, names, defaults, ..] = row.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("a row has three cells: {row}")
        };
        let keys: Vec<_> =
            names.split('`').skip(1).step_by(2).filter(|name| !name.starts_with('-')).collect();
        let one_each = defaults.split(", ").count() == keys.len();
        for (nth, key) in keys.iter().enumerate() {
            let default = if one_each { defaults.split(", ").nth(nth) } else { Some(defaults) };
            let plain = default.expect("a default").replace(['`', ','], "");
            assert_eq!(all.insert((*key).to_owned(), plain), None, "{key} stands once");
        }
    }
    all
}

#[test]
fn the_settings_that_the_features_declare_are_those_of_the_document_with_their_defaults() {
    let documented = documented();
    let declared: BTreeSet<_> = pulseboard::settings().iter().map(|setting| setting.key.to_owned()).collect();
    assert_eq!(declared, documented.keys().cloned().collect());
    let defaults = serde_json::to_value(Config::default()).expect("values");
    for (key, told) in documented {
        let value = defaults.pointer(&format!("/{}", key.replace('.', "/")));
        let value = match value {
            None | Some(Value::Null) => "none".to_owned(),
            Some(Value::Array(list)) if list.is_empty() => "none".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let told = if told == "made at the first start" { "none".to_owned() } else { told };
        assert_eq!(told, value, "{key}");
    }
}

#[test]
fn what_cannot_be_a_setting_is_refused_in_one_line_that_says_why() {
    for (text, words) in [
        (r#"anonymous_topics = ["notices/*"]"#, ["anonymous_topics", "notices topics are never shown"]),
        (r#"anonymous_topics = ["presence/lobby"]"#, ["anonymous_topics", "presence topics are never shown"]),
        (r#"anonymous_topics = ["*/*/metrics"]"#, ["anonymous_topics", "would show everything"]),
        (r#"anonymous_topics = ["Host"]"#, ["anonymous_topics", "is not a topic"]),
        (r#"hosts = ["https://board.example"]"#, ["hosts", "write its host alone"]),
        (r#"hosts = ["*.lan"]"#, ["hosts", "wildcard"]),
        (r#"hosts = [""]"#, ["hosts", "no host name"]),
        (r#"hosts = ["a b"]"#, ["hosts", "no host name"]),
        (r#"hosts = ["board.example:https"]"#, ["hosts", "no host name"]),
        (r#"trusted_proxies = ["proxy.lan"]"#, ["trusted_proxies", "neither an address"]),
        (r#"trusted_proxies = ["10.0.0.0/40"]"#, ["trusted_proxies", "neither an address"]),
        ("proxy_protocol = true", ["proxy_protocol", "trusted_proxies is empty"]),
        ("[thresholds.\"cpu.totel\"]\nwarn = 70", ["thresholds.\"cpu.totel\"", "these have: cpu.total"]),
        ("[thresholds.\"cpu.total\"]\nwarn = 95", ["warn is 95 and critical 90", "at most critical"]),
        ("[thresholds.\"cpu.total\"]\ncritical = 101", ["critical is 101", "at most 100"]),
        ("[thresholds.\"cpu.total\"]\nwarm = 70", ["thresholds", "warm"]),
        ("[operator]\ntoken = \"short\"", ["operator.token", "24 to 512"]),
        ("[operator]\ntoken = \"with spaces in it, and long enough\"", ["operator.token", "without spaces"]),
        ("[operator]\ntoken = 123456789012345678", ["operator.token", "not a number"]),
    ] {
        let (mut command, _folder) = with(text);
        let told = refusal(&mut command);
        assert!(words.iter().all(|word| told.contains(word)), "{text}: {told}");
        assert!(!text.contains("token") || !told.contains("12345678"), "no secret is repeated: {told}");
    }
}

#[tokio::test]
async fn thresholds_are_served_to_pages_and_programs_from_the_file_and_the_environment() {
    let (mut command, _folder) = with("[thresholds.\"disk.percent\"]\nwarn = 42.5");
    command.env("PULSEBOARD_THRESHOLDS", r#"{"load.1"={critical=7}}"#);
    let server = ServerProcess::new(&mut command);
    let series = get(server.address, "/api/v1/series").await.body;
    let series: Vec<Value> = serde_json::from_str(&series).expect("metrics");
    let told = |id: &str| {
        let metric = series.iter().find(|metric| metric["id"] == id).expect(id);
        [&metric["thresholds"]["warn"], &metric["thresholds"]["critical"]].map(Value::as_f64)
    };
    assert_eq!(told("disk.percent"), [Some(42.5), Some(90.0)]);
    assert_eq!(told("load.1"), [Some(1.0), Some(7.0)]);
    assert_eq!(told("cpu.total"), [Some(80.0), Some(90.0)]);
    assert_eq!(told("uptime"), [None, None]);
    let page = get(server.address, "/").await.body;
    assert!(page.contains("42.5 90 0"), "the page judges by the same");
}

#[tokio::test]
async fn what_kubernetes_puts_into_the_environment_is_passed_over_with_a_warning() {
    let (mut command, folder) = with("");
    let variables = [
        ("PULSEBOARD_PORT", "tcp://10.0.0.7:3000"),
        ("PULSEBOARD_PORT_3000_TCP", "tcp://10.0.0.7:3000"),
        ("PULSEBOARD_PORT_3000_TCP_ADDR", "10.0.0.7"),
        ("PULSEBOARD_PORT_3000_TCP_PORT", "3000"),
        ("PULSEBOARD_PORT_3000_TCP_PROTO", "tcp"),
        ("PULSEBOARD_SERVICE_HOST", "10.0.0.7"),
        ("PULSEBOARD_SERVICE_PORT", "3000"),
        ("PULSEBOARD_SERVICE_PORT_HTTP", "3000"),
    ];
    let log = folder.path().join("log");
    let file = fs::File::create(&log).expect("a log");
    let server = ServerProcess::logging(command.envs(variables), file.into());
    assert_eq!(get(server.address, "/healthz").await.status, 200);
    let told = fs::read_to_string(&log).expect("a log");
    let warning =
        told.lines().find(|line| line.contains("WARN") && line.contains("Kubernetes")).expect(&told);
    for (name, _) in variables {
        assert!(warning.contains(name), "{name}: {warning}");
    }
    drop(server);
    // Everything else that begins so is a slip.
    let (mut command, _folder) = with("");
    let told = refusal(command.env("PULSEBOARD_PORT", "3000"));
    assert!(told.to_lowercase().contains("port"), "{told}");
}

#[tokio::test]
async fn the_operators_token_is_made_at_the_first_start_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (mut command, folder) = with("");
    let log = folder.path().join("log");
    let file = fs::File::create(&log).expect("a log");
    let server = ServerProcess::logging(&mut command, file.into());
    let path = folder.path().join("data/operator-token");
    let token = fs::read_to_string(&path).expect("a token");
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    let told = fs::read_to_string(&log).expect("a log");
    assert!(told.contains("operator-token") && !told.contains(token.trim()), "{told}");
    let ask = |token: String, to| async move {
        let head =
            format!("GET /api/v1/connections HTTP/1.1\r\nhost: {to}\r\nauthorization: Bearer {token}\r\n");
        request(to, &format!("{head}connection: close\r\n\r\n")).await.status
    };
    assert_eq!(ask(token.trim().to_owned(), server.address).await, 200);
    assert_eq!(ask("x".repeat(64), server.address).await, 401);
    drop(server);
    let server = ServerProcess::new(&mut command);
    assert_eq!(ask(token.trim().to_owned(), server.address).await, 200, "it stays over a restart");
}

//! Debian's node_exporter, asked as a user's would be.

use std::process::Stdio;

use scrape::{Outbound, Rates, Target, TargetSpec};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

#[tokio::test]
async fn a_real_node_exporter_gives_series() {
    let (_child, port) = start().await;
    let mut target =
        Target::new(TargetSpec::new(format!("http://127.0.0.1:{port}/metrics")), &Outbound::new().unwrap())
            .unwrap();
    let first = target.scrape().await.unwrap();
    assert!(first.series.len() > 200, "{}", first.series.len());
    let mut rates = Rates::default();
    rates.update(first.started, first.series);
    let second = target.scrape().await.unwrap();
    let measured = rates.update(second.started, second.series);
    assert!(measured.iter().any(|series| series.is_rate));
}

async fn start() -> (Child, u16) {
    let mut child = Command::new("prometheus-node-exporter")
        .arg("--web.listen-address=127.0.0.1:0")
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("prometheus-node-exporter is missing: cargo xtask setup --tests");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    while let Some(line) = lines.next_line().await.expect("lines") {
        if let Some((_, port)) =
            line.split_once("address=127.0.0.1:").filter(|_| line.contains("Listening on"))
        {
            let port = port.parse().expect("a port");
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return (child, port);
        }
    }
    panic!("prometheus-node-exporter ended before it listened");
}

//! A part of the collector that hangs: what it reads is a pipe that nobody writes to.

use std::time::Duration;

use crate::host::{Host, Plan};

#[test]
fn a_part_that_hangs_is_named_holds_up_no_other_and_not_the_stop() {
    // A file that can be read from its beginning stays open. A pipe cannot: it is opened each time, and has no processor's times in it.
    let setup = "mkfifo $T/pipe; mount --bind $T/pipe /proc/stat
        while :; do echo >$T/pipe; done >/dev/null 2>&1 & echo $! >$T/writer; ";
    let mut host = Host::start(&Plan { setup, ..Plan::default() });
    let watch = host.watch();
    host.until_ready_says(200);
    host.run("kill $(cat $T/writer)");
    let said = host.until_ready_says(503);
    assert!(said.starts_with("the collector hangs: metrics has stood still for "), "{said}");
    let before = host.snapshot();
    let stale = before.metrics.expect("numbers from before").at;
    host.until("the other parts go on", |snapshot| {
        let (system, processes) = (snapshot.system.as_ref()?, snapshot.processes.as_ref()?);
        (system.at > before.at && processes.at > before.at && system.value("uptime").is_some()).then_some(())
    });
    assert_eq!(host.snapshot().metrics.expect("numbers").at, stale);
    let (_, figures) = host.get("/metrics");
    let figure = |name: &str| {
        let line = figures.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().parse::<f64>().unwrap_or_else(|_| panic!("{name} in {figures}"))
    };
    assert!(figure("pulseboard_sample_age_seconds{part=\"metrics\"}") > 9.0);
    assert!(figure("pulseboard_part_stuck_seconds{part=\"metrics\"}") > 9.0);
    assert_eq!(figure("pulseboard_part_stuck_seconds{part=\"system\"}"), 0.0);
    drop(watch);
    let took = host.stop().expect("it ends whatever hangs");
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_part_that_moves_again_is_well_again() {
    let host = Host::start(&Plan::default());
    host.until_ready_says(200);
    host.run("mkfifo $T/pipe; mount --bind $T/pipe /proc/loadavg");
    let watch = host.watch();
    let said = host.until_ready_says(503);
    assert!(said.contains("system has stood still for "), "{said}");
    host.run("umount -l /proc/loadavg; echo 0.1 0.2 0.3 1/2 3 > $T/pipe");
    host.until_ready_says(200);
    drop(watch);
}

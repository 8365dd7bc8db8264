//! Recorded lines, and the programs of the machine that runs the tests.

use std::{
    process::{Child, Command},
    time::Duration,
};

use super::*;

fn table() -> ProcessTable {
    ProcessTable::new(Prober::new(None, Duration::from_secs(1))).expect("a table")
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_recorded_line_is_read_whatever_the_name_is() {
    let rest =
        "S 1 7 7 0 -1 4194560 100 0 0 0 250 50 9 9 20 0 1 0 4711 10000000 2048 18446744073709551615 0 0";
    for name in ["cat", "a b", "a) S 1 (b", ""] {
        let line = format!("7 ({name}) {rest}\n");
        let stat = parse(line.as_bytes()).expect(&line);
        assert_eq!(stat, Stat { comm: name.as_bytes(), cpu: 300, started: 4_711, threads: 1, pages: 2_048 });
    }
    for line in ["", "7", "7 (x", "7 (x) S 1 2", "7 )x( S"] {
        assert_eq!(parse(line.as_bytes()), None, "{line}");
    }
}

#[test]
fn a_share_is_taken_over_the_time_between_the_two_looks_at_that_program() {
    let look = |cpu, seconds: u64| ProcessUsage {
        pid: 7,
        cpu,
        started: 4_711,
        at: seconds * 1_000_000_000,
        pages: 1,
        ran: None,
    };
    let percent = |ticks: u64| (ticks * 100 / clock_ticks_per_second()) as f64;
    assert_eq!(share(look(160, 13), Some(&look(0, 3)), None, 0), percent(16));
    // After a pause of twenty seconds.
    assert_eq!(share(look(440, 25), Some(&look(0, 3)), None, 0), percent(20));
    let other = ProcessUsage { started: 9, ..look(0, 3) };
    assert_eq!(share(look(160, 13), Some(&other), Some(&other), u64::MAX), 0.0, "old, and not read before");
    assert_eq!(share(look(160, 13), Some(&other), Some(&other), 4), percent(16), "it has begun since then");
    assert_eq!(share(look(160, 3), Some(&look(0, 3)), None, 0), 0.0);
}

#[test]
fn lists_are_short_ordered_and_in_range() {
    let mut table = table();
    assert_eq!(table.list(1), None);
    let busy_until = Instant::now() + Duration::from_millis(300);
    while Instant::now() < busy_until {
        std::hint::spin_loop();
    }
    let processes = table.list(2).expect("a list");
    assert!(processes.count >= 1);
    assert!(processes.by_cpu.is_sorted_by(|a, b| a.cpu >= b.cpu));
    assert!(processes.by_memory.is_sorted_by(|a, b| a.memory >= b.memory));
    // Ticks of 10 ms against a third of a second: a full core may read more.
    let most = 150.0 * std::thread::available_parallelism().map_or(1, usize::from) as f64;
    for process in processes.by_cpu.iter().chain(&processes.by_memory) {
        assert!((0.0..=most).contains(&process.cpu), "{process:?}");
        assert!(!process.name.is_empty() && process.user.is_some());
    }
    let own = processes.by_cpu.iter().find(|process| process.pid == std::process::id());
    let own = own.expect("this test itself was busy");
    assert!(own.command.as_ref().is_some_and(|command| command.contains("collect")), "{own:?}");
}

#[test]
fn programs_that_ended_are_dropped() {
    let mut table = table();
    let child = Ended(Command::new("sleep").arg("60").spawn().expect("sleep"));
    let pid = child.0.id();
    table.list(1);
    assert!(find(&table.looks, pid).is_some());
    drop(child);
    table.list(2);
    assert!(find(&table.looks, pid).is_none());
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
fn a_program_that_has_just_begun_has_its_share_and_its_full_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("a-program-with-a-long-name");
    fs::copy("/bin/sh", &program).expect("a copy");
    let mut table = table();
    table.list(1);
    let child = Ended(Command::new(&program).args(["-c", "while :; do :; done"]).spawn().expect("sh"));
    std::thread::sleep(Duration::from_millis(500));
    let processes = table.list(2).expect("a list");
    let found = processes.by_cpu.iter().find(|process| process.pid == child.0.id());
    let found = found.unwrap_or_else(|| panic!("{processes:?}"));
    assert_eq!(found.name, "a-program-with-a-long-name");
    assert!(found.command.as_ref().is_some_and(|command| command.ends_with("while :; do :; done")));
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
fn a_program_that_runs_after_a_rest_has_its_share_again() {
    let mut table = table();
    let mut child = Ended(
        Command::new("sh")
            .args(["-c", "read line; while :; do :; done"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("sh"),
    );
    let pid = child.0.id();
    for at in 1..2 * u64::from(READ_AGAIN) {
        table.list(at);
        assert!(find(&table.looks, pid).is_some(), "{at}");
    }
    let before = *find(&table.looks, pid).expect("it rests");
    let own = fs::read_to_string(format!("/proc/{pid}/schedstat")).is_ok();
    assert_eq!(before.ran.is_some(), own, "it has one thread");
    child.0.stdin.take().expect("a pipe").write_all(b"\n").expect("told");
    std::thread::sleep(Duration::from_millis(400));
    let processes = table.list(100).expect("a list");
    let found = processes.by_cpu.iter().find(|process| process.pid == pid);
    assert!(found.is_some_and(|process| process.cpu > 0.0), "{processes:?}");
}

#[test]
fn what_is_kept_of_a_program_that_is_not_listed_is_one_look() {
    assert_eq!(size_of::<ProcessUsage>(), 56);
    let mut table = table();
    table.list(1);
    let processes = table.list(2).expect("a list");
    assert!(table.looks.len() >= processes.count && processes.by_memory.len() <= 8);
}

//! A program of known load, told by its full name, at uneven paces and over a pause.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use common::sample::Process;
use rustix::process::Signal;

use crate::host::{Host, NamespacedProgram, Plan, pause};

/// Works for 20 ms of each 100.
const WORK: &str = "
import time
while True:
    until = time.process_time() + 0.02
    began = time.monotonic()
    while time.process_time() < until: pass
    time.sleep(max(0.0, 0.1 - (time.monotonic() - began)))
";

fn worker() -> NamespacedProgram {
    NamespacedProgram(
        Command::new("python3").args(["-c", WORK]).stdout(Stdio::null()).spawn().expect("python3"),
    )
}

/// Seconds of CPU that a program has used.
fn used(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    let fields: Vec<&str> = stat.rsplit_once(')').expect("a name").1.split_whitespace().collect();
    let ticks: f64 = [fields[11], fields[12]].iter().map(|ticks| ticks.parse::<f64>().expect("ticks")).sum();
    ticks / rustix::param::clock_ticks_per_second() as f64
}

fn row(host: &Host, pid: u32, after: u64) -> Process {
    host.until("the worker is listed", |snapshot| {
        let processes = snapshot.processes.as_ref().filter(|processes| processes.at > after)?;
        processes.by_cpu.iter().find(|process| process.pid == pid).cloned()
    })
}

#[test]
fn a_program_is_told_by_its_full_name_with_its_account_and_without_its_password() {
    let host = Host::start(&Plan::default());
    let _watch = host.watch();
    let program = host.folder.path().join("a-worker-with-a-long-name");
    std::fs::copy("/bin/sh", &program).expect("a copy");
    let mut command = Command::new(&program);
    command.args(["-c", "while :\ndo :; done", "--password=hunter2"]);
    let worker = NamespacedProgram(command.spawn().expect("sh"));
    let row = row(&host, worker.0.id(), 0);
    assert_eq!((&*row.name, row.user.as_deref()), ("a-worker-with-a-long-name", Some("root")));
    let told = row.command.expect("a command line");
    assert_eq!(told, format!("{} -c while : do :; done --password=***", program.display()));
}

#[test]
fn a_pause_does_not_multiply_what_came_before_and_after_it() {
    // Every round is due, so the first after the pause is told.
    let settings = [("PULSEBOARD_COLLECT__SLOW_MS", "500")];
    let host = Host::start(&Plan { settings: &settings, ..Plan::default() });
    let _watch = host.watch();
    let worker = worker();
    let pid = worker.0.id();
    row(&host, pid, 0);
    // Whatever the machine gives the worker, over the pause and the looks around it.
    let (began, before) = (Instant::now(), used(pid));
    host.signal(Signal::STOP);
    pause(Duration::from_secs(8));
    let at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_millis()
        as u64;
    host.signal(Signal::CONT);
    let told = row(&host, pid, at);
    let real = 100.0 * (used(pid) - before) / began.elapsed().as_secs_f64();
    assert!(told.cpu < real * 2.0 + 5.0, "{} % told, {real} % real", told.cpu);
    assert!(told.cpu > real / 3.0, "{} % told, {real} % real", told.cpu);
}

#[test]
fn rates_over_a_pause_are_divided_by_the_time_that_passed() {
    // A disk that writes at a steady pace, as its counters tell.
    let line = |sectors: u64| format!("8 144 sdy 10 0 8 5 20 0 {sectors} 5 0 5 5\n");
    let first = line(1_000);
    let files = [("diskstats", &*first)];
    let settings = [("PULSEBOARD_COLLECT__SLOW_MS", "1000")];
    let setup = "mount --bind $T/diskstats /proc/diskstats";
    let host = Host::start(&Plan { setup, files: &files, settings: &settings, ..Plan::default() });
    let _watch = host.watch();
    let rate = |after: u64| {
        host.until("the rate is told", |snapshot| {
            let system = snapshot.system.as_ref().filter(|system| system.at > after)?;
            system.values.get_labelled("disk.written", "sdy")
        })
    };
    assert_eq!(rate(0), 0.0);
    let stopped = Instant::now();
    host.signal(Signal::STOP);
    pause(Duration::from_secs(8));
    // The program wrote while nobody looked: 512,000 bytes for each second of the pause.
    let sectors = 1_000 + stopped.elapsed().as_millis() as u64;
    std::fs::write(host.folder.path().join("diskstats"), line(sectors)).expect("written");
    let at = host_millis();
    host.signal(Signal::CONT);
    let told = rate(at);
    assert!(told > 0.0 && told < 600_000.0, "{told} bytes a second");
}

fn host_millis() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    now.as_millis() as u64
}

//! Asks systemd by `systemctl` (systemctl(1)), which reads and changes nothing.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;

use crate::prober::{CommandRunner, find_program};

/// systemd is asked this often.
const ASK_EVERY: Duration = Duration::from_secs(60);
/// One answer is waited for this long.
const DEADLINE: Duration = Duration::from_secs(5);
/// The folder that is there if and only if systemd runs: sd_booted(3).
const BOOTED: &str = "/run/systemd/system";
/// Lines of five words, without a mark, a head, or a name that was cut.
const ARGUMENTS: [&str; 6] =
    ["list-units", "--state=failed", "--plain", "--full", "--no-legend", "--no-pager"];

/// The answer of systemd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UnitReport {
    /// Nothing here to ask.
    NoSystemd,
    /// The names of the units that have failed.
    Failed(Vec<String>),
    /// Since when there is none, milliseconds since 1970.
    NoAnswer(u64),
}

/// Asks now and then for the units that have failed.
pub(crate) struct UnitProbe {
    runner: CommandRunner,
    clock: Arc<dyn Clock>,
    booted: PathBuf,
    program: fn() -> Option<PathBuf>,
    asked: Option<Instant>,
    last: UnitReport,
}

impl UnitProbe {
    /// Nothing is asked yet.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            runner: CommandRunner::default(),
            clock,
            booted: BOOTED.into(),
            program: || find_program("systemctl"),
            asked: None,
            last: UnitReport::NoSystemd,
        }
    }

    /// Asks where it is due; the last answer else. Calls `moves` while it waits.
    pub(crate) fn round(&mut self, moves: &dyn Fn()) -> UnitReport {
        self.runner.reap();
        if self.asked.is_none_or(|asked| asked.elapsed() >= ASK_EVERY) {
            self.asked = Some(Instant::now());
            self.last = self.ask(moves);
        }
        self.last.clone()
    }

    fn ask(&mut self, moves: &dyn Fn()) -> UnitReport {
        let program = if self.booted.is_dir() { (self.program)() } else { None };
        let Some(program) = program else { return UnitReport::NoSystemd };
        let at = self.clock.unix_millis();
        let answer = self.runner.run(&program, &ARGUMENTS, DEADLINE, moves);
        match (answer.filter(|output| output.success), &self.last) {
            (Some(output), _) => UnitReport::Failed(parse(&String::from_utf8_lossy(&output.bytes))),
            (None, UnitReport::NoAnswer(since)) => UnitReport::NoAnswer(*since),
            (None, _) => UnitReport::NoAnswer(at),
        }
    }
}

/// The names of the failed units, each once.
fn parse(text: &str) -> Vec<String> {
    let failed = |line: &str| {
        let mut words = line.split_ascii_whitespace();
        let (unit, _load, active) = (words.next()?, words.next()?, words.next()?);
        (active == "failed" && unit.contains('.')).then(|| unit.to_owned())
    };
    let mut units: Vec<String> = text.lines().filter_map(failed).collect();
    units.sort_unstable();
    units.dedup();
    units
}

#[cfg(test)]
mod tests {
    use broker::ManualClock;

    use super::*;

    /// In the form of systemd 252.
    const ANSWER: &str = "\
nginx.service                 loaded    failed failed A high performance web server and a reverse proxy server
srv-data\\x2dold.mount         not-found failed failed srv-data\\x2dold.mount
backup@daily.service          loaded    failed failed Backup failed (daily)
";

    fn probe(folder: &std::path::Path, program: fn() -> Option<PathBuf>) -> UnitProbe {
        let probe = UnitProbe::new(Arc::new(ManualClock::new(7)));
        UnitProbe { booted: folder.to_owned(), program, ..probe }
    }

    #[test]
    fn failed_units_are_named_in_full() {
        let units = ["backup@daily.service", "nginx.service", "srv-data\\x2dold.mount"];
        assert_eq!(parse(ANSWER), units);
        assert!(parse("").is_empty());
    }

    #[test]
    fn lines_that_tell_of_no_failed_unit_are_passed_over() {
        for line in [
            "0 loaded units listed.",
            "UNIT LOAD ACTIVE SUB DESCRIPTION",
            "nginx.service",
            "nginx.service loaded active running failed",
            "\u{fffd}\0 \t",
            "noname loaded failed failed",
        ] {
            assert!(parse(line).is_empty(), "{line:?}");
        }
    }

    #[test]
    fn without_systemd_no_program_is_started() {
        let started = || -> Option<PathBuf> { unreachable!("systemd does not run") };
        assert_eq!(probe("/no/such/folder".as_ref(), started).round(&|| ()), UnitReport::NoSystemd);
        let no_program = probe("/".as_ref(), || None).round(&|| ());
        assert_eq!(no_program, UnitReport::NoSystemd);
    }

    #[test]
    fn a_program_that_was_left_is_buried_between_two_questions() {
        let mut probe = probe("/".as_ref(), || Some("/bin/true".into()));
        probe.round(&|| ());
        let mut child = std::process::Command::new("/bin/true").spawn().expect("started");
        child.wait().expect("ended");
        probe.runner.leave(child);
        probe.round(&|| ());
        assert_eq!(probe.runner.count_left(), 0);
    }

    #[test]
    fn a_refusal_is_no_answer_since_the_first_and_is_not_asked_again_at_once() {
        let mut refused = probe("/".as_ref(), || Some("/bin/false".into()));
        assert_eq!(refused.round(&|| ()), UnitReport::NoAnswer(7));
        refused.program = || Some("/bin/true".into());
        assert_eq!(refused.round(&|| ()), UnitReport::NoAnswer(7), "asked a moment ago");
        refused.asked = None;
        assert_eq!(refused.round(&|| ()), UnitReport::Failed(Vec::new()));
    }
}

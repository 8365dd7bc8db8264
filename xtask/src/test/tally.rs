//! Counting tests while their output passes by.

use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::process;

/// The numbers of tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TestCounts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

/// A step without tests of its own, a build or a lint, is one check.
pub(crate) const ONE: TestCounts = TestCounts { passed: 1, failed: 0 };

/// Runs a command, shows its output as it comes, and counts the tests in it.
pub(super) fn run(command: &mut Command) -> Result<TestCounts> {
    process::announce(command);
    let line = process::line_of(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{line}`"))?;
    let stdout = child.stdout.take().context("the output was asked for")?;
    let mut tally = TestCounts::default();
    for text in BufReader::new(stdout).split(b'\n') {
        let text = text.with_context(|| format!("cannot read what `{line}` says"))?;
        let text = String::from_utf8_lossy(&text);
        println!("{text}");
        tally.read(&text);
    }
    let status = child.wait().with_context(|| format!("lost `{line}`"))?;
    Ok(tally.or_broken(status.success()))
}

/// Counts the tests in what a program has said that ended well or not.
pub(super) fn count(output: &str, ended_well: bool) -> TestCounts {
    let mut tally = TestCounts::default();
    output.lines().for_each(|line| tally.read(line));
    tally.or_broken(ended_well)
}

impl AddAssign for TestCounts {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
    }
}

impl TestCounts {
    /// A program that broke before, between or after its tests is a failure too.
    fn or_broken(mut self, ended_well: bool) -> Self {
        if !ended_well && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.read_libtest(counts);
        } else {
            self.read_playwright(line);
        }
    }

    /// `ok. 5 passed; 0 failed; 0 ignored; ...`, from cargo test and wasm-bindgen's runner.
    fn read_libtest(&mut self, counts: &str) {
        let counts = counts.split_once(". ").map_or(counts, |(_, counts)| counts);
        for count in counts.split("; ") {
            match count.split_once(' ').map(|(number, word)| (number.parse::<u32>(), word)) {
                Some((Ok(number), "passed")) => self.passed += number,
                Some((Ok(number), "failed")) => self.failed += number,
                _ => {}
            }
        }
    }

    /// `12 passed (30.1s)`, `1 failed`: each on a line of its own in the list reporter's summary.
    fn read_playwright(&mut self, line: &str) {
        let mut words = line.split(' ');
        let Some(Ok(number)) = words.next().map(str::parse::<u32>) else { return };
        match (words.next(), words.next()) {
            (Some("passed"), Some(duration)) if duration.starts_with('(') => self.passed += number,
            (Some("failed" | "interrupted"), None) => self.failed += number,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TestCounts;

    fn tally(output: &str) -> TestCounts {
        super::count(output, true)
    }

    #[test]
    fn a_program_that_breaks_is_a_failure_even_if_no_test_failed() {
        let output = "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(super::count(output, false), TestCounts { passed: 5, failed: 1 });
    }

    #[test]
    fn every_test_binary_of_a_cargo_run_counts() {
        let output = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                      test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0s";
        assert_eq!(tally(output), TestCounts { passed: 7, failed: 3 });
    }

    #[test]
    fn playwrights_summary_counts() {
        let output =
            "  1 failed\n    [chromium] > specs/chat.spec.ts:3:1 > sends\n  2 skipped\n  12 passed (30.1s)";
        assert_eq!(tally(output), TestCounts { passed: 12, failed: 1 });
    }

    #[test]
    fn a_test_that_talks_about_passing_does_not_count() {
        assert_eq!(tally("3 passed the post\n4 failed logins were seen"), TestCounts::default());
    }
}

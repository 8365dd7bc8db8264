//! The table at the end.

use std::time::Duration;

use anyhow::{Result, bail};

use super::tally::TestCounts;

pub(super) struct Outcome {
    name: &'static str,
    took: Duration,
    tally: TestCounts,
    error: Option<String>,
}

impl Outcome {
    /// A step that could not count, because it broke, counts as one failure.
    pub(super) fn new(
        name: &'static str,
        took: Duration,
        tally: Option<TestCounts>,
        error: Option<String>,
    ) -> Self {
        Self { name, took, tally: tally.unwrap_or(TestCounts { passed: 0, failed: 1 }), error }
    }

    pub(super) fn has_failed(&self) -> bool {
        self.error.is_some()
    }
}

#[derive(Default)]
pub(super) struct Report(Vec<Outcome>);

impl Report {
    pub(super) fn add(&mut self, outcome: Outcome) {
        self.0.push(outcome);
    }

    /// Prints the table and the sum; an error if anything failed.
    pub(super) fn finish(&self) -> Result<()> {
        print!("{}", self.table());
        match self.0.iter().find(|outcome| outcome.has_failed()) {
            None => Ok(()),
            Some(first) => bail!("{}: {}", first.name, first.error.as_deref().unwrap_or("failed")),
        }
    }

    fn table(&self) -> String {
        let mut table = format!("\n{:<12} {:>8} {:>8} {:>8}\n", "step", "seconds", "passed", "failed");
        let mut row = |name: &str, took: Duration, tally: TestCounts| {
            let TestCounts { passed, failed } = tally;
            table += &format!("{name:<12} {:>8.1} {passed:>8} {failed:>8}\n", took.as_secs_f64());
        };
        for outcome in &self.0 {
            row(outcome.name, outcome.took, outcome.tally);
        }
        let passed = self.0.iter().map(|outcome| outcome.tally.passed).sum();
        let failed = self.0.iter().map(|outcome| outcome.tally.failed).sum();
        row("all", self.0.iter().map(|outcome| outcome.took).sum(), TestCounts { passed, failed });
        table + &format!("\n{passed} passed, {failed} failed\n")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Outcome, Report};
    use crate::test::tally::{ONE, TestCounts};

    #[test]
    fn the_sum_counts_tests_and_steps_that_broke() {
        let mut report = Report::default();
        report.add(Outcome::new("format", Duration::from_millis(400), Some(ONE), None));
        report.add(Outcome::new(
            "test",
            Duration::from_secs(60),
            Some(TestCounts { passed: 40, failed: 0 }),
            None,
        ));
        report.add(Outcome::new("build", Duration::from_secs(2), None, Some("no compiler".to_owned())));
        assert!(report.table().ends_with("\n41 passed, 1 failed\n"), "{}", report.table());
        assert!(report.table().contains("all              62.4       41        1"), "{}", report.table());
        assert_eq!(report.finish().unwrap_err().to_string(), "build: no compiler");
    }
}

//! `cargo xtask test`: one list of steps, in [`steps`], announced and timed, and a table at the end.

mod executables;
mod report;
mod steps;
mod tally;
mod webdriver;

use std::env;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::setup;
use report::{Outcome, Report};
use steps::{Prerequisite, STEPS, Step};

#[derive(clap::Args)]
pub(crate) struct TestOptions {
    /// Only these steps, in the list's order. May be repeated.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Go on after a step has failed.
    #[arg(long)]
    keep_going: bool,
    /// Show the steps and run none.
    #[arg(long)]
    list: bool,
}

pub(crate) fn test(options: &TestOptions) -> Result<()> {
    let chosen = chosen(&options.only)?;
    if options.list {
        for step in chosen {
            println!("{:<12} {}", step.name, step.about);
        }
        return Ok(());
    }

    let mut report = Report::default();
    let needs = chosen.iter().map(|step| step.needs).max().unwrap_or(Prerequisite::Nothing);
    if needs > Prerequisite::Nothing {
        let tests = needs == Prerequisite::TestTools;
        let outcome = timed("setup", "install what is missing", || {
            setup::setup(&setup::SetupOptions { tests, ..Default::default() }).map(|()| tally::ONE)
        });
        if outcome.has_failed() {
            report.add(outcome);
            return report.finish();
        }
        report.add(outcome);
    }
    for step in chosen {
        let outcome = timed(step.name, step.about, step.run);
        let stop = outcome.has_failed() && !options.keep_going;
        report.add(outcome);
        if stop {
            break;
        }
    }
    report.finish()
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    for name in only {
        if !STEPS.iter().any(|step| step.name == name) {
            let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`; there are {}", names.join(", "));
        }
    }
    Ok(STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| step.name == name)).collect())
}

fn timed(name: &'static str, about: &str, step: impl FnOnce() -> Result<tally::TestCounts>) -> Outcome {
    // GitHub and Forgejo fold what stands between these lines.
    let grouped = env::var_os("GITHUB_ACTIONS").is_some();
    println!(
        "{}",
        if grouped { format!("::group::{name}: {about}") } else { format!("\n== {name}: {about}") }
    );
    let start = Instant::now();
    let result = step();
    let took = start.elapsed();
    let error = match &result {
        Ok(tally) if tally.failed == 0 => None,
        Ok(tally) => Some(format!("{} failed", tally.failed)),
        Err(error) => Some(format!("{error:#}")),
    };
    if grouped {
        println!("::endgroup::");
    }
    match &error {
        None => println!("== {name}: passed in {:.1} s", took.as_secs_f64()),
        Some(error) => println!("== {name}: FAILED in {:.1} s: {error}", took.as_secs_f64()),
    }
    Outcome::new(name, took, result.ok(), error)
}

#[cfg(test)]
mod tests {
    use super::chosen;

    #[test]
    fn chosen_steps_keep_the_order_of_the_list() {
        let names = ["size".to_owned(), "format".to_owned()];
        let steps: Vec<_> = chosen(&names).unwrap().iter().map(|step| step.name).collect();
        assert_eq!(steps, ["format", "size"]);
    }

    #[test]
    fn an_unknown_step_is_refused() {
        assert!(chosen(&["spelling".to_owned()]).is_err());
    }
}

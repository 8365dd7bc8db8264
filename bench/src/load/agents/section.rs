//! Sections of `bench/RESULTS.md` that other runs write than the one that writes the rest.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::Options;

/// The beginnings of their headings.
const HEADINGS: [&str; 3] = ["## History beside ", "## An agent beside ", "## Agents at one server"];

/// Writes a section where the options do not say otherwise.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn write(options: &Options, section: &str) -> Result<()> {
    if let Some(file) = &options.into {
        return fs::write(file, section).with_context(|| format!("cannot write {}", file.display()));
    }
    if options.print_only {
        return Ok(());
    }
    put(&Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md"), section)
}

/// Puts a section in the place of the one with its heading, or at the end.
fn put(file: &Path, section: &str) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    fs::write(file, replaced(&text, section)).with_context(|| format!("cannot write {}", file.display()))
}

fn replaced(text: &str, section: &str) -> String {
    let heading = section.lines().next().unwrap_or_default();
    let (before, after) = match find(text, heading) {
        Some(begin) => (&text[..begin], &text[begin + section_at(text, begin).len()..]),
        None => (text, ""),
    };
    let behind = if after.is_empty() { String::new() } else { format!("\n{after}") };
    format!("{}\n\n{}\n{behind}", before.trim_end(), section.trim_end())
}

/// The sections that other runs have written into a report, as they stand there.
pub(crate) fn kept_sections(report: &str) -> String {
    let sections = HEADINGS.iter().filter_map(|heading| Some(section_at(report, find(report, heading)?)));
    sections.map(|section| format!("\n{}\n", section.trim_end())).collect()
}

/// Returns where the line begins that begins so.
fn find(text: &str, heading: &str) -> Option<usize> {
    if text.starts_with(heading) {
        return Some(0);
    }
    text.find(&format!("\n{heading}")).map(|place| place + 1)
}

/// Returns the section that begins at a place, up to the next one.
fn section_at(text: &str, begin: usize) -> &str {
    let rest = &text[begin..];
    rest.find("\n## ").map_or(rest, |end| &rest[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "# Load figures\n\n## Machine\n\nfast\n\n## History beside others\n\nold\n\n## An agent beside its peers\n\nsmall\n";

    #[test]
    fn a_section_takes_the_place_of_the_one_before_and_leaves_the_others() {
        let once = replaced(REPORT, "## History beside others\n\nnew\n");
        assert_eq!(once, REPORT.replace("old", "new"));
        let twice = replaced(&once, "## Agents at one server\n\nmany\n");
        assert_eq!(twice, format!("{once}\n## Agents at one server\n\nmany\n"));
        assert_eq!(replaced(&twice, "## Agents at one server\n\nmore\n"), twice.replace("many", "more"));
    }

    #[test]
    fn sections_of_other_runs_are_kept_and_no_others() {
        let kept = kept_sections(REPORT);
        assert_eq!(kept, "\n## History beside others\n\nold\n\n## An agent beside its peers\n\nsmall\n");
        assert_eq!(kept_sections("## Machine\n\nfast\n"), "");
    }
}

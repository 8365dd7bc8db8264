//! Links between pages must lead somewhere.

use std::path::{Component, Path, PathBuf};

use anyhow::Result;

use super::source::files;
use super::violation::Violation;

/// The pages: at the top and in docs/.
pub(super) fn pages(root: &Path) -> Result<Vec<String>> {
    let mut pages: Vec<_> = std::fs::read_dir(root)?
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".md"))
        .collect();
    pages.extend(files(root, "docs/", "md"));
    pages.sort();
    Ok(pages)
}

pub(super) fn check(page: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<Violation> {
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let mut violations = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        for target in targets(line) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:") || path.is_empty();
            // `/x` is GitHub's way to say: from the repository's root.
            let from = if path.starts_with('/') { Path::new("") } else { folder };
            let whole = plain(&from.join(path.trim_start_matches('/')));
            if !is_elsewhere && !whole.is_some_and(|whole| exists(&whole)) {
                let why = "a link must lead to a file of this repository";
                violations.push(Violation::new(page, index + 1, format!("nothing is at `{target}`"), why));
            }
        }
    }
    violations
}

/// Finds the targets of `[text](target)`, `![text](target "title")` and `[text]: target`. Not inside `code`.
fn targets(line: &str) -> Vec<String> {
    let prose: String = line.split('`').step_by(2).collect();
    let mut targets: Vec<String> = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .map(|target| target.trim_matches(['<', '>']).to_owned())
        .collect();
    let reference = prose.strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target);
    targets.extend(reference.and_then(|target| target.split(' ').next()).map(str::to_owned));
    targets
}

/// Without `.` and `..`; nothing if it leaves the repository.
fn plain(path: &Path) -> Option<String> {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if !whole.pop() => return None,
            Component::Normal(name) => whole.push(name),
            _ => {}
        }
    }
    Some(whole.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::violation::Violation;
    use super::check;

    const NONE: [usize; 0] = [];

    fn broken(page: &str, text: &str) -> Vec<usize> {
        let there = ["README.md", "docs/clients.md", "docs/overview.png", "docs"];
        check(page, text, |path| there.contains(&path)).iter().map(Violation::line).collect()
    }

    #[test]
    fn links_are_followed_from_the_page_they_stand_on() {
        assert_eq!(
            broken("README.md", "[c](docs/clients.md#sse) ![o](docs/overview.png \"t\") [d](docs/)"),
            NONE
        );
        assert_eq!(
            broken("docs/clients.md", "[up](../README.md) [here](overview.png) [root](/README.md)"),
            NONE
        );
        assert_eq!(
            broken("README.md", "[a](https://x.y/z) [b](#part) [m](mailto:a@b.c)\n[r]: docs/clients.md"),
            NONE
        );
    }

    #[test]
    fn a_link_to_nowhere_is_noticed() {
        assert_eq!(broken("README.md", "one\n[c](docs/client.md)"), [2]);
        assert_eq!(broken("docs/clients.md", "[c](docs/clients.md)"), [1]);
        assert_eq!(broken("README.md", "[c](../README.md)"), [1]);
        assert_eq!(broken("README.md", "[r]: nowhere.md"), [1]);
    }

    #[test]
    fn code_has_no_links() {
        assert_eq!(broken("README.md", "`[c](x.md)`\n```\n[c](x.md)\n```\n"), NONE);
    }
}

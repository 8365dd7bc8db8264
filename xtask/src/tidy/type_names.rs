//! A type's name stands once in a crate: whoever searches for it finds one thing.

use std::collections::HashMap;

use super::source::{Source, crate_of};
use super::violation::Violation;

const WHY: &str = "a type's name stands once in a crate: say in the name what tells the two apart";

/// Files of one folder of which a build takes one: both declare the types that the folder's `mod.rs` names.
const ALTERNATIVES: &[&str] = &["apart", "browser", "linux", "portable", "proc_stat", "server", "within"];

/// A declared type: its name, with the file and the line of the declaration.
struct Declaration<'a> {
    name: &'a str,
    path: &'a str,
    line: usize,
}

pub(super) fn check(sources: &[Source]) -> Vec<Violation> {
    let mut first: HashMap<(&str, &str), Declaration<'_>> = HashMap::new();
    let mut violations = Vec::new();
    for source in sources {
        let Some(name) = crate_of(&source.path) else { continue };
        for declaration in declarations(source) {
            let Some(other) = first.get(&(name, declaration.name)) else {
                first.insert((name, declaration.name), declaration);
                continue;
            };
            if are_alternatives(other.path, declaration.path) {
                continue;
            }
            let what = format!("`{}` is declared in {}:{}, too", declaration.name, other.path, other.line);
            violations.push(Violation::new(declaration.path, declaration.line, what, WHY));
        }
    }
    violations
}

fn declarations(source: &Source) -> impl Iterator<Item = Declaration<'_>> {
    let path = source.path.as_str();
    source
        .lines()
        .take_while(|(_, line)| !line.starts_with("mod tests {"))
        .filter_map(move |(line, text)| declared(text).map(|name| Declaration { name, path, line }))
}

/// Returns the name of the type that a line declares. An indented `type` belongs to a trait.
fn declared(line: &str) -> Option<&str> {
    let text = line.trim_start();
    let text = match text.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.strip_prefix(' ')?,
        None => text,
    };
    let (keyword, rest) = text.split_once(' ')?;
    let is_indented = line.starts_with(' ');
    if !["struct", "enum", "trait", "union"].contains(&keyword) && (keyword != "type" || is_indented) {
        return None;
    }
    let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
    Some(&rest[..end])
}

fn are_alternatives(one: &str, other: &str) -> bool {
    let parts = |path: &'_ str| -> Option<(String, String)> {
        let (folder, file) = path.rsplit_once('/')?;
        Some((folder.to_owned(), file.strip_suffix(".rs")?.to_owned()))
    };
    let (Some((folder, one)), Some((other_folder, other))) = (parts(one), parts(other)) else { return false };
    let is_listed = |file: &String| ALTERNATIVES.contains(&file.as_str());
    folder == other_folder && one != other && is_listed(&one) && is_listed(&other)
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::super::violation::Violation;
    use super::check;

    fn complaints(files: &[(&str, &str)]) -> Vec<usize> {
        let sources: Vec<_> = files.iter().map(|(path, text)| Source::new(*path, text)).collect();
        check(&sources).iter().map(Violation::line).collect()
    }

    #[test]
    fn a_name_that_stands_twice_is_noticed() {
        let kinds = ["struct Row;", "pub enum Row {", "pub(crate) trait Row {", "type Row<T> = Vec<T>;"];
        for kind in kinds {
            let second = format!("\n\n{kind}\n");
            assert_eq!(
                complaints(&[("app/src/a.rs", "struct Row(u8);\n"), ("app/src/b.rs", &second)]),
                [3],
                "{kind}"
            );
        }
    }

    #[test]
    fn other_crates_and_tests_may_use_the_name() {
        let row = "struct Row;\n";
        assert!(complaints(&[("app/src/a.rs", row), ("server/src/a.rs", row)]).is_empty());
        assert!(complaints(&[("app/src/a.rs", row), ("app/tests/a.rs", row)]).is_empty());
        assert!(complaints(&[("app/src/a.rs", row), ("app/src/a/tests.rs", row)]).is_empty());
        assert!(
            complaints(&[("app/src/a.rs", row), ("app/src/b.rs", "mod tests {\n    struct Row;\n}\n")])
                .is_empty()
        );
    }

    #[test]
    fn files_of_which_a_build_takes_one_may_share_names() {
        let row = "struct Row;\n";
        assert!(complaints(&[("app/src/a/browser.rs", row), ("app/src/a/server.rs", row)]).is_empty());
        assert_eq!(complaints(&[("app/src/a/browser.rs", row), ("app/src/b/server.rs", row)]), [1]);
        assert_eq!(complaints(&[("app/src/a/rows.rs", row), ("app/src/a/server.rs", row)]), [1]);
    }

    #[test]
    fn associated_types_and_prose_declare_nothing() {
        let text = "impl A for B {\n    type Row = u8;\n}\n// struct Row\nlet s = \"struct Row\";\n";
        assert!(complaints(&[("app/src/a.rs", "struct Row;\n"), ("app/src/b.rs", text)]).is_empty());
    }
}

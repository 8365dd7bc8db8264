//! The paths that a file's `use` lines name.

use super::source::Source;

/// One path of a `use` line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UsePath {
    /// The line on which the `use` begins, from 1.
    pub(super) line: usize,
    /// True for a re-export.
    pub(super) is_export: bool,
    /// The parts between `::`, without a `self` at the end.
    pub(super) parts: Vec<String>,
    /// The name that the file has for it.
    pub(super) name: String,
}

/// Reads the `use` lines of a file; those of a tests module at its end are left out.
pub(super) fn use_paths(source: &Source) -> Vec<UsePath> {
    let mut found = Vec::new();
    let mut statement: Option<(usize, bool, String)> = None;
    for (number, line) in source.lines().take_while(|(_, line)| !line.starts_with("mod tests {")) {
        let begun = statement.take().or_else(|| {
            let (is_export, _) = begin(line)?;
            Some((number, is_export, String::new()))
        });
        let Some((first, is_export, mut text)) = begun else { continue };
        let piece = if first == number { begin(line).map_or(line, |(_, rest)| rest) } else { line };
        let (piece, is_whole) = piece.split_once(';').map_or((piece, false), |(piece, _)| (piece, true));
        text.push_str(piece);
        text.push(' ');
        if !is_whole {
            statement = Some((first, is_export, text));
            continue;
        }
        let mut leaves = Vec::new();
        flatten(&[], &text, &mut leaves);
        found.extend(leaves.into_iter().map(|(parts, name)| UsePath { line: first, is_export, parts, name }));
    }
    found
}

/// Recognizes a line that begins a `use`: whether it is a re-export, and the rest of the line.
fn begin(line: &str) -> Option<(bool, &str)> {
    let text = line.trim_start();
    if let Some(rest) = text.strip_prefix("use ") {
        return Some((false, rest));
    }
    let rest = text.strip_prefix("pub")?;
    let rest = if rest.starts_with('(') { rest.split_once(')')?.1 } else { rest };
    Some((true, rest.strip_prefix(" use ")?))
}

/// Takes a tree apart: `a::{b, c as d}` is `a::b`, named `b`, and `a::c`, named `d`.
fn flatten(base: &[String], tree: &str, leaves: &mut Vec<(Vec<String>, String)>) {
    for branch in branches(tree) {
        let (head, group) = match branch.split_once('{') {
            Some((head, group)) => (head, group.rsplit_once('}').map(|(inside, _)| inside)),
            None => (branch, None),
        };
        let (path, alias) = match head.split_once(" as ") {
            Some((path, alias)) => (path, Some(alias.trim())),
            None => (head, None),
        };
        let own = path.split("::").map(str::trim).filter(|part| !part.is_empty()).map(ToOwned::to_owned);
        let mut parts: Vec<String> = base.iter().cloned().chain(own).collect();
        if let Some(group) = group {
            flatten(&parts, group, leaves);
            continue;
        }
        if parts.len() > 1 && parts.last().is_some_and(|last| last == "self") {
            parts.pop();
        }
        let Some(last) = parts.last() else { continue };
        let name = alias.unwrap_or(last).to_owned();
        leaves.push((parts, name));
    }
}

/// Splits at the commas that stand outside of braces.
fn branches(tree: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (index, letter) in tree.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&tree[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    found.push(&tree[start..]);
    found.into_iter().map(str::trim).filter(|branch| !branch.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::use_paths;

    fn read(text: &str) -> Vec<(usize, bool, String, String)> {
        let paths = use_paths(&Source::new("app/src/a.rs", text));
        paths.into_iter().map(|path| (path.line, path.is_export, path.parts.join("::"), path.name)).collect()
    }

    fn path(line: usize, is_export: bool, parts: &str, name: &str) -> (usize, bool, String, String) {
        (line, is_export, parts.to_owned(), name.to_owned())
    }

    #[test]
    fn a_tree_is_as_many_paths_as_it_has_leaves() {
        let text = "use super::{\n    a::{self, A},\n    b::B as C, // of b\n};\n    use crate::d::*;\n";
        let wanted = [
            path(1, false, "super::a", "a"),
            path(1, false, "super::a::A", "A"),
            path(1, false, "super::b::B", "C"),
            path(5, false, "crate::d::*", "*"),
        ];
        assert_eq!(read(text), wanted);
    }

    #[test]
    fn any_visibility_is_a_re_export() {
        for visibility in ["pub", "pub(crate)", "pub(in crate::hosts)"] {
            assert_eq!(
                read(&format!("{visibility} use a::A;\n")),
                [path(1, true, "a::A", "A")],
                "{visibility}"
            );
        }
    }

    #[test]
    fn prose_and_tests_name_nothing() {
        let text = "// use a::A;\nlet user = \"use a::B;\";\npub fn used() {}\n#[cfg(test)]\nmod tests {\n    use a::C;\n}\n";
        assert_eq!(read(text), []);
        assert_eq!(read("#[cfg(test)]\nmod tests;\n\nuse a::A;\n"), [path(4, false, "a::A", "A")]);
    }
}

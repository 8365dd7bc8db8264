//! Rust files as the rules read them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::violation::Violation;

/// A longer file holds more than one thing.
const LONGEST: usize = 400;

/// Files that may be longer, each with its reason. Empty, and best kept so.
const LONG: &[(&str, &str)] = &[];

/// One Rust file.
pub(super) struct Source {
    /// From the workspace's root.
    pub(super) path: String,
    /// Each line that holds a comment and nothing else: its number, from 1, and its text.
    pub(super) comments: Vec<(usize, String)>,
    /// The text, with comments and the insides of strings blanked: line and column stay what they were.
    pub(super) code: String,
}

impl Source {
    pub(super) fn new(path: impl Into<String>, text: &str) -> Self {
        Self { path: path.into(), comments: comments(text), code: blank(text) }
    }

    /// Lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// Every Rust file of the workspace.
pub(super) fn all(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in files(root, "", "rs") {
        let text = fs::read_to_string(root.join(&path)).with_context(|| format!("cannot read {path}"))?;
        sources.push(Source::new(path, &text));
    }
    Ok(sources)
}

/// Every file with this extension, in order, from the root; what is built, fetched or hidden left out.
pub(super) fn files(root: &Path, below: &str, extension: &str) -> Vec<String> {
    let folder = root.join(below);
    let mut found: Vec<_> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(&format!(".{extension}")) && folder.join(name).is_file())
        .map(|name| format!("{below}{name}"))
        .collect();
    for name in folders(&folder) {
        found.extend(files(root, &format!("{below}{name}/"), extension));
    }
    found.sort();
    found
}

/// The folders directly in a folder, but for what is built, fetched or hidden.
pub(super) fn folders(folder: &Path) -> Vec<String> {
    let mut folders: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && !["target", "node_modules", "data"].contains(&name.as_str()))
        .filter(|name| !["test-results", "playwright-report"].contains(&name.as_str()))
        .collect();
    folders.sort();
    folders
}

/// Returns the crate that the file belongs to. Each file or folder in a crate's `tests/` is a crate of its own, and a tests module is
/// read beside its code: neither counts.
pub(super) fn crate_of(path: &str) -> Option<&str> {
    let (name, inside) = path.split_once("/src/")?;
    let is_test = inside.split('/').any(|part| part == "tests" || part == "tests.rs");
    (!is_test).then_some(name)
}

pub(super) fn length(source: &Source) -> Option<Violation> {
    let lines = source.code.lines().count();
    if lines <= LONGEST || LONG.iter().any(|(path, _)| *path == source.path) {
        return None;
    }
    let why = format!(
        "over {LONGEST} a file holds more than one thing: split it, or give it a reason in xtask/src/tidy/source.rs"
    );
    Some(Violation::new(&source.path, LONGEST + 1, format!("{lines} lines"), why))
}

/// Replaces comments and the insides of strings by spaces, so that rules look at code only.
fn blank(text: &str) -> String {
    let mut blanked = String::with_capacity(text.len());
    for Token { start, kept, hidden } in tokens(text) {
        let end = start + kept;
        blanked.push_str(&text[start..end]);
        let inside = text[end..end + hidden].chars();
        blanked.extend(inside.map(|letter| if letter == '\n' { '\n' } else { ' ' }));
    }
    blanked
}

/// Finds the lines that hold a comment of one line and nothing else.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut number, mut counted) = (1, 0);
    for Token { start, hidden, .. } in tokens(text).filter(Token::is_comment) {
        number += text[counted..start].matches('\n').count();
        counted = start;
        let line = text[..start].rsplit('\n').next().unwrap_or_default();
        let comment = &text[start..start + hidden];
        if line.trim().is_empty() && comment.starts_with("//") {
            found.push((number, comment.to_owned()));
        }
    }
    found
}

/// A stretch of a source: some bytes to keep, and some after them to hide.
struct Token {
    start: usize,
    kept: usize,
    hidden: usize,
}

impl Token {
    /// Returns true for comments: of strings, the quote is kept.
    fn is_comment(&self) -> bool {
        self.kept == 0
    }
}

fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let (mut start, mut before) = (0, None);
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let (kept, hidden) = token(rest, before);
        let token = Token { start, kept, hidden };
        start += kept + hidden;
        before = if hidden > 0 { None } else { rest[..kept].chars().next_back() };
        Some(token)
    })
}

/// Returns the length of the text's start to keep and the length after it to hide; together they are never zero.
fn token(text: &str, before: Option<char>) -> (usize, usize) {
    if text.starts_with("//") {
        return (0, text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return (0, block_comment(text));
    }
    let in_word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let raw = text.strip_prefix("br").or_else(|| text.strip_prefix('r')).filter(|_| !in_word);
    if let Some(opened) = raw.map(|rest| rest.trim_start_matches('#')).and_then(|rest| rest.strip_prefix('"'))
    {
        let hashes = text[..text.len() - opened.len()].matches('#').count();
        let inside = opened.find(&format!("\"{}", "#".repeat(hashes))).unwrap_or(opened.len());
        return (text.len() - opened.len(), inside + (1 + hashes).min(opened.len() - inside));
    }
    if let Some(inside) = text.strip_prefix('"') {
        return (1, quoted(inside, '"'));
    }
    if let Some(inside) = text.strip_prefix('\'') {
        // `'a'` and `'\n'` are characters; `'a` is a lifetime.
        let mut letters = inside.chars();
        let character = letters.next() == Some('\\') || letters.next() == Some('\'');
        return (1, if character { quoted(inside, '\'') } else { 0 });
    }
    (text.chars().next().map_or(0, char::len_utf8), 0)
}

/// Up to and with the closing quote.
fn quoted(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, letter) in inside.char_indices() {
        if !escaped && letter == quote {
            return index + 1;
        }
        escaped = !escaped && letter == '\\';
    }
    inside.len()
}

/// Block comments nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut index) = (0, 0);
    while index < text.len() {
        if text[index..].starts_with("/*") {
            depth += 1;
            index += 2;
        } else if text[index..].starts_with("*/") {
            depth -= 1;
            index += 2;
            if depth == 0 {
                return index;
            }
        } else {
            index += text[index..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Source, blank, comments, length};

    #[test]
    fn comments_and_strings_are_blanked_and_code_is_not() {
        let cases = [
            ("a(); // sqlx", "a();        "),
            ("/* x /* y */ z */ b()", "                  b()"),
            (r#"f("sqlx \" q", g)"#, "f(\"          , g)"),
            ("r#\"axum\"# + h", "r#\"       + h"),
            ("'\"' + 'x' + \"y\"", "'   + '   + \"  "),
            ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
            ("\"é\n\" ü", "\" \n  ü"),
        ];
        for (text, wanted) in cases {
            assert_eq!(blank(text), wanted, "{text}");
        }
    }

    #[test]
    fn comments_are_found_with_their_lines_and_strings_are_not() {
        let text =
            "//! One.\nlet a = 1; // beside code\n    // Two.\nlet b = \"\n// no comment\n\";\n/// Three.\n";
        let found = comments(text);
        let found: Vec<_> = found.iter().map(|(line, comment)| (*line, comment.as_str())).collect();
        assert_eq!(found, [(1, "//! One."), (3, "// Two."), (7, "/// Three.")]);
    }

    #[test]
    fn a_file_that_is_too_long_is_noticed() {
        assert!(length(&Source::new("a.rs", &"x\n".repeat(LONGEST))).is_none());
        assert!(length(&Source::new("a.rs", &"x\n".repeat(LONGEST + 1))).is_some());
    }
}

//! A comment's first sentence has a subject and a verb, and can be read alone.

use super::source::Source;
use super::violation::Violation;

const WHY: &str = "a comment's first sentence says what the item is or does, with a subject and a verb, and can be read alone";

/// Beginnings of half sentences, and of sentences that need their neighbours.
const BEGINNINGS: &[&str] =
    &["What", "How", "Whether", "Where", "Who", "Whom", "Whose", "The same", "All of them"];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut before = None;
    for (line, comment) in &source.comments {
        let Some((marker, text)) = parts(comment) else { continue };
        let goes_on = before == Some((*line - 1, marker));
        before = Some((*line, marker));
        if let Some(beginning) =
            BEGINNINGS.iter().filter(|_| !goes_on).find(|beginning| begins(text, beginning))
        {
            let what = format!("a comment begins with \"{beginning}\"");
            violations.push(Violation::new(&source.path, *line, what, WHY));
        }
    }
    violations
}

/// Splits a comment into its marker and its text.
fn parts(comment: &str) -> Option<(&'static str, &str)> {
    ["//!", "///", "//"]
        .into_iter()
        .find_map(|marker| Some((marker, comment.strip_prefix(marker)?.trim_start())))
}

fn begins(text: &str, beginning: &str) -> bool {
    text.strip_prefix(beginning).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::super::violation::Violation;
    use super::check;

    fn complaints(text: &str) -> Vec<usize> {
        check(&Source::new("app/src/a.rs", text)).iter().map(Violation::line).collect()
    }

    #[test]
    fn a_half_sentence_is_noticed() {
        let beginnings = [
            "//! What is left.",
            "/// Whether it is on.",
            "    // Who reads.",
            "/// The same, later.",
            "/// All of them.",
        ];
        for beginning in beginnings {
            assert_eq!(complaints(&format!("\n{beginning}\n")), [2], "{beginning}");
        }
    }

    #[test]
    fn only_the_beginning_counts() {
        assert!(complaints("/// Returns the rows.\n/// What is left stays.\nfn rows() {}\n").is_empty());
        assert_eq!(complaints("// Rows are sorted.\n/// What is left.\n"), [2], "another comment begins");
        assert!(complaints("/// However it ends, it is logged.\n/// ok\n").is_empty());
    }

    #[test]
    fn strings_are_not_judged() {
        assert!(complaints("let page = \"\n// What a page says\n\";\n").is_empty());
    }
}

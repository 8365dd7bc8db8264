//! A line's text in the spans that it is drawn by: each of one look, and marked where the search is in it.

use super::ansi::{StyledSpan, TextStyle};

/// More characters of a line are not drawn; its copy and its download have them.
const DRAWN: usize = 8_000;

/// A span of a line that is drawn.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DrawnSpan {
    pub(super) text: String,
    pub(super) style: TextStyle,
    /// True if the search is here.
    pub(super) found: bool,
}

/// The whole text of some spans.
pub(super) fn text(spans: &[StyledSpan]) -> String {
    spans.iter().map(|span| &*span.text).collect()
}

/// Shortens a line; returns the number of characters that are left out.
pub(super) fn shorten(spans: &mut Vec<StyledSpan>) -> usize {
    let mut left = DRAWN;
    let mut out = 0;
    for span in spans.iter_mut() {
        match span.text.char_indices().nth(left) {
            None => left -= span.text.chars().count(),
            Some((end, _)) => {
                out += span.text[end..].chars().count();
                span.text.truncate(end);
                left = 0;
            }
        }
    }
    spans.retain(|span| !span.text.is_empty());
    out
}

/// Splits spans where what was found begins and ends: `found` is in bytes of the whole text, in order.
pub(super) fn marked(spans: Vec<StyledSpan>, found: &[(usize, usize)]) -> Vec<DrawnSpan> {
    let mut out = Vec::new();
    let mut found = found.iter().copied().filter(|(begin, end)| begin < end).peekable();
    let mut before = 0;
    for StyledSpan { text, style } in spans {
        let end = before + text.len();
        let mut at = before;
        while at < end {
            while found.next_if(|(_, until)| *until <= at).is_some() {}
            let (next, is_found) = match found.peek() {
                Some((begin, until)) if *begin <= at => ((*until).min(end), true),
                Some((begin, _)) => ((*begin).min(end), false),
                None => (end, false),
            };
            if let Some(text) = text.get(at - before..next - before) {
                out.push(DrawnSpan { text: text.to_owned(), style, found: is_found });
            }
            at = next;
        }
        before = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::ansi, *};

    #[test]
    fn marks_and_colours_cross_each_other() {
        let spans = ansi::spans("ab\x1b[1mcd\x1b[mef");
        assert_eq!(text(&spans), "abcdef");
        let drawn = marked(spans, &[(1, 3), (3, 3), (5, 6)]);
        let seen: Vec<_> = drawn.iter().map(|span| (&*span.text, span.style.bold, span.found)).collect();
        assert_eq!(
            seen,
            [
                ("a", false, false),
                ("b", false, true),
                ("c", true, true),
                ("d", true, false),
                ("e", false, false),
                ("f", false, true)
            ]
        );
    }

    #[test]
    fn a_long_line_says_how_much_of_it_is_not_drawn() {
        let mut spans =
            ansi::spans(&["\x1b[1m", &"한".repeat(6_000), "\x1b[m", &"b".repeat(6_000), "\x1b[1mx"].concat());
        assert_eq!(shorten(&mut spans), 4_001);
        assert_eq!(text(&spans).chars().count(), DRAWN);
        assert_eq!(shorten(&mut spans), 0);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_between_marks(
            line in "[a-c한\x1b\\[1m;]{0,40}",
            cuts in prop::collection::vec(0_usize..60, 0..8),
        ) {
            let spans = ansi::spans(&line);
            let whole = text(&spans);
            let mut cuts: Vec<_> = cuts.into_iter().filter(|cut| whole.is_char_boundary(*cut)).collect();
            cuts.sort_unstable();
            let found: Vec<_> = cuts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            let drawn = marked(spans, &found);
            prop_assert_eq!(drawn.iter().map(|span| &*span.text).collect::<String>(), whole);
            let marked: usize = drawn.iter().filter(|span| span.found).map(|span| span.text.len()).sum();
            prop_assert_eq!(marked, found.iter().map(|(begin, end)| end - begin).sum::<usize>());
        }
    }
}

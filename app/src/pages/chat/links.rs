//! Addresses in what people say.

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TextSpan<'a> {
    Text(&'a str),
    /// An address of the web, and nothing else: what else a browser could be made to open stays text.
    Link(&'a str),
}

/// The text in its pieces.
pub(super) fn spans(text: &str) -> Vec<TextSpan<'_>> {
    let mut spans = Vec::new();
    let (mut begin, mut at) = (0, 0);
    while let Some(found) = text[at..].find("http") {
        let start = at + found;
        let length = address(&text[start..]);
        let inside_a_word = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
        if length == 0 || inside_a_word {
            at = start + "http".len();
            continue;
        }
        if begin < start {
            spans.push(TextSpan::Text(&text[begin..start]));
        }
        at = start + length;
        spans.push(TextSpan::Link(&text[start..at]));
        begin = at;
    }
    if begin < text.len() {
        spans.push(TextSpan::Text(&text[begin..]));
    }
    spans
}

/// Returns the length of the address that a text begins with; 0 without one. The full stop that ends a sentence is not
/// part of it, nor is a bracket that was opened before it.
fn address(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return 0 };
    let scheme = text.len() - rest.len();
    let ends =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`') || is_turning(c);
    let mut rest = &rest[..rest.find(ends).unwrap_or(rest.len())];
    while let Some(last) = rest.chars().next_back() {
        let opened = match last {
            ')' => rest.matches('(').count() >= rest.matches(')').count(),
            ']' => rest.matches('[').count() >= rest.matches(']').count(),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '}' | '、' | '。' => false,
            _ => true,
        };
        if opened {
            break;
        }
        rest = &rest[..rest.len() - last.len_utf8()];
    }
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '[') { scheme + rest.len() } else { 0 }
}

/// Returns true for characters that change the direction of text (UAX #9): they would make an address look like
/// another.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{TextSpan::*, *};

    #[test]
    fn an_address_ends_where_people_end_it() {
        for (text, link) in [
            ("see https://example.org/a?b=c#d.", "https://example.org/a?b=c#d"),
            ("(http://example.org/x_(y))", "http://example.org/x_(y)"),
            ("https://example.org, or", "https://example.org"),
            ("<https://example.org>", "https://example.org"),
            ("여기:https://예시.한국/길 봐", "https://예시.한국/길"),
            ("http://[::1]:3000/", "http://[::1]:3000/"),
            ("https://a.example/\u{202e}gpj.exe", "https://a.example/"),
        ] {
            assert!(spans(text).contains(&Link(link)), "{text}: {:?}", spans(text));
        }
    }

    #[test]
    fn nothing_but_the_web_is_a_link() {
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a",
            "//example.org",
            "xhttp://a.b",
            "http://",
            "https://.",
            "http:/a",
            "http",
            "HTTP://A.B",
            "https://\u{202e}",
        ] {
            assert_eq!(spans(text), [Text(text)]);
        }
        assert_eq!(spans(""), []);
    }

    #[test]
    fn the_pieces_together_are_the_text() {
        let text = "a http://x.y, b https://z. http";
        let joined: String = spans(text)
            .iter()
            .map(|span| match span {
                Text(t) | Link(t) => *t,
            })
            .collect();
        assert_eq!(joined, text);
        assert_eq!(spans(text).len(), 5);
    }
}

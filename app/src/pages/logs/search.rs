//! The search: words as they stand, or a regular expression of the browser's own.

use std::sync::Arc;

use leptos::wasm_bindgen::{JsCast, JsValue};
use send_wrapper::SendWrapper;
use web_sys::js_sys::{Array, Function, Reflect, RegExp, global};

/// A line is searched as far as this, in bytes.
const SEARCHED: usize = 64 << 10;
/// At most so many matches are marked in a text.
const MARKED: usize = 200;

/// A search that was understood.
#[derive(Clone)]
pub(super) struct LineSearch(Arc<SendWrapper<RegExp>>);

/// The pattern for the server, which reads the syntax of Rust's `regex`.
pub(super) fn pattern(text: &str, is_expression: bool) -> String {
    if is_expression { text.to_owned() } else { ["(?i)", &escaped(text)].concat() }
}

/// A text whose characters stand for themselves, in either syntax.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '^' | '$' | '.' | '|' | '?' | '*' | '+' | '(' | ')' | '[' | ']' | '{' | '}' | '/'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

impl LineSearch {
    /// Understands what a reader has written.
    ///
    /// # Errors
    /// The browser's word on an expression that is none.
    pub(super) fn new(text: &str, is_expression: bool) -> Result<Self, String> {
        let made = if is_expression {
            // Unicode's rules are stricter: `\-` is none of theirs.
            expression(text, "gu").or_else(|_| expression(text, "g"))
        } else {
            expression(&escaped(text), "giu")
        };
        let told = |error: JsValue| {
            let message = Reflect::get(&error, &"message".into()).ok().and_then(|text| text.as_string());
            message.unwrap_or_default()
        };
        made.map(|made| Self(Arc::new(SendWrapper::new(made)))).map_err(told)
    }

    /// Reports that it is somewhere in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0.set_last_index(0);
        self.0.test(beginning(text))
    }

    /// The stretches of a text that match, in bytes.
    pub(super) fn find(&self, text: &str) -> Vec<(usize, usize)> {
        let text = beginning(text);
        let (mut units, mut from) = (Vec::new(), 0);
        self.0.set_last_index(0);
        while let Some(found) = self.0.exec(text) {
            let end = self.0.last_index();
            let index = Reflect::get(&found, &"index".into()).ok().and_then(|index| index.as_f64());
            let begin = index.unwrap_or_default() as u32;
            if end > begin {
                units.push((begin, end));
                from = end;
            } else {
                // One that matches nothing would be found here for ever. Inside of a pair of surrogates the browser even steps back.
                from = from.max(end) + 1;
                self.0.set_last_index(from);
            }
            if units.len() == MARKED {
                break;
            }
        }
        bytes(text, &units)
    }
}

fn expression(source: &str, flags: &str) -> Result<RegExp, JsValue> {
    let constructor: Function = Reflect::get(&global(), &"RegExp".into())?.dyn_into()?;
    let arguments = Array::of2(&source.into(), &flags.into());
    Reflect::construct(&constructor, &arguments)?.dyn_into()
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Stretches counted in UTF-16's units, which are in order, in bytes. One that ends inside a character has the whole.
fn bytes(text: &str, units: &[(u32, u32)]) -> Vec<(usize, usize)> {
    let mut out = Vec::with_capacity(units.len());
    let mut places = text.char_indices();
    let (mut unit, mut byte) = (0, 0);
    let mut reach = |wanted: u32| {
        while unit < wanted {
            let Some((place, c)) = places.next() else { break };
            unit += c.len_utf16() as u32;
            byte = place + c.len_utf8();
        }
        byte
    };
    for (begin, end) in units {
        out.push((reach(*begin), reach(*end)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_told_in_bytes_whatever_the_characters_are() {
        assert_eq!(bytes("abc", &[(0, 1), (1, 3)]), [(0, 1), (1, 3)]);
        assert_eq!(bytes("한글 x", &[(1, 2), (3, 4)]), [(3, 6), (7, 8)]);
        assert_eq!(bytes("🐳b", &[(0, 2), (2, 3)]), [(0, 4), (4, 5)]);
        assert_eq!(bytes("🐳b", &[(0, 1)]), [(0, 4)]);
        assert_eq!(bytes("a", &[(5, 9)]), [(1, 1)]);
    }

    #[test]
    fn words_stand_for_themselves_in_the_servers_pattern() {
        assert_eq!(pattern("a.b [x]", false), r"(?i)a\.b \[x\]");
        assert_eq!(pattern("a.b", true), "a.b");
    }

    #[test]
    fn a_long_line_is_searched_at_its_beginning() {
        let text = "한".repeat(30_000);
        assert_eq!(beginning(&text).len(), SEARCHED / 3 * 3);
    }
}

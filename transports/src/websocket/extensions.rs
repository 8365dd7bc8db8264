//! The grammar of `Sec-WebSocket-Extensions` (RFC 6455 §9.1), whatever the extensions mean.

/// One extension that a client offers, with its parameters as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extension {
    pub(super) name: String,
    pub(super) params: Vec<(String, Option<String>)>,
}

/// The extensions of one header, in the order of preference, with the white space and the empty elements that RFC 9110 §5.6
/// lets a list have; `None` where it is something else.
pub(super) fn read(header: &str) -> Option<Vec<Extension>> {
    let mut rest = Rest(header);
    let mut extensions = Vec::new();
    loop {
        while rest.skip(',') {}
        if rest.is_empty() {
            return Some(extensions);
        }
        let name = rest.token()?.to_owned();
        let mut params = Vec::new();
        while rest.skip(';') {
            let name = rest.token()?.to_owned();
            let value = if rest.skip('=') { Some(rest.value()?) } else { None };
            params.push((name, value));
        }
        extensions.push(Extension { name, params });
        if !rest.is_empty() && !rest.0.starts_with(',') {
            return None;
        }
    }
}

/// The unread rest of a header.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn trim(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn is_empty(&mut self) -> bool {
        self.trim();
        self.0.is_empty()
    }

    /// Steps over `mark` and the white space around it, if it is there.
    fn skip(&mut self, mark: char) -> bool {
        self.trim();
        let Some(rest) = self.0.strip_prefix(mark) else { return false };
        self.0 = rest;
        self.trim();
        true
    }

    /// RFC 9110 §5.6.2.
    fn token(&mut self) -> Option<&'a str> {
        let end = self.0.find(|letter| !is_token(letter)).unwrap_or(self.0.len());
        let (token, rest) = self.0.split_at(end);
        self.0 = rest;
        (!token.is_empty()).then_some(token)
    }

    /// A token, bare or between quotes: what quotes and backslashes hide must be one too.
    fn value(&mut self) -> Option<String> {
        let Some(quoted) = self.0.strip_prefix('"') else { return self.token().map(str::to_owned) };
        let mut value = String::new();
        let mut letters = quoted.chars();
        loop {
            let letter = match letters.next()? {
                '"' => break,
                '\\' => letters.next()?,
                letter => letter,
            };
            if !is_token(letter) {
                return None;
            }
            value.push(letter);
        }
        self.0 = letters.as_str();
        (!value.is_empty()).then_some(value)
    }
}

fn is_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Extension, read};

    fn extension(name: &str, params: &[(&str, Option<&str>)]) -> Extension {
        let param = |(name, value): &(&str, Option<&str>)| (name.to_string(), value.map(str::to_owned));
        Extension { name: name.into(), params: params.iter().map(param).collect() }
    }

    #[test]
    fn a_list_is_read_in_its_order_whatever_space_is_in_it() {
        let list = " foo ;a ; b = 1,,\tpermessage-deflate; x=\"1\\0\" ; y , bar,";
        let read = read(list).expect("a list");
        assert_eq!(
            read,
            [
                extension("foo", &[("a", None), ("b", Some("1"))]),
                extension("permessage-deflate", &[("x", Some("10")), ("y", None)]),
                extension("bar", &[]),
            ]
        );
    }

    #[test]
    fn what_is_not_a_list_is_not_read() {
        for header in [
            ";",
            "=",
            "foo;",
            "foo bar",
            "foo; a b",
            "foo; a=",
            "foo; =1",
            "foo; a=\"",
            "foo; a=\"1",
            "foo; a=\"\"",
            "foo; a=\"1 0\"",
            "foo; a=\"1,0\"",
            "foo; a=\"1\\",
            "foo; a=\"1\"2",
            "fo/o",
            "foo; ü",
            "foo;;a",
            "\"foo\"",
        ] {
            assert_eq!(read(header), None, "{header}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            list in prop::collection::vec(
                ("[a-z-]{1,12}", prop::collection::vec(("[a-z_]{1,9}", prop::option::of(("[a-z0-9]{1,4}", any::<bool>()))), 0..4)),
                0..4,
            ),
            space in "[ \t]{0,2}",
        ) {
            let mut header = String::new();
            let mut expected = Vec::new();
            for (name, params) in list {
                header += &format!("{space}{name}{space}");
                for (name, value) in &params {
                    header += &format!(";{space}{name}{space}");
                    match value {
                        Some((value, true)) => header += &format!("={space}\"{value}\"{space}"),
                        Some((value, false)) => header += &format!("={space}{value}"),
                        None => {}
                    }
                }
                header.push(',');
                let params = params.into_iter().map(|(name, value)| (name, value.map(|(value, _)| value)));
                expected.push(Extension { name, params: params.collect() });
            }
            prop_assert_eq!(read(&header), Some(expected));
        }

        #[test]
        fn any_text_is_read_or_not(header in "[a-z;,=\"\\\\ \t]{0,40}|.{0,40}") {
            // Whatever was read is made of tokens.
            for extension in read(&header).into_iter().flatten() {
                prop_assert!(!extension.name.is_empty() && !extension.name.contains(['"', ' ', ',', ';', '=']));
            }
        }
    }
}

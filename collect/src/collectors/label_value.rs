//! Values of labels that are names from outside. A label is identity: it is never cut, and two names never share one.

use std::ffi::OsStr;

use super::shown::is_harmless;

/// The value of a label for a name: the name itself where every character of it can be shown, and else the name with what cannot as
/// `\\xNN` for each byte, and a backslash as two.
pub(super) fn label_value(name: &OsStr) -> String {
    let plain = name.to_str().filter(|text| text.chars().all(is_harmless) && !text.contains("\\x"));
    if let Some(text) = plain {
        return text.to_owned();
    }
    let mut value = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => value.push_str("\\\\"),
                c if is_harmless(c) => value.push(c),
                c => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| push_byte(&mut value, byte)),
            }
        }
        chunk.invalid().iter().for_each(|&byte| push_byte(&mut value, byte));
    }
    value
}

fn push_byte(to: &mut String, byte: u8) {
    to.push_str(&format!("\\x{byte:02x}"));
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_that_can_be_shown_are_what_they_are_at_any_length() {
        let long = "/srv/".to_owned() + &"한글 x".repeat(300);
        for name in ["/", "eth0", "C:\\", "/mnt/a:b", &long] {
            assert_eq!(label_value(OsStr::new(name)), name);
        }
    }

    #[test]
    fn what_cannot_be_shown_is_escaped_and_no_two_names_have_one_value() {
        assert_eq!(label_value(OsStr::new("/a\n\u{202e}b")), "/a\\x0a\\xe2\\x80\\xaeb");
        let names = ["/a\n", "/a\\x0a", "/a\\\\x0a", "/a\\\n", "/a\\", "/a", "/a\u{202e}", "/a\u{200e}"];
        let values: HashSet<String> = names.map(|name| label_value(OsStr::new(name))).into();
        assert_eq!(values.len(), names.len(), "{values:?}");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        let value = |bytes| label_value(OsStr::from_bytes(bytes));
        assert_eq!(value(b"/mnt/caf\xe9"), "/mnt/caf\\xe9");
        assert_ne!(value(b"/mnt/caf\xe9"), value(b"/mnt/caf\xe8"));
    }
}

//! Names of accounts: as their owners write them, and as they are compared.

use common::door::NAME_MAX_CHARS;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// Letters that nobody sees: the fillers of Hangul.
const INVISIBLE: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

/// Returns a name without the spaces around it, if an account may have it: letters, digits, spaces and `._-@`, of any script. Pages show
/// many spaces as one, and so it is one.
pub(crate) fn checked(name: &str) -> Option<String> {
    let spaced = name.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let name: String = spaced.trim().nfc().collect();
    let may_stand = |c: char| (c.is_alphanumeric() || " ._-@".contains(c)) && !INVISIBLE.contains(&c);
    let fits = (1..=NAME_MAX_CHARS).contains(&name.chars().count());
    (fits && name.chars().all(may_stand) && name.chars().any(char::is_alphanumeric)).then_some(name)
}

/// Returns a name as it is compared. Names that look alike have the same: capitals count for nothing, and letters of other scripts for
/// those that they look like (Unicode UTS 39 §4). That takes letters of Hangul apart, so a name that may be kept can have a key that may
/// not: of such a key there is the digest.
pub(crate) fn key(name: &str) -> String {
    let folded: String = name.trim().nfkc().collect::<String>().to_lowercase();
    let key = skeleton(&folded).collect::<String>().to_lowercase();
    if key.len() <= store::NAME_BYTES {
        return key;
    }
    Sha256::digest(&key).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_one() {
        assert_eq!(key("Kim"), key(" kim "));
        assert_eq!(key("paypal"), key("\u{440}ay\u{440}al"), "Cyrillic letters");
        assert_eq!(key("kim"), key("\u{ff4b}\u{ff49}\u{ff4d}"), "full width");
        assert_eq!(key("김"), key("\u{1100}\u{1175}\u{11b7}"), "as macOS writes it");
        assert_ne!(key("kim"), key("kin"));
        assert_ne!(key("김"), key("금"));
    }

    #[test]
    fn a_name_is_letters_and_little_else() {
        for name in ["kim", " 김 철수 ", "k.lee-2@example.com", "Ω"] {
            assert_eq!(checked(name).as_deref(), Some(name.trim()), "{name}");
        }
        let long = "x".repeat(65);
        for name in [
            "",
            "  ",
            "...",
            "a\nb",
            "<b>",
            "a\u{202e}b",
            "a\u{200b}b",
            "\u{3164}",
            "kim\u{3164}",
            "kim\u{ffa0}",
            "\u{115f}\u{1160}",
            &long,
        ] {
            assert_eq!(checked(name), None, "{name:?}");
        }
        assert_eq!(checked("  kim   lee ").as_deref(), Some("kim lee"));
    }

    #[test]
    fn every_name_has_a_key_that_a_store_keeps() {
        let (longest, other) = ("값".repeat(NAME_MAX_CHARS), "값".repeat(NAME_MAX_CHARS - 1));
        assert_eq!(checked(&longest), Some(longest.clone()));
        for name in [&longest, &other, &"x".repeat(100_000)] {
            assert!((1..=store::NAME_BYTES).contains(&key(name).len()), "{}", key(name).len());
        }
        assert_ne!(key(&longest), key(&other));
        assert_eq!(key(&longest), key(&format!(" {longest} ")));
    }
}

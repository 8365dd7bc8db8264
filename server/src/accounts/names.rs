//! Names of accounts: as their owners write them, and as they are compared.

use common::door::NAME_MAX_CHARS;
use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// Returns a name without the spaces around it, if an account may have it: letters, digits, spaces and `._-@`, of any script.
pub(super) fn checked(name: &str) -> Option<String> {
    let name: String = name.trim().nfc().collect();
    let may_stand = |c: char| c.is_alphanumeric() || " ._-@".contains(c);
    let fits = (1..=NAME_MAX_CHARS).contains(&name.chars().count());
    (fits && name.chars().all(may_stand) && name.chars().any(char::is_alphanumeric)).then_some(name)
}

/// Returns a name as it is compared. Names that look alike have the same: capitals count for nothing, and letters of other scripts for
/// those that they look like (Unicode UTS 39 §4).
pub(super) fn key(name: &str) -> String {
    let folded: String = name.trim().nfkc().collect::<String>().to_lowercase();
    skeleton(&folded).collect::<String>().to_lowercase()
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
        for name in ["", "  ", "...", "a\nb", "<b>", "a\u{202e}b", "a\u{200b}b", &long] {
            assert_eq!(checked(name), None, "{name:?}");
        }
    }
}

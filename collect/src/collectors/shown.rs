//! Names that come from outside.

use std::ffi::OsStr;

/// The longest name that is told, in characters.
const LONGEST: usize = 64;

/// A name as it may be shown: short, in one line, in its own direction. Programs, mounts and sensors choose
/// their names themselves; to everyone else they are data.
pub(crate) fn shown(name: &OsStr) -> String {
    shown_up_to(name, LONGEST)
}

/// Shows a name with a given bound, in characters.
pub(super) fn shown_up_to(name: &OsStr, longest: usize) -> String {
    name.to_string_lossy().chars().filter(|&c| is_harmless(c)).take(longest).collect()
}

/// Returns true if a character can stand in a line of text without changing what is around it.
pub(super) fn is_harmless(c: char) -> bool {
    !c.is_control() && !is_steering(c)
}

/// Characters without a shape that turn the text around them (Unicode UAX #9) or break its line.
fn is_steering(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_steers_nothing() {
        assert_eq!(shown(OsStr::new("nginx: worker")), "nginx: worker");
        assert_eq!(shown(OsStr::new("a\u{1b}[31mb\nc\u{202e}d")), "a[31mbcd");
        assert_eq!(shown(OsStr::new(&"é".repeat(500))).chars().count(), LONGEST);
        assert_eq!(shown(OsStr::new("")), "");
    }
}

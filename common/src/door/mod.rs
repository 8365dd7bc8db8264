//! The contract between the front door's documents and the server that takes their forms: addresses, fields and bounds.

pub mod dashboard_forms;
pub mod forms;
pub mod paths;
pub mod source_forms;

/// The name of an account has at most this many characters.
pub const NAME_MAX_CHARS: usize = 64;

/// A password has at least this many characters: NIST SP 800-63B-4 §3.1.1.2 asks for fifteen where it is the only factor.
pub const PASSWORD_MIN_CHARS: usize = 15;

/// A password has at most this many characters: hashing a longer one costs the server and protects no more.
pub const PASSWORD_MAX_CHARS: usize = 256;

/// The days for which an invitation may be open, the usual one first.
pub const INVITATION_DAYS: [u32; 3] = [7, 1, 30];

/// The days for which a token may be used, the usual one first; 0 is without an end.
pub const TOKEN_DAYS: [u32; 4] = [90, 30, 365, 0];

/// The title of a notice has at most this many characters.
pub const NOTICE_TITLE_MAX_CHARS: usize = 200;

/// The text of a notice has at most this many characters.
pub const NOTICE_TEXT_MAX_CHARS: usize = 4_000;

/// The days after which a notice may expire, the usual one first; 0 is without an end.
pub const NOTICE_DAYS: [u32; 4] = [0, 1, 7, 30];

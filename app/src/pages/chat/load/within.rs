//! In one piece with the rest of the page.

use super::{super::life::REST, Rest};

#[expect(clippy::unused_async, reason = "where it stands apart it has to come from the server")]
pub(super) async fn load() -> Option<&'static Rest> {
    Some(&REST)
}

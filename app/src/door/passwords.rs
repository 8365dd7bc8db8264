//! The fields of passwords, as password managers understand them.

use common::door::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS};
use leptos::prelude::*;

use super::field::Field;

/// A field for a new password.
pub(super) fn new_password(
    name: &'static str,
    label: &'static str,
    hint: Option<String>,
    is_first: bool,
) -> Field {
    Field {
        id: name,
        name,
        label,
        hint,
        autocomplete: "new-password",
        is_secret: true,
        is_first,
        min_chars: Some(PASSWORD_MIN_CHARS),
        max_chars: Some(PASSWORD_MAX_CHARS),
        ..Field::default()
    }
}

/// A field for the password that holds now.
pub(super) fn current_password(id: &'static str, label: &'static str) -> Field {
    Field {
        id,
        name: "current_password",
        label,
        autocomplete: "current-password",
        is_secret: true,
        max_chars: Some(PASSWORD_MAX_CHARS),
        ..Field::default()
    }
}

/// The account's name for password managers, which would otherwise not know whose password it is.
pub(super) fn account_name(name: &str) -> AnyView {
    view! {
        <input type="text" name="name" value=name.to_owned() autocomplete="username" readonly hidden aria-hidden="true" />
    }
    .into_any()
}

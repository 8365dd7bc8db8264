//! Language and theme, in the cookies that every page reads.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use common::door::{
    forms::{LanguageForm, PreferencesForm},
    paths,
};

use super::{
    form::DoorForm,
    own::owner,
    visitor::{Visitor, add, own_path},
};

const YEAR: u32 = 365 * 24 * 60 * 60;

fn cookie(visitor: &Visitor, name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    let path = visitor.base();
    HeaderValue::try_from(format!("{name}={value}; Path={path}; Max-Age={seconds}; SameSite=Lax")).ok()
}

fn language(visitor: &Visitor, tag: &str) -> Option<HeaderValue> {
    ["en", "ko"].contains(&tag).then(|| cookie(visitor, "lang", tag, YEAR)).flatten()
}

/// Keeps what the owner of an account has chosen.
pub(super) async fn keep(visitor: Visitor, DoorForm(form): DoorForm<PreferencesForm>) -> Response {
    if let Err(refused) = owner(&visitor, Some(&form.csrf)).await {
        return refused;
    }
    let mut response = visitor.lead_to(paths::ACCOUNT);
    add(&mut response, language(&visitor, &form.lang));
    match form.theme.as_str() {
        theme @ ("light" | "dark") => add(&mut response, cookie(&visitor, "theme", theme, YEAR)),
        "system" => add(&mut response, cookie(&visitor, "theme", "", 0)),
        _ => {}
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Keeps the language of whoever has not signed in, and goes back to the document.
pub(super) async fn choose_language(visitor: Visitor, DoorForm(form): DoorForm<LanguageForm>) -> Response {
    if !visitor.has_sent(&form.csrf) {
        return visitor.form_expired();
    }
    let mut response = visitor.lead_to(own_path(Some(&form.next)).unwrap_or("/"));
    add(&mut response, language(&visitor, &form.lang));
    response
}

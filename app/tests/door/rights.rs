//! A reader is shown only what the reader may do.

use app::{
    door::{NoticeFormDraft, NoticesPage, SignInPage, notices, people, sign_in},
    i18n::Language,
};
use common::{door::paths, role::Role};

use crate::{
    html::Document,
    notice_samples::notices_page,
    samples::{context, people_page, two_admins},
};

#[test]
fn the_bar_links_to_what_the_role_may_open() {
    let links = |role: Option<Role>| {
        let html = sign_in(&context(Language::En, role, "min"), SignInPage::default());
        let document = Document::read(&html);
        [paths::ACCOUNT, paths::NOTICES, paths::PEOPLE, paths::AUDIT]
            .map(|path| !document.with("href", path).is_empty())
    };
    assert_eq!(links(None), [false, false, false, false]);
    assert_eq!(links(Some(Role::Viewer)), [true, true, false, false]);
    assert_eq!(links(Some(Role::Operator)), [true, true, false, false]);
    assert_eq!(links(Some(Role::Admin)), [true, true, true, true]);
}

#[test]
fn only_who_may_send_has_a_form_for_it() {
    let has_form = |draft| {
        let page = NoticesPage { draft, ..notices_page("min") };
        let html = notices(&context(Language::En, Some(Role::Viewer), "min"), page);
        !Document::read(&html).with("action", paths::NOTICES_SEND).is_empty()
    };
    assert!(has_form(Some(NoticeFormDraft::default())) && !has_form(None));
}

#[test]
fn only_who_is_signed_in_can_sign_out() {
    let has_button = |role: Option<Role>| {
        let html = sign_in(&context(Language::En, role, "min"), SignInPage::default());
        !Document::read(&html).with("action", paths::SIGN_OUT).is_empty()
    };
    assert!(!has_button(None) && has_button(Some(Role::Viewer)));
}

#[test]
fn the_last_active_administrator_cannot_be_changed() {
    let rows = |page| {
        let document = Document::read(&people(&context(Language::En, Some(Role::Admin), "min"), page));
        [paths::PEOPLE_ROLE, paths::PEOPLE_DISABLE, paths::PEOPLE_ENABLE].map(|path| {
            let ids = document.with("action", path).into_iter().flat_map(|form| document.inside(form));
            let ids =
                ids.filter(|field| field.get("name") == "id").map(|field| field.get("value").to_owned());
            ids.collect::<Vec<_>>().join(" ")
        })
    };
    assert_eq!(rows(people_page("min")), ["2 3 4", "2 3", "4"]);
    assert_eq!(rows(two_admins("min")), ["1 2 3 4", "1 2 3 4", ""]);
}

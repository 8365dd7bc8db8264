//! Secrets are shown where they are new, and nowhere else.

use app::{
    door::{AccountPage, NewToken, SecondFactorState, account},
    i18n::Language,
};
use common::role::Role;

use crate::{account_samples::account_page, every_document, html::Document, samples::context};

const SECRET: &str = "JBSWY3DPEHPK3PXP";

fn pages() -> [AccountPage; 3] {
    let page = || account_page("min");
    let starting = SecondFactorState::Starting {
        secret: SECRET.into(),
        set_up: "00ff.1.sig".into(),
        uri: SECRET.into(),
        qr_svg: Some(SECRET.into()),
    };
    let on = SecondFactorState::On { codes_left: 1, new_codes: vec![SECRET.into()] };
    let token = NewToken { name: "ci".into(), secret: SECRET.into() };
    [
        AccountPage { second_factor: starting, ..page() },
        AccountPage { second_factor: on, ..page() },
        AccountPage { new_token: Some(token), ..page() },
    ]
}

#[test]
fn a_secret_is_in_its_document_and_not_in_a_log_of_the_page() {
    for page in pages() {
        assert!(!format!("{page:?}").contains(SECRET), "{page:?}");
        let html = account(&context(Language::En, Some(Role::Admin), "min"), page);
        assert!(html.contains(SECRET), "{html}");
    }
    let [starting, ..] = pages();
    let html = account(&context(Language::En, Some(Role::Admin), "min"), starting);
    let document = Document::read(&html);
    assert_eq!(document.with("id", "totp-secret")[0].tag, "code", "it is no field");
    assert!(document.texts.iter().any(|text| text.trim() == "JBSW Y3DP EHPK 3PXP"));
}

#[test]
fn no_password_is_sent_back() {
    for (name, document) in every_document("min") {
        for field in document.with("type", "password") {
            assert!(!field.has("value"), "{name}: {field:?}");
            let uses = ["current-password", "new-password"];
            assert!(uses.contains(&field.get("autocomplete")), "{name}: {field:?}");
        }
    }
}

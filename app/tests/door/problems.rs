//! The reason for a refusal is said once, at once, and at the field that is to be mended.

use app::{
    door::{
        AccountPage, AccountProblem, AccountSection, FormProblem, NoticesPage, SecondFactorPage,
        SecondFactorState, SetUpPage, SignInPage, TokenDraft, account, notices, second_factor, set_up,
        sign_in,
    },
    i18n::Language,
};
use common::role::Role;

use crate::{
    account_samples::account_page, every_document, html::Document, notice_samples::notices_page,
    samples::context,
};

#[derive(Clone, Copy)]
enum Page {
    SignIn,
    SetUp,
    Recovery,
    Account(AccountSection),
    Notices,
}

/// Every problem, with a page on which it comes up and the id of the field to mend.
fn problems() -> Vec<(FormProblem, Page, Option<&'static str>)> {
    use AccountSection::{Devices, Passkeys, Password, SecondFactor, Sessions, Tokens};
    vec![
        (FormProblem::WrongCredentials, Page::SignIn, Some("password")),
        (FormProblem::TooManyAttempts { retry_after_s: 30 }, Page::SignIn, None),
        (FormProblem::SessionEnded, Page::SignIn, None),
        (FormProblem::FormExpired, Page::SignIn, None),
        (FormProblem::StoreUnavailable { id: Some("7f3a91".into()) }, Page::SignIn, None),
        (FormProblem::NameInvalid, Page::SetUp, Some("name")),
        (FormProblem::NameTaken, Page::SetUp, Some("name")),
        (FormProblem::PasswordTooShort, Page::SetUp, Some("password")),
        (FormProblem::PasswordTooLong, Page::SetUp, Some("password")),
        (FormProblem::PasswordGuessable, Page::SetUp, Some("password")),
        (FormProblem::PasswordsDiffer, Page::SetUp, Some("password_again")),
        (FormProblem::WrongPassword, Page::Account(Password), Some("current_password")),
        (FormProblem::WrongCode, Page::Account(SecondFactor), Some("code")),
        (FormProblem::WrongRecoveryCode, Page::Recovery, Some("recovery")),
        (FormProblem::PasskeyNameInvalid, Page::Account(Passkeys), Some("passkey-name")),
        (FormProblem::PasskeyTaken, Page::Account(Passkeys), None),
        (FormProblem::PasskeyRefused, Page::SignIn, None),
        (FormProblem::PushServiceInvalid, Page::Account(Devices), None),
        (FormProblem::PushKeysInvalid, Page::Account(Devices), None),
        (FormProblem::PushGone, Page::Account(Devices), None),
        (FormProblem::PushTestFailed { reason: "no answer".into() }, Page::Account(Devices), None),
        (FormProblem::TokenNameInvalid, Page::Account(Tokens), Some("token-name")),
        (FormProblem::PasswordNeeded, Page::Account(Tokens), Some("token-password")),
        (FormProblem::SignInNeeded, Page::Account(Tokens), None),
        (FormProblem::NoScope, Page::Account(Tokens), Some("token-read")),
        (FormProblem::BadScope("a b".into()), Page::Account(Tokens), Some("token-read")),
        (FormProblem::NoticeTitleInvalid, Page::Notices, Some("notice-title")),
        (FormProblem::NoticeTextInvalid, Page::Notices, Some("notice-text")),
        (FormProblem::NoticeLinkInvalid, Page::Notices, Some("notice-link")),
        (FormProblem::NoticePersonUnknown, Page::Notices, Some("notice-person")),
        (FormProblem::TooFast, Page::Notices, None),
        (FormProblem::TooMany { most: 50 }, Page::Account(Tokens), None),
        (FormProblem::Gone, Page::Account(Sessions), None),
        (FormProblem::LastAdmin, Page::Account(Sessions), None),
    ]
}

fn rendered(language: Language, page: Page, problem: FormProblem) -> Document {
    let nobody = context(language, None, "");
    let problem = Some(problem);
    Document::read(&match page {
        Page::SignIn => sign_in(&nobody, SignInPage { name: "min".into(), problem, ..SignInPage::default() }),
        Page::SetUp => set_up(&nobody, SetUpPage { problem, ..SetUpPage::default() }),
        Page::Recovery => second_factor(&nobody, SecondFactorPage { next: None, is_recovery: true, problem }),
        Page::Notices => {
            let page = NoticesPage { problem, ..notices_page("min") };
            notices(&context(language, Some(Role::Admin), "min"), page)
        }
        Page::Account(section) => {
            let page = AccountPage {
                problem: problem.map(|problem| AccountProblem { section, problem }),
                second_factor: SecondFactorState::Starting {
                    secret: "A".into(),
                    set_up: "00ff.1.sig".into(),
                    uri: "otpauth:".into(),
                    qr_svg: None,
                },
                ..account_page("min")
            };
            account(&context(language, Some(Role::Admin), "min"), page)
        }
    })
}

#[test]
fn a_problem_is_said_and_its_field_is_where_the_keyboard_begins() {
    for language in Language::ALL {
        for (problem, page, field) in problems() {
            let document = rendered(language, page, problem.clone());
            let alerts = document.with("role", "alert");
            assert_eq!(alerts.len(), 1, "{problem:?}");
            let said = alerts[0].text.trim();
            assert!(said.chars().count() > 8 && !said.contains('!'), "{problem:?}: {said}");
            let blamed = document.with("aria-invalid", "true");
            assert_eq!(blamed.iter().map(|field| field.get("id")).collect::<Vec<_>>(), Vec::from_iter(field));
            for field in blamed {
                assert!(field.has("autofocus"), "{problem:?}");
                let mut ids = field.get("aria-describedby").split(' ');
                assert!(ids.any(|id| id == alerts[0].get("id")), "{problem:?}");
            }
            assert!(document.with("autofocus", "").len() < 2, "{problem:?}");
        }
    }
}

#[test]
fn a_title_says_that_there_is_a_problem_where_there_is_one() {
    for (name, document) in every_document("min") {
        let title = &document.one("title").text;
        let is_refused = !document.with("id", "problem").is_empty();
        assert_eq!(
            title.starts_with("Problem: ") || title.starts_with("문제: "),
            is_refused,
            "{name}: {title}"
        );
    }
}

#[test]
fn a_hidden_form_is_open_where_it_was_refused() {
    let problem = FormProblem::BadScope("a b".into());
    let document = rendered(Language::En, Page::Account(AccountSection::Tokens), problem);
    let more = document.all("details").find(|details| details.has("open")).expect("an open one");
    assert!(document.inside(more).iter().any(|element| element.has("aria-invalid")));
}

#[test]
fn a_refused_token_keeps_what_was_typed_and_names_the_field_with_the_wrong_topics() {
    let draft = TokenDraft {
        name: "ci & co".into(),
        read: "custom/*".into(),
        publish: "custom/* A!".into(),
        connections: true,
        days: Some(30),
        ..TokenDraft::default()
    };
    let problem = FormProblem::BadScope("publish:A!".into());
    let page = AccountPage {
        problem: Some(AccountProblem { section: AccountSection::Tokens, problem }),
        token_draft: draft,
        ..account_page("min")
    };
    let document = Document::read(&account(&context(Language::En, Some(Role::Admin), "min"), page));
    let value = |id: &str| document.with("id", id)[0].get("value").to_owned();
    assert_eq!([value("token-name"), value("token-read")], ["ci & co", "custom/*"]);
    assert_eq!([value("token-publish"), value("token-send")], ["custom/* A!", ""]);
    let has = |id: &str, attribute: &str| document.with("id", id)[0].has(attribute);
    assert!(has("token-connections", "checked") && !has("token-agent", "checked"));
    let chosen = document.inside(document.with("id", "token-days")[0]);
    let chosen: Vec<_> = chosen.iter().filter(|option| option.has("selected")).collect();
    assert_eq!(chosen.iter().map(|option| option.get("value")).collect::<Vec<_>>(), ["30"]);
    let blamed = document.with("aria-invalid", "true");
    assert_eq!(blamed.iter().map(|field| field.get("id")).collect::<Vec<_>>(), ["token-publish"]);
}

#[test]
fn a_wrong_recovery_code_is_called_one_and_not_an_old_code_of_an_app() {
    for (problem, is_recovery, says) in
        [(FormProblem::WrongCode, true, "recovery code"), (FormProblem::WrongCode, false, "clock")]
    {
        let page = SecondFactorPage { next: None, is_recovery, problem: Some(problem) };
        let document = Document::read(&second_factor(&context(Language::En, None, ""), page));
        assert!(document.with("id", "problem")[0].text.contains(says), "{says}");
    }
}

#[test]
fn the_time_to_wait_is_rounded_up() {
    let said = |language, retry_after_s| {
        let document = rendered(language, Page::SignIn, FormProblem::TooManyAttempts { retry_after_s });
        document.with("id", "problem")[0].text.clone()
    };
    for (seconds, text) in [(0, "in 1 s."), (90, "in 90 s."), (121, "in 3 min."), (7201, "in 3 h.")] {
        assert!(said(Language::En, seconds).ends_with(text), "{text}");
    }
    assert!(said(Language::Ko, 121).contains("3분 후"));
}

//! Each form sends what the server takes at its address, and nothing else.

use std::collections::BTreeSet;

use app::i18n::Language;
use common::{
    door::{dashboard_forms, forms, paths, source_forms},
    role::Role,
};
use serde::de::DeserializeOwned;

use crate::{
    every_document,
    html::{Document, Element},
    samples::{HOSTILE, documents},
};

#[test]
fn each_form_is_taken_at_its_address_and_proves_that_it_is_one_of_ours() {
    let mut seen = BTreeSet::new();
    for (name, document) in every_document(HOSTILE) {
        // The filters are sent with GET.
        let is_filter = |form: &&Element| {
            [
                paths::AUDIT,
                paths::NOTICES,
                paths::HOSTS,
                paths::EXPLORE,
                "/explore#add",
                paths::DASHBOARDS_WALL,
            ]
            .contains(&form.get("action"))
        };
        for form in document.all("form").filter(|form| !is_filter(form)) {
            assert_eq!(form.get("method"), "post", "{name}");
            let inside = document.inside(form);
            assert!(inside.iter().all(|element| element.tag != "form"), "{name}: a form in a form");
            assert_eq!(
                inside.iter().filter(|element| element.tag == "button").count(),
                1,
                "{name}: {form:?}"
            );
            for is_checked in [false, true] {
                let body = body(&document, form, is_checked);
                assert!(body.starts_with("csrf=the-token"), "{name}: {body}");
                take(form.get("action"), &body);
            }
            seen.insert(form.get("action").to_owned());
        }
        // The token is in no address: addresses end up in logs.
        assert!(document.elements.iter().all(|element| !element.get("href").contains("the-token")), "{name}");
    }
    assert_eq!(seen.len(), 43, "{seen:?}");
}

#[test]
fn an_account_that_is_made_or_confirmed_sends_its_link_and_its_name() {
    let sent = |page: &str, path: &str| {
        let (_, html) =
            documents(Language::En, HOSTILE).into_iter().find(|(name, _)| *name == page).expect("it");
        let document = Document::read(&html);
        let form = document.with("action", path)[0];
        body(&document, form, false)
    };
    let made: forms::NewAccountForm = taken(&sent("set-up-short", paths::SET_UP));
    assert_eq!((made.link.as_str(), made.name.as_str()), ("secret", HOSTILE));
    let changed: forms::PasswordForm = taken(&sent("account", paths::ACCOUNT_PASSWORD));
    assert_eq!(changed.name, HOSTILE);
    let signed_in: forms::SignInForm = taken(&sent("sign-in", paths::SIGN_IN));
    assert_eq!(signed_in.next.as_deref(), Some("/lab?a=1&b=2"));
    let invited: forms::InvitationForm = taken(&sent("people", paths::INVITATIONS_CREATE));
    assert_eq!(
        (invited.role, invited.days),
        (Role::Viewer, 7),
        "the least is what one gets without a choice"
    );
    let token: forms::TokenForm = taken(&sent("account", paths::ACCOUNT_TOKENS_CREATE));
    assert_eq!((token.days, token.scopes()), (90, Vec::new()));
}

#[test]
fn the_filter_of_the_audit_log_goes_along_to_other_pages_and_exports() {
    let html = documents(Language::En, HOSTILE).into_iter().find(|(name, _)| *name == "audit-broken");
    let document = Document::read(&html.expect("the audit log").1);
    let form = document.with("action", paths::AUDIT)[0];
    assert_eq!(form.get("method"), "get");
    let query = body(&document, form, true);
    let sent: Vec<(String, String)> = taken(&query);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(sent, [pair("actor", HOSTILE), pair("action", "session.create")]);
    for (path, pages) in [(paths::AUDIT, 2), (paths::AUDIT_CSV, 1), (paths::AUDIT_JSON, 1)] {
        let links =
            document.all("a").filter_map(|link| link.get("href").strip_prefix(path)?.strip_prefix('?'));
        let links: Vec<Vec<(String, String)>> = links.map(taken).collect();
        assert!(links.iter().all(|link| link[..2] == sent[..]), "{path}: {links:?}");
        assert!(links.len() <= pages && !links.is_empty(), "{path}: {links:?}");
    }
}

/// The body that a browser sends of a form, with its boxes checked or not.
fn body(document: &Document, form: &Element, is_checked: bool) -> String {
    let fields = document.inside(form);
    let pairs: Vec<(&str, &str)> = fields
        .iter()
        .filter(|field| ["input", "select", "textarea"].contains(&field.tag.as_str()))
        .filter(|field| is_checked || field.get("type") != "checkbox")
        .map(|field| {
            let value = match (field.tag.as_str(), field.get("type")) {
                ("select", _) => chosen(document, field),
                ("textarea", _) => &field.text,
                (_, "checkbox") => "on",
                _ => field.get("value"),
            };
            (field.get("name"), value)
        })
        .collect();
    serde_urlencoded::to_string(pairs).expect("a body")
}

fn chosen<'a>(document: &'a Document, field: &Element) -> &'a str {
    let options = document.inside(field);
    let chosen: Vec<_> = options.iter().filter(|option| option.has("selected")).collect();
    assert_eq!(chosen.len(), 1, "one is chosen: {field:?}");
    chosen[0].get("value")
}

fn taken<F: DeserializeOwned>(body: &str) -> F {
    serde_urlencoded::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn take(address: &str, body: &str) {
    match address {
        paths::SET_UP | paths::INVITATION => drop(taken::<forms::NewAccountForm>(body)),
        paths::SIGN_IN => drop(taken::<forms::SignInForm>(body)),
        paths::SIGN_IN_CODE => drop(taken::<forms::SecondFactorForm>(body)),
        paths::SIGN_IN_PASSKEY => drop(taken::<forms::PasskeySignInForm>(body)),
        paths::ACCOUNT_PASSKEYS_START => drop(taken::<forms::PasskeyStartForm>(body)),
        paths::ACCOUNT_PASSKEYS_FINISH => drop(taken::<forms::PasskeyFinishForm>(body)),
        paths::SIGN_OUT | paths::HOSTS_CODE => drop(taken::<forms::BareForm>(body)),
        paths::LANGUAGE => drop(taken::<forms::LanguageForm>(body)),
        paths::ACCOUNT_TOTP_START => drop(taken::<forms::TotpStartForm>(body)),
        paths::ACCOUNT_PASSWORD => drop(taken::<forms::PasswordForm>(body)),
        paths::ACCOUNT_SESSIONS_REVOKE => drop(taken::<forms::SessionRevokeForm>(body)),
        paths::ACCOUNT_TOTP_CONFIRM => drop(taken::<forms::TotpConfirmForm>(body)),
        paths::ACCOUNT_TOTP_OFF => drop(taken::<forms::TotpOffForm>(body)),
        paths::ACCOUNT_TOKENS_CREATE => drop(taken::<forms::TokenForm>(body)),
        paths::ACCOUNT_DEVICES_ADD => drop(taken::<forms::DeviceForm>(body)),
        paths::ACCOUNT_PREFERENCES => drop(taken::<forms::PreferencesForm>(body)),
        paths::PEOPLE_ROLE => drop(taken::<forms::RoleForm>(body)),
        paths::INVITATIONS_CREATE => drop(taken::<forms::InvitationForm>(body)),
        paths::NOTICES_SEND => drop(taken::<forms::NoticeForm>(body)),
        paths::NOTICES_READ
        | paths::NOTICES_READ_ALL
        | paths::ACCOUNT_PASSKEYS_REMOVE
        | paths::ACCOUNT_DEVICES_REMOVE
        | paths::ACCOUNT_DEVICES_TEST
        | paths::ACCOUNT_TOKENS_REVOKE
        | paths::PEOPLE_DISABLE
        | paths::PEOPLE_ENABLE
        | paths::HOSTS_REMOVE
        | paths::PROBES_REMOVE
        | paths::TARGETS_REMOVE
        | paths::DASHBOARDS_REMOVE
        | paths::INVITATIONS_REVOKE => assert!(taken::<forms::RowForm>(body).id > 0),
        paths::PROBES_SAVE => drop(taken::<source_forms::ProbeForm>(body)),
        paths::TARGETS_SAVE => drop(taken::<source_forms::TargetForm>(body)),
        paths::PROBES_PAUSE | paths::TARGETS_PAUSE => {
            let form = taken::<source_forms::SwitchForm>(body);
            assert!(form.id > 0 && ["on", "off"].contains(&form.to.as_str()), "{}", form.to);
        }
        paths::DASHBOARDS_NEW => drop(taken::<dashboard_forms::NewDashboardForm>(body)),
        paths::DASHBOARDS_IMPORT => drop(taken::<dashboard_forms::ImportDashboardForm>(body)),
        paths::DASHBOARDS_SAVE => {
            let form = taken::<dashboard_forms::SaveViewForm>(body);
            assert!(form.view.starts_with("series=local%3Acpu"), "{}", form.view);
        }
        paths::DASHBOARDS_RENAME => {
            let form = taken::<dashboard_forms::RenameDashboardForm>(body);
            assert_eq!((form.id, form.seen), (3, 7));
        }
        paths::DASHBOARDS_CARD => {
            let form = taken::<dashboard_forms::CardForm>(body);
            assert!(form.card < 4 && ["earlier", "later", "title", "remove"].contains(&&*form.act));
        }
        _ => panic!("no such address: {address}"),
    }
}

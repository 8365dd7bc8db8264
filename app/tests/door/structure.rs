//! Each document stands on its own: landmarks, labels, titles, and nothing that runs or styles inline.

use std::collections::BTreeSet;

use app::{
    door::{
        DASHBOARDS_SCRIPT, DEVICES_SCRIPT, EXPLORE_SCRIPT, HOSTS_SCRIPT, PASSKEY_SCRIPT, STREAMS_SCRIPT,
        SignInPage, people, sign_in,
    },
    i18n::Language,
};
use common::role::Role;

use crate::{
    every_document,
    html::{Document, Element},
    samples::{HOSTILE, context, documents, people_page},
};

#[test]
fn nothing_is_scripted_or_styled_inline_and_names_stay_text() {
    for (name, document) in every_document(HOSTILE) {
        for element in &document.elements {
            // The scripts of ours: the policy knows each by its hash.
            let is_known = [
                PASSKEY_SCRIPT,
                DEVICES_SCRIPT,
                HOSTS_SCRIPT,
                STREAMS_SCRIPT,
                EXPLORE_SCRIPT,
                DASHBOARDS_SCRIPT,
            ]
            .contains(&element.text.as_str());
            let is_ours = element.tag == "script" && is_known && element.attributes.is_empty();
            let is_banned =
                !is_ours && ["script", "style", "iframe", "object", "b"].contains(&element.tag.as_str());
            assert!(!is_banned, "{name}: {element:?}");
            let is_inline = |attribute: &String| attribute == "style" || attribute.starts_with("on");
            assert!(!element.attributes.keys().any(is_inline), "{name}: {element:?}");
            assert!(!element.get("href").starts_with("javascript:"), "{name}: {element:?}");
        }
    }
    let html = people(&context(Language::En, Some(Role::Admin), HOSTILE), people_page(HOSTILE));
    let named = Document::read(&html).elements.iter().filter(|element| element.text == HOSTILE).count();
    assert!(named > 1, "in the bar and in the list");
}

#[test]
fn each_document_has_its_landmarks_one_heading_and_a_title_with_it() {
    for (name, document) in every_document("min") {
        let (title, heading) = (&document.one("title").text, &document.one("h1").text);
        assert!(!heading.is_empty() && title.contains(heading.as_str()), "{name}: {title}");
        assert!(title.ends_with(" · Pulseboard"), "{name}: {title}");
        document.one("main");
        document.one("header");
        // Headings go down one step at a time.
        let levels: Vec<usize> =
            ["h1", "h2", "h3", "h4"].iter().map(|level| document.all(level).count()).collect();
        assert!(levels[1] > 0 || levels[2] == 0, "{name}: {levels:?}");
        assert_eq!(levels[3], 0, "{name}");
    }
}

#[test]
fn each_id_is_unique_and_each_reference_is_to_one() {
    for (name, document) in every_document("min") {
        let ids: Vec<_> =
            document.elements.iter().map(|element| element.get("id")).filter(|id| !id.is_empty()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: {ids:?}");
        for element in &document.elements {
            let references = ["for", "aria-describedby", "aria-labelledby"].map(|name| element.get(name));
            let anchor = element.get("href").strip_prefix('#').unwrap_or_default();
            for id in
                references.iter().flat_map(|ids| ids.split_whitespace()).chain(anchor.split_whitespace())
            {
                assert!(ids.contains(&id), "{name}: {element:?}");
            }
        }
    }
}

#[test]
fn each_field_has_a_label_and_each_button_says_what_it_does() {
    for (name, document) in every_document("min") {
        let is_shown = |field: &&Element| field.get("type") != "hidden" && !field.has("hidden");
        for field in document
            .all("input")
            .chain(document.all("select"))
            .chain(document.all("textarea"))
            .filter(is_shown)
        {
            let labels = document.with("for", field.get("id"));
            assert!(labels.iter().any(|label| !label.text.trim().is_empty()), "{name}: {field:?}");
            let is_choice = field.tag == "select" || field.get("type") == "checkbox";
            assert!(is_choice || field.has("autocomplete"), "{name}: {field:?}");
        }
        for button in document.all("button").chain(document.all("summary")) {
            let text = button.text.trim();
            assert!(!text.is_empty(), "{name}: {button:?}");
            // People who speak to the page say the words that are to be seen (WCAG 2.5.3).
            let spoken = button.get("aria-label").to_lowercase();
            assert!(spoken.is_empty() || spoken.contains(&text.to_lowercase()), "{name}: {button:?}");
        }
        let mut names = BTreeSet::new();
        for button in document.all("button").filter(|button| button.has("aria-label")) {
            assert!(names.insert(button.get("aria-label")), "{name}: two are named {button:?}");
        }
    }
}

#[test]
fn the_keyboard_begins_in_the_first_field_or_at_what_is_shown_once() {
    let focused: Vec<_> = documents(Language::En, "min")
        .into_iter()
        .filter(|(name, _)| !name.contains("wrong") && !name.contains("short") && !name.contains("differ"))
        .map(|(name, html)| {
            let document = Document::read(&html);
            let ids: Vec<_> =
                document.with("autofocus", "").iter().map(|field| field.get("id").to_owned()).collect();
            (name, ids.join(" "))
        })
        .filter(|(_, ids)| !ids.is_empty())
        .collect();
    let expected = [
        ("set-up", "name"),
        ("sign-in", "name"),
        ("sign-in-wait", "password"),
        ("sign-in-ended", "name"),
        ("second-factor", "code"),
        ("invitation", "password"),
        ("account-factor-start", "code"),
        ("account-factor-codes", "recovery-codes"),
        ("account-token-new", "new-token"),
        ("people-link", "new-link"),
        ("probes-refused", "probe-name"),
        ("targets-refused", "target-name"),
        ("dashboards-refused", "board-name"),
        ("dashboard-edit-refused", "board-name"),
        ("explore-save-refused", "save-name"),
    ];
    assert_eq!(focused, expected.map(|(name, id)| (name, id.to_owned())));
}

#[test]
fn language_and_theme_are_those_of_the_request() {
    let mut context = context(Language::Ko, None, "");
    let root = |html: &str| Document::read(html).one("html").clone();
    assert!(!root(&sign_in(&context, SignInPage::default())).has("data-theme"));
    context.theme = Some("dark".into());
    let root = root(&sign_in(&context, SignInPage::default()));
    assert_eq!((root.get("lang"), root.get("data-theme")), ("ko", "dark"));
}

//! Tests the documents of the front door, as a browser without scripts gets them.

mod account_samples;
mod contract;
mod dashboard_samples;
mod host_samples;
mod html;
mod languages;
mod notice_samples;
mod problems;
mod rights;
mod samples;
mod secrets;
mod source_samples;
mod structure;

use app::i18n::Language;
use html::Document;

/// Every document in every language, for a reader who bears this name.
fn every_document(name: &str) -> impl Iterator<Item = (String, Document)> {
    Language::ALL.into_iter().flat_map(move |language| {
        let named =
            move |(page, html): (&str, String)| ([page, ".", language.tag()].concat(), Document::read(&html));
        samples::documents(language, name).into_iter().map(named)
    })
}

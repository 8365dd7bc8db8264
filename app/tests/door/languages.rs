//! Each document is whole in each language.

use app::i18n::Language;

use crate::{html::Document, samples::documents};

/// Latin words that Korean texts have, too: names and abbreviations.
const SAME: &str = "Pulseboard API REST HTTP HTTPS OpenAPI JavaScript curl CSV JSON SVG PNG QR UTC ID IP PIN English Firefox Linux Safari iPhone iPad custom CPU MB http TCP ICMP DNS Prometheus Bearer metrics ping node scrape ms KiB WebSocket streaming POST AAAA CNAME MX NS TXT SRV SOA CAA PTR";

/// Marks at the places of numbers and names, in texts that a script fills in.
const MARKS: &str = "shown all offline key";

/// Values of the samples.
const SAMPLES: &str = "min ci deploy old agent former night shift operations example org operator token \
    wrong password viewer publish https board cpu invitation link user role session create db chat local shop health localhost web";

#[test]
fn a_korean_document_has_no_english_left_in_it() {
    for (name, html) in documents(Language::Ko, "min") {
        let document = Document::read(&html);
        // Secrets and scopes are in no language.
        let codes: Vec<_> = document.all("code").map(|code| code.text.clone()).collect();
        let spoken = document.elements.iter().map(|element| element.get("aria-label").to_owned());
        for text in document.texts.iter().cloned().chain(spoken).filter(|text| !codes.contains(text)) {
            for word in text.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() > 1)
            {
                let mut known = [SAME, SAMPLES, MARKS].into_iter().flat_map(str::split_whitespace);
                assert!(known.any(|same| same == word), "{name}: {word}");
            }
        }
    }
}

#[test]
fn an_english_document_has_no_korean_left_in_it() {
    for (name, html) in documents(Language::En, "min") {
        let text = Document::read(&html).one("body").text.replace("한국어", "").replace("김서연", "");
        let hangul = text.chars().find(|letter| ('가'..='힣').contains(letter));
        assert_eq!(hangul, None, "{name}");
    }
}

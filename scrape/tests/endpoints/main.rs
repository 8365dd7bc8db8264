//! Targets against endpoints: real exporters of Debian, and servers of the tests that do what no exporter should.

mod exporter;
mod hostile;
mod kept;
mod rates;
mod real;
mod redirects;
mod series;
mod stub;
mod tls;

use scrape::{Outbound, Scrape, ScrapeError, Target, TargetSpec};

/// Makes a target of an address that trusts the system's authorities.
fn target(url: impl Into<String>) -> Target {
    target_of(TargetSpec::new(url))
}

fn target_of(spec: TargetSpec) -> Target {
    Target::new(spec, &Outbound::new().expect("TLS")).expect("settings")
}

/// Asks once, and returns the sentence of the error.
async fn failure(target: &mut Target) -> (ScrapeError, String) {
    let error = target.scrape().await.expect_err("an error");
    let said = error.to_string();
    (error, said)
}

/// Returns the value of a series, by its metric and its labels.
fn value_of(scrape: &Scrape, metric: &str, labels: &str) -> Option<f64> {
    scrape
        .series
        .iter()
        .find(|series| series.metric == metric && series.labels == labels)
        .map(|series| series.value)
}

//! Numbers of others: asks one Prometheus endpoint again and again, and gives its answers as series.
//!
//! A [`Target`] is an endpoint with its [`TargetSpec`]. Each [`Target::scrape`] is one GET, within one deadline and within bounds, and gives a [`Scrape`].
//! [`Rates`] make rates of what only grows. Who asks when, and for how long numbers are kept, is the caller's to say.
//!
//! An endpoint is a stranger. It may send too much, too slowly, something else, or nothing: each becomes a [`ScrapeError`] with a sentence for people. It
//! cannot lead the request elsewhere: redirects are followed on the same host only.
//!
//! Sources: Prometheus, "Exposition formats" and "Configuration" (`scrape_config`); RFC 9110 (redirects, `Accept-Encoding`); RFC 1952 (gzip).
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use scrape::{Outbound, Rates, Target, TargetSpec};
//!
//! let mut spec = TargetSpec::new("http://localhost:9100/metrics");
//! spec.metrics = vec!["node_*".to_owned(), "!node_scrape_*".to_owned()];
//! let mut target = Target::new(spec, &Outbound::new()?)?;
//! let mut rates = Rates::default();
//! loop {
//!     let scrape = target.scrape().await?;
//!     for series in rates.update(scrape.started, scrape.series) {
//!         println!("{}{{{}}} {}", series.metric, series.labels, series.value);
//!     }
//!     tokio::time::sleep(std::time::Duration::from_secs(15)).await;
//! }
//! # }
//! ```

mod answer;
mod body;
mod connection;
mod error;
mod inflate;
mod labels;
mod origin;
mod rates;
mod redirect;
mod spec;
mod target;

pub use answer::{DroppedCounts, LONGEST_KEY, Scrape, ScrapedSeries};
pub use body::LONGEST_BODY;
pub use error::ScrapeError;
pub use exposition::MetricType;
pub use outbound::Outbound;
pub use rates::{MeasuredSeries, Rates};
pub use spec::{BasicAuth, Secret, SpecError, TargetSpec};
pub use target::Target;

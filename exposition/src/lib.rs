//! Series of numbers, read from what a Prometheus endpoint answers.
//!
//! A [`Reader`] goes through a body line by line and hands out one [`Sample`] at a time, which borrows from the body. It reads the text format
//! (versions 0.0.4 and 1.0.0) and OpenMetrics 1.0; the content type of the answer says which. A line that cannot be read is skipped, counted, and told with
//! its number and the reason: it never loses the rest. The crate does no I/O and reads no clock.
//!
//! Who fetches sends [`ACCEPT`], with GET. Many exporters refuse HEAD. The body is given as it is after decoding: who offers `Accept-Encoding: gzip` unpacks
//! what comes with `Content-Encoding: gzip` before, and bounds the unpacked length. Of text, nothing tells a body that was cut off, and the last digits of its last number may be missing: an answer that is shorter than
//! it should be is not given.
//!
//! Sources of the rules: Prometheus, "Exposition formats" (text) and "Data model"; OpenMetrics 1.0.0, whose sections are named beside the code.
//!
//! ```
//! use exposition::{Filter, Limits, MetricType, Reader};
//!
//! let body = b"# TYPE http_requests_total counter\n\
//!     http_requests_total{path=\"/\",code=\"200\"} 1027\n\
//!     http_requests_total{code=\"400\" 3\n\
//!     go_goroutines 12\n";
//! let filter = Filter::new(["!go_*"]).expect("patterns");
//! let mut reader =
//!     Reader::new(Some("text/plain; version=0.0.4"), body, Limits::default()).expect("text").with_filter(&filter);
//! while let Some(sample) = reader.next_sample() {
//!     assert_eq!((sample.name, sample.metric_type, sample.value), ("http_requests_total", MetricType::Counter, 1027.0));
//!     // Sorted by their names.
//!     assert_eq!(sample.labels[0].name, "code");
//! }
//! let report = reader.finish();
//! assert_eq!((report.samples, report.filtered, report.faulty_lines), (1, 1, 1));
//! assert_eq!(report.faults[0].to_string(), "line 3: a comma or a closing brace is missing among the labels");
//! ```

mod content_type;
mod created;
mod family;
mod fault;
mod filter;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod limits;
mod metadata;
mod names;
mod number;
mod quoted;
mod reader;
mod report;
mod sample;
mod sample_line;
mod seen;

pub use content_type::{ACCEPT, Format, UnknownContentType};
pub use family::{Family, MetricType};
pub use fault::{Excerpt, Fault, FaultReason};
pub use filter::{Filter, FilterError, PatternProblem};
pub use limits::Limits;
pub use reader::Reader;
pub use report::Report;
pub use sample::{Label, Sample};

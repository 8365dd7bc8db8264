//! Asking for lines.

use crate::{time::EventTime, version::Product};

/// The lines that are asked for. Timestamps are always asked for, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogQuery {
    /// True to wait for new lines. The stream ends when the container does.
    pub follow: bool,
    /// The newest lines only; none for all. Podman counts pieces of long lines.
    pub tail: Option<u32>,
    /// Lines from this time on, that of this time included.
    pub since: Option<EventTime>,
    /// Lines up to this time.
    pub until: Option<EventTime>,
}

impl Default for LogQuery {
    fn default() -> Self {
        Self { follow: false, tail: Some(100), since: None, until: None }
    }
}

impl LogQuery {
    /// The parameters of the request. Podman takes whole seconds in every version, so it gets them; with nanoseconds, some take none.
    pub(crate) fn parameters(&self, product: Product) -> String {
        let mut parameters = format!("stdout=1&stderr=1&timestamps=1&follow={}", u8::from(self.follow));
        // A word that is no number would give all lines.
        match self.tail {
            Some(lines) => parameters += &format!("&tail={lines}"),
            None => parameters += "&tail=all",
        }
        let time = |time: EventTime, is_end: bool| match product {
            Product::Docker => time.parameter(),
            Product::Podman => time.seconds().saturating_add(u64::from(is_end)).to_string(),
        };
        if let Some(since) = self.since {
            parameters += &format!("&since={}", time(since, false));
        }
        if let Some(until) = self.until {
            parameters += &format!("&until={}", time(until, true));
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::LogQuery;
    use crate::{time::EventTime, version::Product};

    #[test]
    fn each_engine_gets_times_that_it_takes() {
        let time = Some(EventTime(1_795_830_896_000_000_007));
        let query = LogQuery { follow: true, tail: None, since: time, until: time };
        assert_eq!(
            query.parameters(Product::Docker),
            "stdout=1&stderr=1&timestamps=1&follow=1&tail=all&since=1795830896.000000007&until=1795830896.000000007"
        );
        assert_eq!(
            query.parameters(Product::Podman),
            "stdout=1&stderr=1&timestamps=1&follow=1&tail=all&since=1795830896&until=1795830897"
        );
        assert!(LogQuery::default().parameters(Product::Docker).ends_with("follow=0&tail=100"));
    }
}

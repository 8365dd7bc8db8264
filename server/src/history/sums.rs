//! Sums of steps, for those that reckon with numbers of the past.

use ::history::{Aggregate, History, HistoryError, Query};
use common::{host::HostId, series::SeriesKey};

use super::{error::PastError, key, past::TRIES, recorder::SeriesHistory};

/// So many series are asked for at once: with hours of ten years they stay below what an answer may have.
const AT_ONCE: usize = 16;

/// The samples of each step added up, of several series.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeriesSums {
    /// The beginning of the first step, milliseconds since 1970.
    pub(crate) start: i64,
    /// The sums of each series, in the order of the question: 0 where there was no sample, and none of a series that there is not.
    pub(crate) sums: Vec<Vec<f64>>,
}

impl SeriesHistory {
    /// Adds the samples of each step up. `from` goes down to a whole multiple of the step.
    ///
    /// # Errors
    /// Where nothing is kept, or it cannot be read.
    pub(crate) async fn sums(
        &self,
        series: Vec<(HostId, SeriesKey)>,
        from: i64,
        to: i64,
        step: i64,
    ) -> Result<SeriesSums, PastError> {
        let history = self.folder().ok_or(PastError::Off)?.clone();
        let place = self.place().await?;
        let answer = tokio::task::spawn_blocking(move || {
            // It keeps its place to its end, also when nobody waits for it any more.
            let _place = place;
            let mut sums = Vec::with_capacity(series.len());
            for some in series.chunks(AT_ONCE) {
                sums.extend(sums_of(&history, some, (from, to, step))?);
            }
            Ok(SeriesSums { start: from.div_euclid(step) * step, sums })
        });
        answer.await.map_err(|_| PastError::BrokenOff)?
    }
}

fn sums_of(
    history: &History,
    series: &[(HostId, SeriesKey)],
    (from, to, step): (i64, i64, i64),
) -> Result<Vec<Vec<f64>>, PastError> {
    let mut tries = 0;
    loop {
        let found: Vec<_> =
            series.iter().map(|(host, name)| history.find(&key::encode(host, name))).collect();
        let query = Query {
            series: found.iter().flatten().copied().collect(),
            from,
            to,
            step,
            aggregate: Aggregate::Sum,
        };
        let points = match history.query(&query) {
            // One may be forgotten between the two.
            Err(HistoryError::NoSuchSeries) if tries < TRIES => {
                tries += 1;
                continue;
            }
            answer => answer?,
        };
        let mut told = points.series.into_iter();
        let sums = |is_there: bool| {
            let values = is_there.then(|| told.next()).flatten().map(|one| one.values).unwrap_or_default();
            values.into_iter().map(|value| value.unwrap_or(0.0)).collect()
        };
        return Ok(found.iter().map(Option::is_some).map(sums).collect());
    }
}

#[cfg(test)]
mod tests {
    use ::history::{HistorySettings, Resolution, Sample};

    use super::*;

    const HOUR: i64 = 3_600_000;
    const START: i64 = 1_800_000_000_000 / HOUR * HOUR;

    #[test]
    fn samples_are_added_up_by_the_hour_wherever_they_stand() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::open(folder.path(), HistorySettings::default(), START).expect("opened");
        let (host, name) = (HostId::local(), SeriesKey::labelled("probe.up_seconds", 7));
        let series = history.register(&key::encode(&host, &name), Resolution::FINEST).expect("registered");
        for hour in 0..6 {
            let now = START + hour * HOUR;
            // The third hour has none.
            for minute in (0..60).filter(|_| hour != 2) {
                let sample = Sample { at: now + minute * 60_000, value: 60.0 };
                history.push(series, sample, now + HOUR).expect("pushed");
            }
            history.commit(now + HOUR).expect("committed");
            history.maintain(now + 2 * HOUR).expect("maintained");
        }
        let all = [(host.clone(), name), (host, SeriesKey::labelled("probe.up_seconds", 8))];
        let told = sums_of(&history, &all, (START, START + 6 * HOUR, HOUR)).expect("sums");
        assert_eq!(told, [vec![3_600.0, 3_600.0, 0.0, 3_600.0, 3_600.0, 3_600.0], vec![]]);
    }
}

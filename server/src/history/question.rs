//! A question for a time of the past, checked.

use common::past::PastAggregate;

use super::error::PastError;

/// The most metrics of a question.
const METRICS: usize = 32;
/// The most steps of an answer.
pub(super) const STEPS: i64 = 10_000;
/// As many steps as a chart is wide, where none is asked for.
const USUAL: i64 = 600;
/// An hour, where no beginning is asked for.
const HOUR: i64 = 3_600_000;
/// The latest time that is asked for: the year 9999.
pub(super) const LATEST: i64 = 253_402_300_800_000;
/// Steps that people count in, milliseconds.
const ROUND: [i64; 18] = [
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    604_800_000,
];

/// A question for a time of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PastQuestion {
    pub(super) metrics: Vec<String>,
    /// Only series with this first label.
    pub(super) label: Option<String>,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) step: i64,
    pub(super) aggregate: PastAggregate,
    /// Of a metric that has a series without labels, that one alone.
    pub(super) totals: bool,
}

impl PastQuestion {
    /// Reads the query of an address, in which `metric` may stand several times.
    pub(super) fn read(query: &str, now: i64) -> Result<Self, PastError> {
        let invalid = |why: &str| Err(PastError::Invalid(why.to_owned()));
        let (mut metrics, mut label) = (Vec::new(), None);
        let (mut from, mut to, mut step, mut aggregate) = (None, None, None, PastAggregate::default());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let number = || {
                let number: Option<i64> = value.parse().ok().filter(|number| (0..=LATEST).contains(number));
                number
                    .ok_or_else(|| PastError::Invalid(format!("{name} is no time or length in milliseconds")))
            };
            match &*name {
                "metric" => metrics.push(value.into_owned()),
                "label" => label = Some(value.into_owned()),
                "from" => from = Some(number()?),
                "to" => to = Some(number()?),
                "step" => step = Some(number()?),
                "aggregate" => aggregate = read_aggregate(&value)?,
                _ => {}
            }
        }
        if !(1..=METRICS).contains(&metrics.len()) {
            return invalid("1 to 32 metrics are asked for, each as metric=ID");
        }
        let to = to.unwrap_or(now);
        let from = from.unwrap_or((to - HOUR).max(0));
        if from >= to {
            return invalid("from is before to");
        }
        let step = step.unwrap_or_else(|| usual_step(to - from));
        if step == 0 || steps(from, to, step) > STEPS {
            return invalid("an answer has at most 10000 steps, each of which takes time");
        }
        Ok(Self { metrics, label, from, to, step, aggregate, totals: false })
    }
}

/// The number of steps that an answer has: they begin at whole multiples of the step.
pub(super) fn steps(from: i64, to: i64, step: i64) -> i64 {
    (to - 1) / step - from / step + 1
}

/// The step by which a chart of so many milliseconds has about as many points as it is wide.
pub(crate) fn usual_step(length: i64) -> i64 {
    let longest = ROUND[ROUND.len() - 1];
    ROUND.into_iter().find(|step| length / step <= USUAL).unwrap_or(longest * (length / longest / USUAL + 1))
}

pub(super) fn read_aggregate(text: &str) -> Result<PastAggregate, PastError> {
    Ok(match text {
        "min" => PastAggregate::Min,
        "average" => PastAggregate::Average,
        "max" => PastAggregate::Max,
        "last" => PastAggregate::Last,
        "count" => PastAggregate::Count,
        _ => return Err(PastError::Invalid("aggregate is min, average, max, last or count".to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    #[test]
    fn what_is_left_out_is_the_last_hour_in_as_many_steps_as_a_chart_has() {
        let question = PastQuestion::read("metric=cpu.total&metric=load.1", NOW).expect("a question");
        assert_eq!((question.from, question.to, question.step), (NOW - HOUR, NOW, 10_000));
        assert_eq!(question.metrics, ["cpu.total", "load.1"]);
        for (length, step) in [(60_000, 500), (86_400_000, 300_000), (366 * 86_400_000, 86_400_000)] {
            assert_eq!(usual_step(length), step);
        }
        assert!(LATEST / usual_step(LATEST) < STEPS);
        let most = PastQuestion::read("metric=a&from=0&to=100000000&step=10000", NOW).expect("10,000 steps");
        assert_eq!(steps(most.from, most.to, most.step), STEPS);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_the_reason() {
        for (query, why) in [
            ("", "1 to 32 metrics"),
            (&*"metric=a&".repeat(33), "1 to 32 metrics"),
            ("metric=a&from=5&to=5", "before"),
            ("metric=a&from=9&to=5", "before"),
            ("metric=a&from=-1", "from is no time"),
            ("metric=a&to=99999999999999999999", "to is no time"),
            ("metric=a&step=0", "10000 steps"),
            ("metric=a&step=1", "10000 steps"),
            ("metric=a&from=9&to=100008&step=10", "10000 steps"),
            ("metric=a&aggregate=median", "aggregate is"),
        ] {
            let told = PastQuestion::read(query, NOW).expect_err(query).to_string();
            assert!(told.contains(why), "{query}: {told}");
        }
    }
}

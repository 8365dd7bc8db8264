//! The inputs of `/sys/class/hwmon` (Documentation/hwmon/sysfs-interface.rst), which may never answer.

mod inputs;
mod sleep;

use std::{
    collections::HashMap,
    ffi::OsString,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use broker::Clock;
use common::metric::Metric;

use self::sleep::power_file;
pub(super) use self::{
    inputs::{device_path, entries, file_name, first_line, hwmon_inputs},
    sleep::is_asleep,
};
use super::{
    Readings,
    names::{NameCandidate, distinct},
    readings::MOST_NAMED,
};
use crate::prober::Prober;

/// The list of inputs is read again this often.
const LIST_EVERY: Duration = Duration::from_secs(60);
/// One round waits at most this long for inputs that do not answer; the rest of them has its turn in the next.
const PATIENCE: Duration = Duration::from_secs(4);
/// At most this many inputs are asked.
const MOST: usize = 256;

/// One input that is asked again and again.
#[derive(Debug)]
pub(super) struct PolledInput {
    /// The file to read, on the device's own path.
    pub(super) file: PathBuf,
    /// The device that a question may wake; none for one that never sleeps.
    pub(super) device: Option<PathBuf>,
    pub(super) label: OsString,
    /// The bus, the device and the input, `platform/coretemp.0/temp2`: no two devices of a bus have one name, and a device has its
    /// name at every start, which `hwmon3` has not.
    pub(super) id: String,
    /// The last answer; none where there is nothing to tell.
    pub(super) answer: Option<Result<f64, u64>>,
    /// True if the input has ever shown a value that only a connected one shows.
    pub(super) alive: bool,
}

/// The rules for inputs of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct InputRules {
    /// Finds them below `/sys/class`.
    pub(super) find: fn(&Path) -> Vec<PolledInput>,
    /// Takes the bytes of an answer, or none where there is none, at a moment in milliseconds since 1970.
    pub(super) take: fn(&mut PolledInput, Option<&[u8]>, u64),
}

/// Asks each input of one kind for its value.
pub(super) struct InputProbe {
    rules: InputRules,
    clock: Arc<dyn Clock>,
    sys: PathBuf,
    listed: Option<Instant>,
    inputs: Vec<PolledInput>,
}

/// The value of one input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InputReading {
    /// Its place among the devices, which no other has and which stays whatever others come and go.
    pub(super) id: String,
    /// Its name for people, which no other has now.
    pub(super) name: String,
    /// The value, or the time since which it has no reading.
    pub(super) answer: Result<f64, u64>,
}

impl PolledInput {
    /// An input that was not asked yet.
    pub(super) fn new(file: PathBuf, label: impl Into<OsString>, id: String) -> Self {
        Self { file, device: None, label: label.into(), id, answer: None, alive: false }
    }

    /// Enters that there is no answer, since the first time.
    pub(super) fn no_answer(&mut self, at: u64) {
        self.answer = Some(Err(match self.answer {
            Some(Err(since)) => since,
            _ => at,
        }));
    }
}

impl InputProbe {
    /// Nothing is asked yet; `sys` is `/sys/class`.
    pub(super) fn new(rules: InputRules, sys: &Path, clock: Arc<dyn Clock>) -> Self {
        Self { rules, clock, sys: sys.to_owned(), listed: None, inputs: Vec::new() }
    }

    /// Asks them all but those of devices that sleep. Calls `moves` after each answer, and after each that did not come in time.
    pub(super) fn round(&mut self, prober: &mut Prober, moves: &dyn Fn()) -> Vec<InputReading> {
        let began = Instant::now();
        if self.listed.is_none_or(|listed| began.duration_since(listed) >= LIST_EVERY) {
            self.list();
            self.listed = Some(began);
        }
        // Those that gave no answer last: they may cost the time of all others.
        self.inputs.sort_by_key(|input| matches!(input.answer, Some(Err(_))));
        // Of each device, once in a round: none where it did not say.
        let mut sleeping: HashMap<PathBuf, Option<bool>> = HashMap::new();
        for input in &mut self.inputs {
            if began.elapsed() >= PATIENCE {
                break;
            }
            let asleep = match &input.device {
                Some(device) => *sleeping
                    .entry(device.clone())
                    .or_insert_with_key(|device| is_asleep(prober, device).ok()),
                None => Some(false),
            };
            match asleep {
                // There is nothing to tell of it, and nothing is missed.
                Some(true) => input.answer = None,
                Some(false) => {
                    let answer = prober.read(&input.file).ok();
                    (self.rules.take)(input, answer.as_deref(), self.clock.unix_millis());
                }
                None => (self.rules.take)(input, None, self.clock.unix_millis()),
            }
            moves();
        }
        self.report()
    }

    /// Returns true if a file is one of its inputs, or says that one's device sleeps.
    pub(super) fn asks(&self, path: &Path) -> bool {
        let says = |device: &PathBuf| power_file(device) == path;
        self.inputs.iter().any(|input| input.file == path || input.device.as_ref().is_some_and(says))
    }

    fn list(&mut self) {
        let mut known: HashMap<PathBuf, PolledInput> =
            self.inputs.drain(..).map(|input| (input.file.clone(), input)).collect();
        let mut found = (self.rules.find)(&self.sys);
        found.truncate(MOST);
        tell_apart(&mut found);
        self.inputs = found.into_iter().map(|input| known.remove(&input.file).unwrap_or(input)).collect();
    }

    fn report(&self) -> Vec<InputReading> {
        let mut told: Vec<(&PolledInput, Result<f64, u64>)> =
            self.inputs.iter().filter_map(|input| Some((input, input.answer?))).collect();
        told.sort_by(|(one, _), (other, _)| (&one.label, &one.file).cmp(&(&other.label, &other.file)));
        let things: Vec<NameCandidate<'_>> =
            told.iter().map(|(one, _)| NameCandidate { label: &one.label, identity: &one.id }).collect();
        let names = distinct(&things).into_iter().zip(told);
        let reading = |(name, (input, answer)): (String, (&PolledInput, _))| InputReading {
            id: input.id.clone(),
            name,
            answer,
        };
        names.map(reading).collect()
    }
}

/// Enters the values of a report; `silent` says since when there is none newer, where that is too long.
pub(super) fn fill_inputs(
    metric: &Metric,
    report: &[InputReading],
    silent: Option<u64>,
    into: &mut Readings,
) {
    into.left_out(metric, report.len().saturating_sub(MOST_NAMED));
    for InputReading { id, name, answer } in report.iter().take(MOST_NAMED) {
        into.name(id, name);
        match (answer, silent) {
            (Ok(value), None) => into.set_labelled(metric, id, *value),
            (Ok(_), Some(since)) => into.no_answer(metric, Some(id), since),
            (Err(since), _) => into.no_answer(metric, Some(id), *since),
        }
    }
}

/// Two chips of one device have inputs of one name: the later ones get a number, in the order of the chips.
fn tell_apart(inputs: &mut [PolledInput]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for input in inputs {
        let count = seen.entry(input.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            input.id = format!("{}#{count}", input.id);
        }
    }
}

//! Measures bytes a sample, speed and memory: `cargo run --release -p history --example measure`.

#![allow(clippy::print_stdout, reason = "it prints its figures")]

use std::{
    fs,
    time::{Duration, Instant},
};

use history::{Aggregate, History, HistoryError, HistorySettings, Query, Resolution, Sample, Series, Tier};

const START: i64 = 20_800 * DAY;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// The series of a large installation.
const MANY: usize = 12_000;

/// Random numbers that are the same each time (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number near zero, spread by one (the sum of twelve).
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

/// A shape of numbers as machines have them.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    /// Percent of a processor, one decimal.
    Processor,
    /// A core that has nothing to do but now and then.
    IdleCore,
    /// Bytes of memory in pages.
    Memory,
    /// Bytes a second in quiet times and bursts.
    Network,
    /// Bytes a second of a disk that is written every few seconds.
    Disk,
    Constant,
    /// Whole degrees.
    Degrees,
}

const SHAPES: [Shape; 7] = [
    Shape::Processor,
    Shape::IdleCore,
    Shape::Memory,
    Shape::Network,
    Shape::Disk,
    Shape::Constant,
    Shape::Degrees,
];

/// A series that is made up.
struct Source {
    shape: Shape,
    random: Random,
    level: f64,
}

impl Source {
    fn new(shape: Shape, seed: u64) -> Self {
        Self { shape, random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1), level: 0.5 }
    }

    fn decimals(&self) -> Resolution {
        let decimals = u8::from(matches!(self.shape, Shape::Processor | Shape::IdleCore));
        Resolution::decimals(decimals).unwrap_or(Resolution::WHOLE)
    }

    fn value(&mut self) -> f64 {
        let random = &mut self.random;
        match self.shape {
            Shape::Processor => {
                self.level = (self.level + random.normal() * 0.01).clamp(0.05, 0.9);
                (self.level * 100.0 + random.normal() * 3.0).clamp(0.0, 100.0)
            }
            Shape::IdleCore => {
                if random.next() < 0.9 {
                    random.next() * 2.0
                } else {
                    random.next() * 30.0
                }
            }
            Shape::Memory => {
                if random.next() < 0.4 {
                    self.level += random.normal() * 0.0001;
                }
                (self.level * 2_000_000.0).round() * 4_096.0
            }
            Shape::Network => {
                if random.next() < 0.02 {
                    self.level = random.next();
                }
                let packets = (self.level * 40.0 * random.next()).round();
                packets * 66.0 + (packets / 4.0).round() * 1_448.0
            }
            Shape::Disk => {
                if random.next() < 0.2 {
                    (random.next() * 30.0).round() * 4_096.0
                } else {
                    0.0
                }
            }
            Shape::Constant => 16_777_216.0,
            Shape::Degrees => {
                self.level = (self.level + random.normal() * 0.004).clamp(0.3, 0.9);
                (self.level * 100.0).round()
            }
        }
    }
}

fn settings() -> HistorySettings {
    HistorySettings {
        bytes: 16 << 30,
        ages: [2 * DAY, 800 * DAY, 800 * DAY, 800 * DAY, 4_000 * DAY],
        points: 8_000_000,
        ..HistorySettings::default()
    }
}

/// Seconds of processor that this process took.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |place: usize| behind.split_whitespace().nth(place).and_then(|word| word.parse().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// A line of this process' status in MB.
fn status(name: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0.0) / 1_024.0
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the measure")
}

/// Real counters, ten times a second: this machine's processor, free memory and network.
fn recorded() -> Vec<(&'static str, Resolution, Vec<f64>)> {
    let number = |text: &str, word: usize| -> f64 {
        text.split_whitespace().nth(word).and_then(|word| word.parse().ok()).unwrap_or(0.0)
    };
    let mut all = [const { Vec::new() }; 3];
    let mut before = [0.0; 3];
    for round in 0..900 {
        std::thread::park_timeout(Duration::from_millis(50));
        let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let network = fs::read_to_string("/proc/net/dev").unwrap_or_default();
        let first = stat.lines().next().unwrap_or_default().to_owned();
        let total: f64 = (1..9).map(|word| number(&first, word)).sum();
        let received =
            network.lines().skip(2).map(|line| number(line.split(':').nth(1).unwrap_or_default(), 0)).sum();
        let free = memory.lines().nth(2).map_or(0.0, |line| number(line, 1)) * 1_024.0;
        let [idle_before, total_before, received_before] = before;
        before = [number(&first, 4), total, received];
        if round > 0 {
            let share = (before[0] - idle_before) / (total - total_before).max(1.0);
            all[0].push(100.0 - 100.0 * share);
            all[1].push(free);
            all[2].push((received - received_before) * 20.0);
        }
    }
    let [processor, memory, network] = all;
    let one = Resolution::decimals(1).unwrap_or(Resolution::WHOLE);
    let whole = Resolution::WHOLE;
    vec![("processor", one, processor), ("memory", whole, memory), ("network", whole, network)]
}

fn sizes() -> Result<(), HistoryError> {
    println!("bytes a sample at full resolution, and of a bucket of ten seconds (4 h of 1 s)");
    for shape in SHAPES {
        let folder = folder();
        let history = History::open(folder.path(), settings(), START)?;
        let mut sources: Vec<_> = (1..21).map(|seed| Source::new(shape, seed)).collect();
        let mut made = Vec::new();
        for (n, source) in (0_u8..).zip(&sources) {
            made.push(history.register(&[n], source.decimals())?);
        }
        for second in 0..4 * 3_600 + 301 {
            let now = START + second * 1_000;
            if second < 4 * 3_600 {
                for (series, source) in made.iter().zip(&mut sources) {
                    history.push(*series, Sample { at: now, value: source.value() }, now)?;
                }
            }
            if second % 60 == 0 {
                history.commit(now)?;
                history.maintain(now)?;
            }
        }
        let samples = 20.0 * 4.0 * 3_600.0;
        let [full, tens] = [Tier::Full, Tier::TenSeconds].map(|tier| history.tier_bytes(tier) as f64);
        println!("  {shape:?}: {:.2}, {:.2}", full / samples, tens / (samples / 10.0));
    }
    println!("real ones of this machine, 20 a second, kept as if of 1 s");
    for (name, resolution, values) in recorded() {
        let folder = folder();
        let history = History::open(folder.path(), settings(), START)?;
        let series = history.register(b"one", resolution)?;
        let values: Vec<f64> = values.iter().cycle().take(values.len()).copied().collect();
        for (second, value) in (0..).zip(&values) {
            history.push(series, Sample { at: START + second * 1_000, value: *value }, START)?;
        }
        history.commit(START)?;
        history.maintain(START + 2 * HOUR)?;
        println!("  {name}: {:.2}", history.tier_bytes(Tier::Full) as f64 / values.len() as f64);
    }
    Ok(())
}

fn many() -> Result<(), HistoryError> {
    let folder = folder();
    let mut history = History::open(folder.path(), settings(), START)?;
    let mut sources: Vec<_> =
        (0..MANY).map(|n| Source::new(SHAPES[n % SHAPES.len()], n as u64 + 1)).collect();
    let mut made = Vec::new();
    for (n, source) in sources.iter().enumerate() {
        let key = format!("host-{}\0metric.{}\0label-{n}", n / 120, n % 40);
        made.push(history.register(key.as_bytes(), source.decimals())?);
    }
    let (mut spent, mut longest) = (0.0, [Duration::ZERO; 2]);
    let mut batch = Vec::with_capacity(MANY);
    let seconds = 3_600 + 1_200;
    for second in 0..seconds {
        let now = START + second * 1_000;
        batch.clear();
        let values = made.iter().zip(&mut sources);
        batch.extend(values.map(|(series, source)| (*series, Sample { at: now, value: source.value() })));
        let before = cpu();
        history.push_all(&batch, now)?;
        let begun = Instant::now();
        if second % 5 == 0 {
            history.commit(now)?;
            longest[0] = longest[0].max(begun.elapsed());
        }
        let begun = Instant::now();
        if second % 60 == 30 {
            history.maintain(now)?;
            longest[1] = longest[1].max(begun.elapsed());
        }
        spent += cpu() - before;
        if second % 1_200 == 1_199 {
            println!("  after {} s: {:.0} MB resident", second + 1, status("VmRSS:"));
        }
    }
    let samples = MANY as f64 * seconds as f64;
    println!(
        "{MANY} series at 1 s: {:.2} million samples a CPU second, with journal, sealing and tiers",
        samples / spent / 1e6
    );
    println!("  longest commit {:?}, longest upkeep {:?}", longest[0], longest[1]);
    println!(
        "  {:.0} MB resident, {:.0} MB at most; {} MB on disk",
        status("VmRSS:"),
        status("VmHWM:"),
        history.bytes() >> 20
    );
    let now = START + seconds * 1_000;
    let spread: Vec<Series> = made.iter().step_by(40).copied().collect();
    let hours = [("sealed", START), ("the last", now - HOUR)];
    for (name, from) in hours {
        let query = Query {
            series: spread.clone(),
            from,
            to: from + HOUR,
            step: 1_000,
            aggregate: Aggregate::Average,
        };
        timed(&history, &format!("{} series over an hour ({name}) at 1 s", spread.len()), &query)?;
    }
    drop(history);
    let begun = Instant::now();
    history = History::open(folder.path(), settings(), now)?;
    println!("  opened again in {:?}, {} series", begun.elapsed(), history.series_count());
    Ok(())
}

fn year() -> Result<(), HistoryError> {
    let folder = folder();
    let history = History::open(folder.path(), settings(), START)?;
    let mut sources: Vec<_> =
        SHAPES.into_iter().zip(1..).map(|(shape, seed)| Source::new(shape, seed)).collect();
    let mut made = Vec::new();
    for (n, source) in (0_u8..).zip(&sources) {
        made.push(history.register(&[n], source.decimals())?);
    }
    let begun = Instant::now();
    let end = START + 365 * DAY;
    for hour in 0..365 * 24 {
        let at = START + hour * HOUR;
        for tens in 0..360 {
            for (series, source) in made.iter().zip(&mut sources) {
                history.push(*series, Sample { at: at + tens * 10_000, value: source.value() }, at)?;
            }
        }
        history.commit(at + HOUR)?;
        history.maintain(at + HOUR)?;
    }
    println!(
        "a year of 10 s, {} series: made in {:?}, {} MB",
        made.len(),
        begun.elapsed(),
        history.bytes() >> 20
    );
    for tier in Tier::ALL {
        println!("  {tier:?}: {} KB", history.tier_bytes(tier) >> 10);
    }
    for (name, step) in
        [("1 d", DAY), ("1 h", HOUR), ("10 min", 600_000), ("1 min", 60_000), ("10 s", 10_000)]
    {
        let query = Query { series: vec![made[0]], from: START, to: end, step, aggregate: Aggregate::Max };
        timed(&history, &format!("one series over the year at {name}"), &query)?;
    }
    Ok(())
}

/// Asks three times, and prints the shortest.
fn timed(history: &History, name: &str, query: &Query) -> Result<(), HistoryError> {
    let (mut shortest, mut points) = (Duration::MAX, 0);
    for _ in 0..3 {
        let begun = Instant::now();
        let answer = history.query(query)?;
        shortest = shortest.min(begun.elapsed());
        points = answer.series.iter().flat_map(|series| &series.values).flatten().count();
    }
    println!("  {name}: {shortest:?}, {points} points");
    Ok(())
}

fn main() -> Result<(), HistoryError> {
    sizes()?;
    many()?;
    year()
}

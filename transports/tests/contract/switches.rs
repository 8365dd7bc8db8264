//! Ten thousand deaths: a client that is killed at any moment and comes back on any transport, against a model of what
//! was published. `PULSEBOARD_SEED` and `PULSEBOARD_SWITCHES` choose another run; a failure names both.

use std::collections::BTreeMap;

use common::{
    Cursor, Epoch, Seq,
    frame::{GapReason, ServerFrame, Verdict},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use transport_probes::{Ask, Connection};

use crate::world::{Make, World};

/// The entries that `short/*` keeps; see the world's policies.
const SHORT_KEEPS: usize = 5;
/// Clients with worlds of their own, at the same time.
const WALKERS: u64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_and_no_switch_loses_doubles_or_shuffles_anything() {
    let setting = |name, default| std::env::var(name).map_or(default, |text| text.parse().expect("a number"));
    let (seed, switches) = (setting("PULSEBOARD_SEED", 1), setting("PULSEBOARD_SWITCHES", 10_000));
    let walks = (0..WALKERS).map(|walker| {
        tokio::spawn(async move {
            let mut walker = Walker::new(seed * 1000 + walker).await;
            for life in 0..switches / WALKERS {
                walker.live(life).await;
            }
            walker.told
        })
    });
    let mut told = SwitchCounts::default();
    for walk in walks.collect::<Vec<_>>() {
        let one =
            walk.await.unwrap_or_else(|_| panic!("PULSEBOARD_SEED={seed} PULSEBOARD_SWITCHES={switches}"));
        told.pairs.extend(one.pairs);
        for (reason, count) in one.verdicts {
            *told.verdicts.entry(reason).or_default() += count;
        }
    }
    if switches >= 10_000 {
        assert_eq!(
            told.pairs.len(),
            transport_probes::all().len().pow(2),
            "every ordered pair was switched over"
        );
        assert_eq!(told.verdicts.len(), 5, "new, resumed and every kind of gap: {:?}", told.verdicts);
    }
}

#[derive(Default)]
struct SwitchCounts {
    /// From which transport to which.
    pairs: BTreeMap<(usize, usize), u64>,
    verdicts: BTreeMap<&'static str, u64>,
}

struct Walker {
    random: StdRng,
    world: World,
    epoch: u64,
    /// The publications of this epoch, by topic.
    published: BTreeMap<&'static str, Vec<u64>>,
    next_value: u64,
    place: Option<Cursor>,
    on: usize,
    told: SwitchCounts,
    seed: u64,
}

const TOPICS: [&str; 3] = ["log/a", "short/a", "latest/a"];

impl Walker {
    async fn new(seed: u64) -> Self {
        Self {
            random: StdRng::seed_from_u64(seed),
            world: World::start().await,
            epoch: Make::default().epoch,
            published: BTreeMap::new(),
            next_value: 0,
            place: None,
            on: 0,
            told: SwitchCounts::default(),
            seed,
        }
    }

    fn publish(&mut self, how_many: usize) {
        for _ in 0..how_many {
            let topic = TOPICS[self.random.random_range(0..TOPICS.len())];
            let cursor = self.world.publish(topic, &self.next_value.to_string());
            self.next_value += 1;
            self.published.entry(topic).or_default().push(cursor.seq.0);
        }
    }

    /// One connection, from before it opens to its death.
    async fn live(&mut self, life: u64) {
        let away = self.random.random_range(0..12);
        self.publish(away);
        if self.random.random_ratio(1, 50) {
            self.restart().await;
        }
        let since = match self.random.random_range(0..100) {
            0..2 => None,
            2..4 => Some(self.forge()),
            _ => self.place,
        };
        let to = self.random.random_range(0..transport_probes::all().len());
        let expected = self.truth(since);
        let owed = self.owed(since, expected);
        let mut ask = Ask::topics(&TOPICS);
        ask.since = since.map(|cursor| cursor.to_string());
        // A poll that has nothing to say is asked not to wait.
        ask.more = if owed == 0 { "&wait=0" } else { "" };
        let context =
            format!("walker {}, life {life}, to {}", self.seed, transport_probes::all()[to].entry().id);
        let mut client = transport_probes::all()[to]
            .connect(self.world.address, ask)
            .await
            .unwrap_or_else(|refused| panic!("{context}: {} {}", refused.status, refused.body));
        self.hear_out(&mut *client, since, expected, owed, &context).await;
        *self.told.pairs.entry((self.on, to)).or_default() += 1;
        self.on = to;
    }

    async fn hear_out(
        &mut self,
        client: &mut dyn Connection,
        since: Option<Cursor>,
        expected: Option<GapReason>,
        owed: usize,
        context: &str,
    ) {
        let verdict = client.verdict().await;
        let (right, name) = match (since, expected) {
            (None, _) => (Verdict::New, "new"),
            (Some(_), None) => (Verdict::Resumed, "resumed"),
            (Some(_), Some(GapReason::Evicted)) => (Verdict::Gap, "evicted"),
            (Some(_), Some(GapReason::Restarted)) => (Verdict::Gap, "restarted"),
            (Some(_), Some(GapReason::Foreign)) => (Verdict::Gap, "foreign"),
            (Some(_), Some(GapReason::Gone)) => unreachable!("none of these topics is a stream"),
        };
        assert_eq!(verdict, right, "{context}, since {since:?}");
        *self.told.verdicts.entry(name).or_default() += 1;
        let more = self.random.random_range(0..4);
        let mut view = View::new(self, since, expected);
        if since.is_some() || owed > 0 {
            let last_heard = self.random.random_range(0..=owed);
            view.follow(client, last_heard, context).await;
        }
        if view.is_told_all() && more > 0 {
            // And while it lives.
            if since.is_none() {
                view.settle(client, self.world.hub.head()).await;
            }
            let before = self.published.get("log/a").map_or(0, Vec::len);
            self.publish(more);
            let of_log = self.published.get("log/a").map_or(0, Vec::len) - before;
            let last_heard = self.random.random_range(0..=of_log);
            view.sync(self);
            view.follow(client, last_heard, context).await;
        }
        self.place = view.place.or(self.place);
    }

    /// Returns the reason for which a gap would have to be told.
    fn truth(&self, since: Option<Cursor>) -> Option<GapReason> {
        let since = since?;
        match since.epoch.0.cmp(&self.epoch) {
            std::cmp::Ordering::Less => return Some(GapReason::Restarted),
            std::cmp::Ordering::Greater => return Some(GapReason::Foreign),
            std::cmp::Ordering::Equal => {}
        }
        if since.seq > self.world.hub.head().seq {
            return Some(GapReason::Foreign);
        }
        let short = self.published.get("short/a").map_or(&[][..], Vec::as_slice);
        let evicted = short.len().checked_sub(SHORT_KEEPS + 1).map_or(0, |last| short[last]);
        (since.seq.0 < evicted).then_some(GapReason::Evicted)
    }

    fn kept(&self) -> Vec<u64> {
        let all = self.published.get("short/a").map_or(&[][..], Vec::as_slice);
        all[all.len().saturating_sub(SHORT_KEEPS)..].to_vec()
    }

    /// Returns the number of entries of the long log that it is sure to get.
    fn owed(&self, since: Option<Cursor>, gap: Option<GapReason>) -> usize {
        let log = self.published.get("log/a").map_or(&[][..], Vec::as_slice);
        match (since, gap) {
            (None, _) => 0,
            (Some(_), Some(GapReason::Restarted | GapReason::Foreign)) => log.len(),
            (Some(since), _) => log.iter().filter(|&&seq| seq > since.seq.0).count(),
        }
    }

    /// A later life of the log, with nothing in it.
    async fn restart(&mut self) {
        self.epoch += 1;
        self.world = World::make(Make { epoch: self.epoch, ..Make::default() }).await;
        self.published.clear();
        let some = self.random.random_range(0..8);
        self.publish(some);
    }

    /// A place that this log never gave out.
    fn forge(&mut self) -> Cursor {
        let head = self.world.hub.head();
        if self.random.random_bool(0.5) {
            Cursor { seq: Seq(head.seq.0 + self.random.random_range(1..1000)), ..head }
        } else {
            Cursor::new(Epoch(self.epoch + self.random.random_range(1000..2000)), Seq(0))
        }
    }
}

/// The frames that a client may get next, by what was published.
struct View {
    /// Of each topic, what was published and not yet told.
    waiting: BTreeMap<&'static str, Vec<u64>>,
    /// The number of each topic's publications that are in `waiting` or delivered.
    known: BTreeMap<&'static str, usize>,
    gap: Option<GapReason>,
    /// Entries of the short log are said to be gone.
    hole: bool,
    /// The gap of another life was told, and nothing of the short log since.
    all_anew: bool,
    /// The entries that the short log keeps.
    kept: Vec<u64>,
    place: Option<Cursor>,
    last: u64,
}

impl View {
    fn new(walker: &Walker, since: Option<Cursor>, gap: Option<GapReason>) -> Self {
        let from = match (since, gap) {
            (None, _) => walker.world.hub.head().seq.0,
            (Some(_), Some(GapReason::Restarted | GapReason::Foreign)) => 0,
            (Some(since), _) => since.seq.0,
        };
        let mut view = Self {
            waiting: BTreeMap::new(),
            known: BTreeMap::new(),
            gap,
            hole: false,
            all_anew: false,
            kept: Vec::new(),
            place: None,
            last: 0,
        };
        for (&topic, all) in &walker.published {
            let newest = if since.is_none() && topic == "latest/a" { all.last() } else { None };
            let after = all.iter().filter(|&&seq| seq > from || Some(&seq) == newest);
            let mut after: Vec<u64> = after.copied().collect();
            if topic == "short/a" && matches!(gap, Some(GapReason::Restarted | GapReason::Foreign)) {
                // That gap is told for all there ever was: what is gone is not told again.
                after.drain(..after.len().saturating_sub(SHORT_KEEPS));
            }
            view.waiting.insert(topic, after);
            view.known.insert(topic, all.len());
        }
        view.kept = walker.kept();
        view
    }

    /// Takes in what was published since.
    fn sync(&mut self, walker: &Walker) {
        for (&topic, all) in &walker.published {
            let known = self.known.entry(topic).or_default();
            self.waiting.entry(topic).or_default().extend(&all[*known..]);
            *known = all.len();
        }
        self.kept = walker.kept();
    }

    fn is_told_all(&self) -> bool {
        self.waiting.get("log/a").is_none_or(Vec::is_empty)
    }

    /// Reads until so many entries of the long log have come.
    async fn follow(&mut self, client: &mut dyn Connection, mut of_log: usize, context: &str) {
        while of_log > 0 {
            match client.frame().await {
                ServerFrame::Event(event) => {
                    of_log -= usize::from(event.topic.as_str() == "log/a");
                    self.see(event.topic.as_str(), event.cursor, context);
                }
                ServerFrame::Gap { reason: GapReason::Evicted, topics } => {
                    assert_eq!(topics.iter().map(common::Topic::as_str).collect::<Vec<_>>(), ["short/a"]);
                    assert!(!self.hole, "{context}: a gap is told once");
                    self.hole = true;
                }
                ServerFrame::Gap { reason, topics } => {
                    assert_eq!(Some(reason), self.gap.take(), "{context}: a gap is told once, and truly");
                    assert_eq!(topics.len(), TOPICS.len(), "{context}: it touches all of them");
                    self.all_anew = true;
                }
                ServerFrame::Heartbeat { cursor } => self.place = Some(cursor),
                other => panic!("{context}: not {other:?}"),
            }
        }
    }

    /// Waits for the place of a newcomer.
    async fn settle(&mut self, client: &mut dyn Connection, head: Cursor) {
        while self.place.is_none_or(|place| place.seq < head.seq) {
            match client.frame().await {
                ServerFrame::Heartbeat { cursor } => self.place = Some(cursor),
                ServerFrame::Event(event) => self.see(event.topic.as_str(), event.cursor, "a newcomer"),
                other => panic!("not {other:?}"),
            }
        }
    }

    fn see(&mut self, topic: &str, cursor: Cursor, context: &str) {
        let seq = cursor.seq.0;
        assert!(seq > self.last, "{context}: {seq} after {}: the log's order, each once", self.last);
        self.last = seq;
        self.place = Some(cursor);
        let waiting = self.waiting.get_mut(topic).expect("a topic that was published to");
        let at = waiting.iter().position(|&due| due == seq);
        let at = at.unwrap_or_else(|| panic!("{context}: {topic} {seq} is not due: {waiting:?}"));
        let told = topic == "short/a" && std::mem::take(&mut self.hole);
        // Only the newest of `latest` has to come; of a log, every one, but for what a told gap took.
        let missing: Vec<u64> = waiting.drain(..=at).take(at).collect();
        match topic {
            "latest/a" => {}
            // That gap also covers what fell out before the first batch was taken.
            "short/a" if std::mem::take(&mut self.all_anew) => {}
            _ if told => assert!(!missing.is_empty(), "{context}: a gap was told where nothing is missing"),
            _ => assert!(missing.is_empty(), "{context}: {missing:?} of {topic} is missing without a word"),
        }
        let kept = self.kept.iter().any(|seq| missing.contains(seq));
        assert!(topic != "short/a" || !kept, "{context}: {missing:?} of {topic} is still kept");
    }
}

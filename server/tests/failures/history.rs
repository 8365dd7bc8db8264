//! The history of a client, and what must be true of it.

use std::time::Instant;

use common::{
    Cursor,
    frame::{Event, GapReason},
};

use crate::{plan::Log, publications::Ledger};

/// A stretch that begins with a place, and goes on over all connections that go on from it.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub(crate) since: Cursor,
    items: Vec<(Instant, Item)>,
}

#[derive(Debug)]
enum Item {
    Entry {
        log: Log,
        number: u64,
        id: String,
    },
    /// A value of a Latest topic, under its number, with what it was heard over.
    Value {
        topic: String,
        number: u64,
        over: String,
        data: String,
    },
    Gap(GapReason),
    /// All that is kept is told from here on; what is gone is not told again.
    Anew,
}

impl Stretch {
    pub(crate) fn new(since: Cursor) -> Self {
        Self { since, items: Vec::new() }
    }

    /// The stretch of a client that was told all that is kept.
    pub(crate) fn anew(since: Cursor) -> Self {
        Self { since, items: vec![(Instant::now(), Item::Anew)] }
    }

    /// Takes an event in, heard over a transport at a node.
    pub(crate) fn hear(&mut self, event: &Event, over: String) -> Result<(), String> {
        let topic = event.topic.as_str();
        let item = match Log::ALL.into_iter().find(|log| log.topic() == topic) {
            Some(log) => {
                let data: serde_json::Value =
                    serde_json::from_str(event.data.get()).map_err(|error| error.to_string())?;
                let id = data["id"].as_str().ok_or_else(|| format!("{data} is none of ours"))?.to_owned();
                Item::Entry { log, number: event.cursor.seq.0, id }
            }
            None => Item::Value {
                topic: topic.to_owned(),
                number: event.cursor.latest.0,
                over,
                data: event.data.get().to_owned(),
            },
        };
        self.items.push((Instant::now(), item));
        Ok(())
    }

    pub(crate) fn note_gap(&mut self, reason: GapReason) {
        self.items.push((Instant::now(), Item::Gap(reason)));
    }

    pub(crate) fn has_heard(&self, id: &str) -> bool {
        self.items.iter().rev().any(|(_, item)| matches!(item, Item::Entry { id: heard, .. } if heard == id))
    }

    /// Holds what was heard against what was acknowledged.
    pub(crate) fn check(&self, ledger: &Ledger) -> Result<(), String> {
        let mut last = (self.since.seq.0, self.since.latest.0);
        let mut last_value = None;
        for (_, item) in &self.items {
            match item {
                Item::Entry { number, id, .. } => {
                    if *number <= last.0 {
                        return Err(format!("{id} has {number} and comes after {}", last.0));
                    }
                    last.0 = *number;
                }
                Item::Value { topic, number, over, data } => {
                    let value = (number, data, over);
                    if *number <= last.1 {
                        return Err(format!(
                            "{topic} has {value:?} and comes after {}: {last_value:?}",
                            last.1
                        ));
                    }
                    (last.1, last_value) = (*number, Some(value));
                }
                Item::Gap(GapReason::Evicted) | Item::Anew => {}
                Item::Gap(reason) => return Err(format!("{reason:?} is told in the middle")),
            }
        }
        Log::ALL.into_iter().try_for_each(|log| self.check_log(log, ledger))
    }

    fn check_log(&self, log: Log, ledger: &Ledger) -> Result<(), String> {
        let none = std::collections::BTreeMap::new();
        let acknowledged = ledger.acknowledged.get(&log).unwrap_or(&none);
        let (mut before, mut gap_told) = (self.since.seq.0, false);
        for (at, item) in &self.items {
            match item {
                Item::Gap(_) => {
                    let gone = ledger.may_be_gone(*at);
                    if gone <= self.since.seq.0 {
                        return Err(format!(
                            "a gap is told after {before}, and nothing behind {gone} is gone"
                        ));
                    }
                    gap_told = true;
                }
                Item::Anew => gap_told = true,
                Item::Entry { log: of, number, id } if *of == log => {
                    if acknowledged.get(number) != Some(id) {
                        return Err(format!(
                            "{id} is heard as {number}, which was acknowledged as {:?}",
                            acknowledged.get(number)
                        ));
                    }
                    let missing: Vec<_> = acknowledged.range(before + 1..*number).collect();
                    let may_miss = log == Log::Custom && gap_told;
                    let gone = if may_miss { ledger.may_be_gone(*at) } else { 0 };
                    if let Some(lost) = missing.iter().find(|(number, _)| **number > gone) {
                        return Err(format!(
                            "{lost:?} is not told between {before} and {number} of {}",
                            log.topic()
                        ));
                    }
                    (before, gap_told) = (*number, false);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

//! Back up to a better transport. It is tried beside the line there is, which goes on until the better one was welcomed: who
//! reads sees nothing of it, and misses nothing.

use app::ports::Notice;
use common::frame::ServerFrame;
use transports::{browser::ClientEvent, catalog::Entry};

use super::{Action, Engine, Phase};
use crate::engine::upgrade_probe::{SELDOM_MS, UpgradeProbe};

impl Engine {
    /// When the trial wants to be looked at.
    pub(super) fn trial_deadline(&self) -> f64 {
        match self.upgrade_probe.under_way {
            _ if !self.shown || !self.selector.is_second_best() => f64::INFINITY,
            Some((_, since)) => since + self.selector.patience_ms(),
            None => self.upgrade_probe.due_at,
        }
    }

    /// Begins one that is due, or gives up one that takes too long.
    pub(super) fn try_better(&mut self, now: f64) -> Vec<Action> {
        match self.upgrade_probe.under_way {
            Some((entry, _)) => self.next_trial(Some(entry), now),
            None => self.next_trial(None, now),
        }
    }

    fn next_trial(&mut self, last: Option<&'static Entry>, now: f64) -> Vec<Action> {
        if let Some(entry) = self.selector.better(last) {
            self.upgrade_probe.under_way = Some((entry, now));
            return vec![Action::Try(entry, self.topics.present())];
        }
        let upgrade_probe = &mut self.upgrade_probe;
        upgrade_probe.under_way = None;
        upgrade_probe.wait_ms = (2.0 * upgrade_probe.wait_ms).min(SELDOM_MS);
        upgrade_probe.due_at = now + upgrade_probe.wait_ms;
        vec![Action::EndTry]
    }

    /// The line of an [`Action::Try`] reports.
    pub fn tried(&mut self, heard: ClientEvent, now: f64) -> Vec<Action> {
        let Some((entry, _)) = self.upgrade_probe.under_way.filter(|_| self.phase == Phase::Open) else {
            return vec![Action::EndTry];
        };
        match heard {
            ClientEvent::Frame(ServerFrame::Welcome { .. }) => {
                let from = self.selector.current();
                self.selector.go_up(entry);
                self.upgrade_probe = UpgradeProbe::default();
                self.round_trip_ms = None;
                let mut actions = self.open(now);
                actions.push(Action::Tell(Notice::WentUp { from: from.id, to: entry.id }));
                actions
            }
            ClientEvent::Closed(_) => self.next_trial(Some(entry), now),
            _ => vec![],
        }
    }
}

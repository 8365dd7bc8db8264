//! Begins an examination, and begins it anew.

use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{evidence::Evidence, examination::Examination, round::ExaminationRun};
use crate::{live::effect, ports::Browser};

/// A Host that was changed on the path is checked again this often, seconds.
const HOST_AGAIN_S: u32 = 5;

impl Examination {
    /// One that begins when the page is there, and ends with it.
    pub(super) fn of_page(browser: Browser) -> Self {
        let examination = Self::new(browser);
        effect(move || {
            examination.seen.track();
            examination.proxy.track();
            examination.write_report();
        });
        effect(move || {
            examination.fetch();
            let browser = examination.browser.get();
            let ticking = browser.clock.every_second(Box::new(move || examination.tick()));
            // The page's own line is there on every page, and the badge tells how it is.
            let metrics = common::host::HostId::local().metrics_topic();
            let line = browser.messages.watch(metrics, None, Box::new(|_| ()));
            let held = SendWrapper::new((ticking, line));
            on_cleanup(move || drop(held));
        });
        examination
    }

    /// Asks for what examines, again after it did not come.
    pub(super) fn fetch(self) {
        let browser = self.browser.get();
        spawn_local(async move {
            let ports = (browser.laboratory)().await;
            // The page may have been left meanwhile.
            if self.seen.is_gone() {
                return;
            }
            self.missing.set(ports.is_none());
            self.ports.set(ports.map(SendWrapper::new));
            self.begin();
        });
    }

    /// Examines, anew if it has been done.
    pub(super) fn begin(self) {
        let Some(Some(ports)) = self.ports.with(Clone::clone) else { return };
        let ports = ports.take();
        let number = self.number.update(|number| {
            *number += 1;
            *number
        });
        let (Some(number), Ok(probe)) = (number, self.new_probe()) else { return };
        let doctor = ports.doctor();
        let (probing, guard) = doctor.begin();
        self.guard.set(Some(SendWrapper::new(guard)));
        self.probing.set(Some(SendWrapper::new(probing.clone())));
        self.told.set(String::new());
        self.seen.set(Evidence {
            is_secure: doctor.is_secure(),
            host: doctor.host(),
            protocol: ports.protocol(),
            ..Evidence::default()
        });
        self.judge();
        let round = ExaminationRun { all: self, number, ports, probing, probe };
        round.begin();
    }

    fn tick(self) {
        if self.seen.look(|seen| seen.silence.is_none()) == Some(true) {
            self.judge();
        }
        let ticks = self.ticks.update(|ticks| {
            *ticks = ticks.wrapping_add(1);
            *ticks
        });
        let is_changed = self.seen.look(|seen| seen.other_host().is_some()) == Some(true);
        if is_changed && ticks.is_some_and(|ticks| ticks.is_multiple_of(HOST_AGAIN_S)) {
            self.look_at_host();
        }
    }

    /// Examines anew once whoever changed the Host has been told to leave it: only then can the upgrade be seen.
    fn look_at_host(self) {
        let Some(Some(probing)) = self.probing.with(Clone::clone) else { return };
        let (Ok(probe), number) = (self.new_probe(), self.number.with(|number| *number)) else { return };
        spawn_local(async move {
            let Ok(probe_report) = probing.take().probe_report(&probe).await else { return };
            let is_current = self.number.with(|now| *now) == number;
            let is_right = |seen: &Evidence| {
                Evidence { probe_report: Some(probe_report), host: seen.host.clone(), ..Evidence::default() }
                    .other_host()
                    .is_none()
            };
            if is_current && self.seen.look(is_right) == Some(true) {
                self.begin();
            }
        });
    }
}

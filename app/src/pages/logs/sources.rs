//! The sources that are shown, and the names that they have for people.

use common::{host::HostId, logs::LogSource};
use leptos_router::NavigateOptions;

use super::{
    address,
    ask::ask,
    board::LogsBoard,
    entries::{self, SourceChoice},
    plain,
    words::LogsWords,
};
use crate::{first_paint, ports::FetchError};

/// As many digits of a container's id are shown where its name is not known.
const SHORT_ID: usize = 12;
/// As many colours tell sources apart; the names do, in any case.
const COLOURS: usize = 6;

/// Goes to the page's address with other sources.
pub(super) type GoToSources = SendWrapperOfFn;

/// Reads a list.
type ReadChoices = fn(&str) -> Option<Vec<SourceChoice>>;

/// A function of the browser's one thread.
type SendWrapperOfFn = send_wrapper::SendWrapper<std::sync::Arc<dyn Fn(&[LogSource])>>;

/// The way to the page's own address with other sources, from the router that is here.
pub(super) fn go() -> GoToSources {
    let navigate = leptos_router::hooks::use_navigate();
    send_wrapper::SendWrapper::new(std::sync::Arc::new(move |sources: &[LogSource]| {
        let to = [&*first_paint::href("/logs"), &address::query(sources)].concat();
        let options = NavigateOptions { resolve: false, scroll: false, ..NavigateOptions::default() };
        navigate(&to, options);
    }))
}

/// The colour of a source by its place in the request.
pub(super) fn colour(source: u16) -> String {
    (usize::from(source) % COLOURS + 1).to_string()
}

/// Reports that two names are of one source: a container may be named by the beginning of its id.
pub(super) fn is_one(chosen: &LogSource, listed: &LogSource) -> bool {
    match (chosen, listed) {
        (LogSource::Container(chosen), LogSource::Container(listed)) => listed.starts_with(chosen.as_str()),
        _ => chosen == listed,
    }
}

/// The name of a source for people.
pub(super) fn name(source: &LogSource, listed: &[SourceChoice], words: &LogsWords) -> String {
    let known = listed.iter().find(|one| is_one(source, &one.source)).and_then(|one| one.name.as_deref());
    match source {
        LogSource::Container(id) => {
            let short = id.get(..SHORT_ID).unwrap_or(id);
            plain::plain(known.unwrap_or(short)).into_owned()
        }
        LogSource::Journal(None) => words.journal.to_owned(),
        LogSource::Journal(Some(unit)) => unit.clone(),
        LogSource::File(name) => name.clone(),
    }
}

/// The address of the logs of a host.
pub(super) fn logs_address() -> String {
    ["/api/v1/hosts/", &HostId::local().to_string(), "/logs"].concat()
}

impl LogsBoard {
    /// Asks for what can be chosen. A list that does not come leaves the other one.
    pub(super) fn ask_sources(self) {
        let Some(browser) = self.browser() else { return };
        let containers = ["/api/v1/hosts/", &HostId::local().to_string(), "/containers"].concat();
        let lists = [
            (containers, true, entries::containers as ReadChoices),
            (logs_address(), false, entries::others),
        ];
        self.list_failed.set(false);
        for (address, are_containers, read) in lists {
            let then =
                move |answer: Result<String, FetchError>| match answer.ok().and_then(|text| read(&text)) {
                    Some(list) => self.put_choices(list, are_containers),
                    None => self.list_failed.set(true),
                };
            ask(browser.clone(), "GET", address, None, Box::new(then));
        }
    }

    /// Puts a list in the place of the old one: of the containers, or of the others, which stand before them.
    fn put_choices(self, list: Vec<SourceChoice>, are_containers: bool) {
        self.listed.update(|listed| {
            listed.retain(|one| matches!(one.source, LogSource::Container(_)) != are_containers);
            let place = if are_containers { listed.len() } else { 0 };
            listed.splice(place..place, list);
        });
        self.redraw();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn a_container_is_known_by_the_beginning_of_its_id() {
        let words = LogsWords::of(Language::En);
        let id = "0123456789abcdef";
        let listed = [SourceChoice {
            source: LogSource::Container(id.into()),
            name: Some("web\u{202e}".into()),
            runs: true,
        }];
        let of = |source: LogSource| name(&source, &listed, words);
        assert_eq!(of(LogSource::Container(id[..12].into())), "web<U+202E>");
        assert_eq!(of(LogSource::Container("f".repeat(64))), "ffffffffffff");
        assert_eq!(of(LogSource::Journal(None)), words.journal);
        assert_eq!(of(LogSource::Journal(Some("ssh.service".into()))), "ssh.service");
        assert_eq!((colour(0), colour(6), colour(15)), ("1".into(), "1".into(), "4".into()));
    }
}

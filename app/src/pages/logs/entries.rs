//! The lists of sources as the server tells them, as far as this page reads them.

use common::logs::LogSource;

use super::{
    json::{elements, members, read},
    wire::field,
};

/// A source that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceChoice {
    pub(super) source: LogSource,
    /// The name of a container.
    pub(super) name: Option<String>,
    /// True of a container that runs.
    pub(super) runs: bool,
}

/// Reads the list of containers: those that run first, and by name.
pub(super) fn containers(text: &str) -> Option<Vec<SourceChoice>> {
    let list = elements(field(&members(text)?, "containers")?)?;
    let choice = |text: &str| {
        let fields = members(text)?;
        let text = |name| field(&fields, name).map(read);
        Some(SourceChoice {
            source: LogSource::Container(text("id")?),
            name: Some(text("name")?),
            runs: text("state")? == "running",
        })
    };
    let list: Vec<_> = list.into_iter().filter_map(choice).collect();
    let places = crate::order::ascending(list.len(), &|one, other| {
        let key = |place: usize| (!list[place].runs, &list[place].name);
        key(one).cmp(&key(other))
    });
    Some(places.into_iter().map(|place| list[place].clone()).collect())
}

/// Reads the list of the other sources.
pub(super) fn others(text: &str) -> Option<Vec<SourceChoice>> {
    let fields = members(text)?;
    let files = elements(field(&fields, "files")?)?;
    let choice = |source| SourceChoice { source, name: None, runs: false };
    let mut all = Vec::new();
    if field(&fields, "journal")? == "true" {
        all.push(choice(LogSource::Journal(None)));
    }
    all.extend(files.into_iter().map(|file| choice(LogSource::File(read(file)))));
    Some(all)
}

#[cfg(test)]
mod tests {
    use common::{
        container::{ContainerInfo, ContainerList, EngineState, EngineStatus},
        host::HostId,
        logs::LogSourceList,
    };

    use super::*;

    #[test]
    fn both_lists_are_read_as_the_server_writes_them() {
        let one = |name: &str, state: &str| ContainerInfo {
            id: [name, "0123456789ab"].concat(),
            name: name.into(),
            state: state.into(),
            ..ContainerInfo::default()
        };
        let list = ContainerList {
            host: HostId::local(),
            cores: 2,
            engine: EngineStatus { state: EngineState::Connected, since_ms: 1, product: None, why: None },
            cursor: common::Cursor::new(common::Epoch(1), common::Seq(1)),
            containers: vec![one("b", "exited"), one("d", "running"), one("c", "running")],
            hosts: Vec::new(),
        };
        let read = containers(&serde_json::to_string(&list).expect("JSON")).expect("a list");
        let seen: Vec<_> = read.iter().map(|one| (one.name.as_deref(), one.runs)).collect();
        assert_eq!(seen, [(Some("c"), true), (Some("d"), true), (Some("b"), false)]);
        assert_eq!(read[0].source, LogSource::Container("c0123456789ab".into()));

        let list = LogSourceList { host: HostId::local(), journal: true, files: vec!["app.log".into()] };
        let read = others(&serde_json::to_string(&list).expect("JSON")).expect("a list");
        let sources: Vec<_> = read.into_iter().map(|one| one.source).collect();
        assert_eq!(sources, [LogSource::Journal(None), LogSource::File("app.log".into())]);
        assert_eq!((containers("{}"), others("[]")), (None, None));
    }
}

//! The effect of news on the list of containers, and on the past.

use common::{
    Cursor,
    container::{ContainerEvent, ContainerInfo, ContainerList, ContainerNews},
};

/// A line of the past.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TimelineItem {
    Event(Box<ContainerEvent>),
    /// Between these moments some may be missing.
    Unknown {
        from_ms: u64,
        until_ms: u64,
    },
}

impl TimelineItem {
    /// The line for an entry; none for one that only changes the list.
    pub(super) fn of(news: &ContainerNews) -> Option<Self> {
        match news {
            ContainerNews::Event(event) => {
                // The table has it; a line has no use for it.
                Some(Self::Event(Box::new(ContainerEvent { container: None, ..event.clone() })))
            }
            ContainerNews::Unknown { from_ms, until_ms, .. } => {
                Some(Self::Unknown { from_ms: *from_ms, until_ms: *until_ms })
            }
            _ => None,
        }
    }
}

/// Applies an entry to the list, unless the list is newer.
pub(super) fn apply(list: &mut ContainerList, cursor: Cursor, news: ContainerNews) {
    if is_known(list.cursor, cursor) {
        return;
    }
    list.cursor = cursor;
    match news {
        ContainerNews::Event(ContainerEvent { container: Some(container), .. })
        | ContainerNews::Changed { container } => put(list, container),
        ContainerNews::Event(event) if event.id.is_empty() => {}
        ContainerNews::Event(ContainerEvent { id, .. }) | ContainerNews::Gone { id } => {
            list.containers.retain(|known| known.id != id);
        }
        ContainerNews::Engine(engine) => list.engine = engine,
        ContainerNews::Listed | ContainerNews::Unknown { .. } => {}
    }
}

/// Reports that an entry of the log at `cursor` comes no later than another place. Containers' news have the log's main numbering.
pub(super) fn is_known(place: Cursor, cursor: Cursor) -> bool {
    place.epoch == cursor.epoch && cursor.seq <= place.seq
}

fn put(list: &mut ContainerList, container: ContainerInfo) {
    match list.containers.iter_mut().find(|known| known.id == container.id) {
        Some(known) => *known = container,
        None => list.containers.push(container),
    }
}

#[cfg(test)]
mod tests {
    use common::{
        Epoch, Seq,
        container::{EngineState, EngineStatus, Happening},
        host::HostId,
    };

    use super::*;

    fn at(seq: u64) -> Cursor {
        Cursor::new(Epoch(1), Seq(seq))
    }

    fn engine(state: EngineState) -> EngineStatus {
        EngineStatus { state, since_ms: 1, product: None, why: None }
    }

    fn container(id: &str, state: &str) -> ContainerInfo {
        ContainerInfo { id: id.into(), name: id.into(), state: state.into(), ..ContainerInfo::default() }
    }

    fn event(id: &str, container: Option<ContainerInfo>) -> ContainerNews {
        ContainerNews::Event(ContainerEvent {
            at_ms: 5,
            time: "0.005000000".into(),
            id: id.into(),
            name: id.into(),
            image: "bb".into(),
            what: Happening::Started,
            exit_code: None,
            signal: None,
            old_name: None,
            is_late: false,
            container,
        })
    }

    fn list() -> ContainerList {
        ContainerList {
            host: HostId::local(),
            cores: 2,
            engine: engine(EngineState::Connected),
            cursor: at(5),
            containers: vec![container("a", "running"), container("b", "exited")],
            hosts: Vec::new(),
        }
    }

    fn states(list: &ContainerList) -> Vec<(&str, &str)> {
        list.containers.iter().map(|one| (&*one.id, &*one.state)).collect()
    }

    #[test]
    fn news_change_one_container_and_leave_the_others() {
        let mut list = list();
        apply(&mut list, at(6), event("b", Some(container("b", "running"))));
        apply(&mut list, at(7), event("c", Some(container("c", "created"))));
        assert_eq!(states(&list), [("a", "running"), ("b", "running"), ("c", "created")]);
        apply(&mut list, at(8), event("a", None));
        apply(&mut list, at(9), ContainerNews::Gone { id: "c".into() });
        apply(&mut list, at(10), ContainerNews::Changed { container: container("b", "paused") });
        assert_eq!(states(&list), [("b", "paused")]);
        apply(&mut list, at(11), ContainerNews::Engine(engine(EngineState::Away)));
        assert_eq!(list.engine.state, EngineState::Away);
        assert_eq!(states(&list), [("b", "paused")], "what was told of them stays");
    }

    #[test]
    fn what_the_list_has_already_changes_nothing() {
        let mut list = list();
        for seq in [1, 5] {
            apply(&mut list, at(seq), event("a", None));
        }
        assert_eq!(states(&list), [("a", "running"), ("b", "exited")]);
    }

    #[test]
    fn an_image_is_no_container() {
        let mut list = list();
        apply(&mut list, at(6), event("", None));
        assert_eq!(list.containers.len(), 2);
    }

    #[test]
    fn only_what_happened_is_a_line_of_the_past() {
        assert!(TimelineItem::of(&event("a", Some(container("a", "running")))).is_some());
        let unknown = ContainerNews::Unknown { from_ms: 1, until_ms: 9, why: "it was away".into() };
        assert_eq!(TimelineItem::of(&unknown), Some(TimelineItem::Unknown { from_ms: 1, until_ms: 9 }));
        assert_eq!(TimelineItem::of(&ContainerNews::Listed), None);
        assert_eq!(TimelineItem::of(&ContainerNews::Gone { id: "a".into() }), None);
    }
}

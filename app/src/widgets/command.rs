//! The commands of the palette.

use std::sync::Arc;

use super::Icon;
use crate::{i18n::Words, pages::LabDoorWords};

/// The group of a command, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Recent,
    Pages,
    Cards,
    Rooms,
    Actions,
    Lab,
}

impl Group {
    pub(super) fn name(self, words: &'static Words) -> &'static str {
        match self {
            Self::Recent => words.finder.recent,
            Self::Pages => words.pages,
            Self::Cards => words.finder.cards,
            Self::Rooms => words.finder.rooms,
            Self::Actions => words.finder.actions,
            Self::Lab => LabDoorWords::here().lab,
        }
    }
}

/// The action of a command.
#[derive(Clone)]
pub(crate) enum Action {
    /// Goes to an address.
    Go(String),
    Run(Arc<dyn Fn() + Send + Sync>),
}

/// Something to go to or to do.
#[derive(Clone)]
pub(crate) struct Command {
    pub(super) name: String,
    pub(super) group: Group,
    pub(super) icon: Icon,
    /// The key that does the same.
    pub(crate) key: &'static str,
    /// True if it is offered only where it is asked for by name.
    pub(crate) is_rare: bool,
    pub(super) action: Action,
}

/// All that can be done at this moment, group by group.
#[derive(Default)]
pub(crate) struct Commands(pub(super) Vec<Command>);

impl Commands {
    /// Adds the way to an address.
    pub(crate) fn go(&mut self, group: Group, icon: Icon, name: &str, path: String) -> &mut Command {
        self.add(group, icon, name, Action::Go(path))
    }

    /// Adds something to do.
    pub(crate) fn run(
        &mut self,
        group: Group,
        icon: Icon,
        name: &str,
        act: Arc<dyn Fn() + Send + Sync>,
    ) -> &mut Command {
        self.add(group, icon, name, Action::Run(act))
    }

    /// It comes after the others of its group.
    fn add(&mut self, group: Group, icon: Icon, name: &str, action: Action) -> &mut Command {
        let place = self.0.partition_point(|known| known.group <= group);
        let command = Command { name: name.to_owned(), group, icon, key: "", is_rare: false, action };
        self.0.insert(place, command);
        &mut self.0[place]
    }
}

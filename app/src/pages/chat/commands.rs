//! The chat in the palette: its rooms, and the way to open it.

use std::sync::Arc;

use super::{Chat, door_words::ChatDoorWords, words::ChatWords};
use crate::widgets::{Commands, Group, Icon};

/// Opens the panel, in a room or as it was left.
pub(in crate::pages) fn commands(commands: &mut Commands) {
    let chat = Chat::here();
    for (index, (room, _)) in chat.all_rooms().into_iter().enumerate() {
        let name = (ChatWords::here().go_to)(room.as_str());
        commands.run(Group::Rooms, Icon::CHAT, &name, Arc::new(move || chat.show_room(index)));
    }
    if !chat.open.get() {
        let open = Arc::new(move || chat.show(true));
        commands.run(Group::Actions, Icon::CHAT, ChatDoorWords::here().open, open).key = "C";
    }
}

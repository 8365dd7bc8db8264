//! The chunks: each one's name, the file that it comes in, and its contents. Only [`crate::App`] names this list, since it leads to
//! all code there is.

use super::{chunk::Door, side::doors};
use crate::{pages, widgets};

doors! {
    chat in chat: pages::CHAT,
    lab in lab: pages::LAB,
    containers in containers: pages::CONTAINERS,
    logs in logs: pages::LOGS,
    finder in dialogs: widgets::FINDER,
    keys in dialogs: widgets::KEYS,
    exports in later: widgets::EXPORTS,
    popovers in later: widgets::POPOVERS,
    bodies in later: pages::BODIES,
}

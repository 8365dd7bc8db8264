//! The texts there are. Each language fills all of them.

use std::borrow::Cow;

use common::api::Reason;

use super::finder::FinderWords;

/// Every text of the pages in one language.
#[derive(Debug)]
pub struct Words {
    // Frame.
    /// The product.
    pub product: &'static str,
    /// The first link of the page.
    pub skip: &'static str,
    /// The rail, for screen readers.
    pub pages: &'static str,
    /// The top bar, for screen readers.
    pub page_tools: &'static str,
    /// Shown if scripts are off.
    pub no_script: &'static str,

    // Connection.
    /// Status of a card.
    pub not_yet: &'static str,
    /// Status of a card.
    pub connected: &'static str,
    /// Status of a card.
    pub disconnected: &'static str,
    /// Button.
    pub connect: &'static str,
    /// Button.
    pub disconnect: &'static str,
    /// Button of the whole page.
    pub connect_all: &'static str,
    /// Button of the whole page.
    pub disconnect_all: &'static str,
    /// The badge's popover.
    pub connection: &'static str,
    /// Badge.
    pub state_idle: &'static str,
    /// Badge.
    pub state_connecting: &'static str,
    /// Badge.
    pub state_live: &'static str,
    /// Badge.
    pub state_delayed: &'static str,
    /// Badge.
    pub state_stale: &'static str,
    /// Badge.
    pub state_reconnecting: &'static str,
    /// Badge.
    pub state_offline: &'static str,
    /// Badge.
    pub state_stopped: &'static str,
    /// Which wire.
    pub transport: &'static str,
    /// The duration of a ping.
    pub round_trip: &'static str,

    // Notifications.
    /// The button that opens the notifications.
    pub notices: &'static str,
    /// Button.
    pub close: &'static str,

    // Settings of the reader.
    /// As the system.
    pub theme_system: &'static str,
    /// Light.
    pub theme_light: &'static str,
    /// Dark.
    pub theme_dark: &'static str,
    /// Switch.
    pub language: &'static str,

    // Palette and shortcuts.
    /// Opens the palette.
    pub palette: &'static str,
    /// In the empty field.
    pub palette_hint: &'static str,
    /// The dialog.
    pub shortcuts: &'static str,

    // Time.
    /// Choice.
    pub range: &'static str,
    /// One minute, short.
    pub range_1: &'static str,
    /// Five minutes, short.
    pub range_5: &'static str,
    /// An age below two seconds.
    pub just_now: &'static str,
    /// A table's column.
    pub time: &'static str,

    // Charts.
    /// Button and title of the data table.
    pub table: &'static str,
    /// Button that goes back from the table.
    pub chart: &'static str,
    /// In the menu.
    pub save_png: &'static str,
    /// In the menu.
    pub save_csv: &'static str,
    /// For screen readers.
    pub legend: &'static str,
    /// For screen readers, where nothing can be chosen.
    pub legend_plain: &'static str,
    /// A table's column.
    pub value: &'static str,
    /// A table's column.
    pub item: &'static str,
    /// Short.
    pub peak: &'static str,
    /// Absent.
    pub no_value: &'static str,
    /// A level.
    pub warning: &'static str,
    /// A level.
    pub critical: &'static str,
    /// Before a time.
    pub since: &'static str,

    // Cards.
    /// Card.
    pub now: &'static str,
    /// Card.
    pub cpu: &'static str,
    /// Card.
    pub memory: &'static str,
    /// A table's column.
    pub size: &'static str,
    /// A table's column.
    pub free: &'static str,
    /// A table's column.
    pub usage: &'static str,
    /// Of a filesystem to which nothing can be written.
    pub read_only: &'static str,
    /// The number of rows that do not fit into a table.
    pub left_out: fn(u64) -> String,
    /// Card.
    pub processes: &'static str,
    /// A table's column.
    pub pid: &'static str,
    /// A table's column.
    pub user: &'static str,
    /// A table's column.
    pub command: &'static str,
    /// None.
    pub no_metrics: &'static str,

    // Trouble.
    /// For screen readers.
    pub loading: &'static str,
    /// Title.
    pub trouble: &'static str,
    /// Advises the reader.
    pub trouble_hint: &'static str,
    /// A number to quote.
    pub trouble_id: &'static str,
    /// Button.
    pub try_again: &'static str,
    /// Reports the failure.
    pub no_answer: &'static str,
    /// Reports the failure.
    pub unreadable: &'static str,
    /// The trends have a hole.
    pub past_trouble: &'static str,
    /// The link to the reader's own account.
    pub account: &'static str,
    /// The link to the list of hosts.
    pub hosts: &'static str,
    /// Title of the 404 page.
    pub lost: &'static str,
    /// Advises the reader.
    pub lost_hint: &'static str,
    /// Link.
    pub to_overview: &'static str,

    // Rooms of their own.
    /// The palette's answers.
    pub finder: FinderWords,

    // Sentences with something in them.
    /// The age of a value, from a duration.
    pub age: fn(&str) -> String,
    /// The number of unread notices.
    pub unread: fn(usize) -> String,
    /// The meaning of a refusal; follows [`Words::refused`].
    pub refusal: fn(Reason) -> Cow<'static, str>,
    /// A piece of the page did not come.
    pub not_loaded: &'static str,
    /// Reports a refusal: the status of HTTP.
    pub answered: fn(u16) -> String,
    /// Reports a refusal: status, and the server's sentence.
    pub refused_with: fn(u16, &str) -> String,
    /// The theme switch's name, from the theme's.
    pub theme_is: fn(&str) -> String,
    /// Name of a card's menu.
    pub more_of: fn(&str) -> String,
    /// A duration.
    pub milliseconds: fn(u64) -> String,
    /// A duration.
    pub seconds: fn(u64) -> String,
    /// A duration.
    pub minutes: fn(u64) -> String,
    /// A duration.
    pub hours: fn(u64) -> String,
    /// A duration.
    pub days: fn(u64) -> String,
    /// The number of programs.
    pub running: fn(usize) -> String,
    /// A level and how long it has held.
    pub level_for: fn(&str, &str) -> String,
    /// A level that began before anyone looked.
    pub level_over: fn(&str, &str) -> String,
}

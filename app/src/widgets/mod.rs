//! The parts that pages are made of. Each is usable by keyboard alone, says with a word what it says with a colour, and
//! has one file of style beside it in `style/widgets`.

mod badge;
mod card;
mod chart;
mod command;
mod connection;
mod data_table;
mod dialog;
mod dialog_words;
mod dialogs;
mod empty;
mod erased_view;
mod exports;
mod finder;
mod frame;
mod icon;
mod items;
mod legend;
mod menu;
mod menu_state;
mod meter;
mod notices;
mod notifications;
mod overlays;
mod palette;
mod popover_views;
mod popovers;
mod preferences;
mod range;
mod segmented;
mod sent_notices;
mod shortcuts;
mod sidebar;
mod skeleton;
pub(crate) mod spark;
mod switch;
mod toast;
mod toggle_buttons;
mod tools;
mod tooltip;
mod trouble;

pub(crate) use card::Card;
pub(crate) use chart::{ChartBox, Crosshair, time_axis};
pub(crate) use command::{Commands, Group};
pub(crate) use data_table::DataTable;
pub(crate) use dialog::Dialog;
pub(crate) use empty::{empty, left_out};
pub(crate) use erased_view::{
    ElementRef, ErasedView, IntoErasedView, Live, as_rendered, change, click, either, fixed_list, flag, keys,
    list, listen, live, property, text, when,
};
pub(crate) use exports::EXPORTS;
pub(crate) use finder::FINDER;
pub(crate) use frame::Frame;
pub(crate) use icon::{Icon, icon};
pub(crate) use legend::{LegendItem, legend};
pub(crate) use menu::menu;
pub(crate) use meter::{level_word, meter};
pub(crate) use notifications::alarm_row;
pub(crate) use overlays::Overlays;
pub(crate) use popover_views::POPOVERS;
pub(crate) use preferences::{Preferences, TrendRange};
pub(crate) use range::RangeChoice;
pub(crate) use segmented::{Segment, segmented};
pub(crate) use shortcuts::KEYS;
pub(crate) use skeleton::{skeleton, skeleton_below};
pub(crate) use toggle_buttons::ToggleButtons;
pub(crate) use tools::Tools;
pub(crate) use trouble::{past_trouble, trouble_here, trouble_page};

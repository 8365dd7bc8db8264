//! The parts that pages are made of. Each is usable by keyboard alone, says with a word what it says with a colour, and
//! has one file of style beside it in `style/widgets`.

mod badge;
mod bell;
mod card;
mod chart;
mod dialog;
mod dialogs;
mod empty;
mod exports;
mod finder;
mod frame;
mod icon;
mod legend;
mod menu;
mod meter;
mod palette;
mod part;
mod preferences;
mod rail;
mod range;
mod segmented;
mod shortcuts;
mod skeleton;
pub(crate) mod spark;
mod switch;
mod tip;
mod toast;
mod tools;
mod trouble;
mod twin;
mod twins;

pub(crate) use bell::alarm_row;
pub(crate) use card::Card;
pub(crate) use chart::{ChartBox, Crosshair};
pub(crate) use dialog::Dialog;
pub(crate) use dialogs::{FINDER, KEYS};
pub(crate) use empty::{empty, left_out};
pub(crate) use exports::EXPORTS;
pub(crate) use frame::{Frame, Overlays};
pub(crate) use icon::{Icon, icon};
pub(crate) use legend::{LegendItem, legend};
pub(crate) use meter::{level_word, meter, thresholds};
pub(crate) use part::{
    IntoPart, Live, Part, Place, change, click, either, flag, hear, keys, list, live, property, text, when,
};
pub(crate) use preferences::{Preferences, Span};
pub(crate) use range::RangeChoice;
pub(crate) use segmented::{Segment, segmented};
pub(crate) use skeleton::{skeleton, skeleton_below};
pub(crate) use tools::Tools;
pub(crate) use trouble::{past_trouble, trouble_page};
pub(crate) use twin::Twin;
pub(crate) use twins::Twins;

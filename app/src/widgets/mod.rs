//! The parts that pages are made of. Each is usable by keyboard alone, says with a word what it says with a colour, and
//! has one file of style beside it in `style/widgets`.

mod badge;
mod bell;
mod card;
mod chart;
mod dialog;
mod empty;
mod frame;
mod icon;
mod legend;
mod menu;
mod meter;
mod palette;
mod preferences;
mod rail;
mod range;
mod segmented;
mod shortcuts;
mod skeleton;
mod switch;
mod tip;
mod toast;
mod tools;
mod trouble;
mod twin;

pub(crate) use card::{Card, Reading};
pub(crate) use chart::{ChartBox, Crosshair};
pub(crate) use empty::Empty;
pub(crate) use frame::Frame;
pub(crate) use icon::{Icon, icon};
pub(crate) use legend::Legend;
pub(crate) use meter::{Meter, level_word, thresholds};
pub(crate) use preferences::{Preferences, Span};
pub(crate) use segmented::Segmented;
pub(crate) use skeleton::Skeleton;
pub(crate) use tools::Tools;
pub(crate) use trouble::TroubleBox;

//! The transports side by side.

use leptos::prelude::*;

use crate::{
    widgets::{IntoPart, Part},
    words::LabWords,
};

pub(super) fn view() -> Part {
    view! { <p class="lab__intro">{LabWords::here().intro}</p> }.fresh()
}

//! The table below a trend: a row for each value of the panel's label, with a column for each line.

use leptos::prelude::*;

use super::panel_feed::PanelFeed;
use crate::{
    format,
    widgets::{ErasedView, IntoErasedView, list, live},
};

pub(super) fn body(of: PanelFeed) -> ErasedView {
    let unit = of.unit();
    let rows = move || {
        let columns: Vec<_> = (0..of.panel.lines.len()).map(|line| of.instances(line)).collect();
        let row = |(name, _): &(String, f64)| {
            let cell = |column: &Vec<(String, f64)>| {
                let value = column.iter().find(|row| row.0 == *name).map(|row| format::full(row.1, unit));
                view! { <td class="number">{value.unwrap_or_default()}</td> }.patched_fresh()
            };
            view! {
                <tr>
                    <th scope="row" class="table__name" title=name.clone()>{name.clone()}</th>
                    {list(columns.iter().map(cell))}
                </tr>
            }
            .patched_fresh()
        };
        list(columns.first().into_iter().flatten().map(row))
    };
    let heads =
        of.panel.lines.iter().map(|line| view! { <th scope="col">{of.name(line.metric)}</th> }.fresh());
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{of.label()}</th>
                    {list(heads)}
                </tr>
            </thead>
            <tbody>{live(rows)}</tbody>
        </table>
    }
    .fresh()
}

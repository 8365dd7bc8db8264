//! The legends of Explore: a table below each chart, with the values that its script shows under the crosshair.

use charts::overlay_swatch;
use common::{metric::Unit, series_address::SeriesAddress};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    explore_axis::number,
    explore_chart::{ExploreCharts, ExploreGroup, ExploreSeries},
    explore_values::ExploreValues,
    explore_view::ExploreComparison,
    words::{ExploreWords, HistoryWords},
};
use crate::pages::plain_text;

/// The table of a chart. `named` is the id of the heading that names it.
pub(super) fn legend(
    context: &DoorContext,
    charts: &ExploreCharts<'_>,
    group: &ExploreGroup<'_>,
    named: &str,
) -> AnyView {
    let (words, figures) = (ExploreWords::of(context.language), HistoryWords::of(context.language));
    let rows: Vec<_> = group
        .members
        .iter()
        .flat_map(|(place, series)| {
            let now = row(context, charts, (*place, series), &series.values, None);
            let before = series.before.as_ref();
            let before =
                before.map(|(when, values)| row(context, charts, (*place, series), values, Some(*when)));
            std::iter::once(now).chain(before)
        })
        .collect();
    view! {
        <div class="history__numbers" id=[named, "-numbers"].concat() role="group" tabindex="0" aria-labelledby=named.to_owned()>
            <table class="table explore__legend" aria-labelledby=named.to_owned()>
                <thead>
                    <tr>
                        <th scope="col">
                            <span class="sr-only">{words.color}</span>
                        </th>
                        <th scope="col" class="explore__text">
                            {words.metric}
                        </th>
                        <th scope="col" class="explore__text">
                            {words.host}
                        </th>
                        <th scope="col" class="explore__text">
                            {words.label}
                        </th>
                        <th scope="col" data-script="" hidden>
                            {words.at}
                        </th>
                        <th scope="col">{figures.lowest}</th>
                        <th scope="col">{figures.average}</th>
                        <th scope="col">{figures.highest}</th>
                        <th scope="col">{figures.last}</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(
    context: &DoorContext,
    charts: &ExploreCharts<'_>,
    (place, series): (usize, &ExploreSeries),
    values: &ExploreValues,
    before: Option<ExploreComparison>,
) -> AnyView {
    let words = ExploreWords::of(context.language);
    let unit = series.unit();
    let told = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| number(value, unit));
    let title = series.title(context.language);
    let remove = before.is_none().then(|| {
        let name = [words.remove, ": ", &series_name(&series.address, &title)].concat();
        let address = context.href(&charts.view.without(&series.address).address());
        view! {
            <a class="explore__remove" href=address aria-label=name>
                {words.remove}
            </a>
        }
    });
    let before = before.map(|when| [" (", (words.before)(when), ")"].concat());
    view! {
        <tr
            data-values=listed(values.drawn(charts.view.aggregate), unit)
            data-start=values.start.to_string()
            data-pace=values.pace(charts.step).to_string()
        >
            <td inner_html=overlay_swatch(place, before.is_some())></td>
            <th scope="row" class="explore__text">
                <bdi>{plain_text(&title).into_owned()}</bdi>
                {before}
            </th>
            <td class="explore__text">
                <bdi>{series.address.host.to_string()}</bdi>
            </td>
            <td class="explore__text explore__label">
                <bdi>{labels(&series.address)}</bdi>
            </td>
            <td class="number" data-at="" data-script="" hidden></td>
            <td class="number">{told(extreme(&values.low, f64::min))}</td>
            <td class="number">{told(mean(&values.average))}</td>
            <td class="number">{told(extreme(&values.high, f64::max))}</td>
            <td class="number">{told(values.last.iter().rev().find_map(|value| *value))}</td>
            <td>{remove}</td>
        </tr>
    }
    .into_any()
}

/// The values of each step as people read them, for the crosshair.
fn listed(values: &[Option<f64>], unit: Unit) -> String {
    let told = |value: &Option<f64>| value.map(|value| number(value, unit)).unwrap_or_default();
    values.iter().map(told).collect::<Vec<_>>().join("|")
}

/// The values of a series' labels as text.
pub(super) fn labels(series: &SeriesAddress) -> String {
    plain_text(&series.key.labels().join(" · ")).into_owned()
}

/// A series in a few words.
pub(super) fn series_name(series: &SeriesAddress, title: &str) -> String {
    let labels = labels(series);
    let labels = if labels.is_empty() { labels } else { [" · ", &labels].concat() };
    [series.host.as_str(), " · ", &plain_text(title), &labels].concat()
}

/// The mean of the steps that have one.
fn mean(values: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    // The sum of the largest numbers would have no end.
    (!known.is_empty()).then(|| known.iter().map(|value| value / known.len() as f64).sum())
}

fn extreme(values: &[Option<f64>], of: fn(f64, f64) -> f64) -> Option<f64> {
    values.iter().flatten().copied().reduce(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_in_no_figure_and_keep_their_place_in_the_list() {
        let average = vec![Some(1.0), None, Some(3.0)];
        assert_eq!((mean(&average), mean(&[None])), (Some(2.0), None));
        assert_eq!(extreme(&[Some(4.0), None, Some(-1.0)], f64::min), Some(-1.0));
        assert_eq!(listed(&average, Unit::Percent), "1%||3%");
    }

    #[test]
    fn a_series_is_named_by_host_title_and_labels() {
        let series = "web-1:disk.read:/dev/sda%3A1:x".parse().expect("a series");
        assert_eq!(series_name(&series, "Read"), "web-1 · Read · /dev/sda:1 · x");
    }
}

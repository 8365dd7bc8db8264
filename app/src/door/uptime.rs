//! The uptime of a probe: spans, a bar of days, and its days in words.

use common::uptime::{ProbeUptime, UptimeStretch};
use leptos::prelude::*;

use super::{context::DoorContext, words::UptimeWords};
use crate::{format, i18n::Words, pages::plain_text};

/// The room for a day in the bar.
const DAY: usize = 6;
/// The height of the bar.
const HEIGHT: f64 = 24.0;
/// Less than this is not told to be unknown, milliseconds: a probe is asked from time to time.
const SHORT: u64 = 60_000;

/// The spans and the bar, for the row of a probe. `days` is the address of its days.
pub(super) fn uptime(context: &DoorContext, uptime: &ProbeUptime, name: &str, days: &str) -> AnyView {
    let words = UptimeWords::of(context.language);
    let spans: Vec<_> = ProbeUptime::SPAN_HOURS
        .iter()
        .zip(&uptime.spans)
        .map(|(hours, span)| {
            let unknown = span.percent().filter(|_| span.unknown_ms() >= SHORT);
            let unknown = unknown.map(|_| {
                let length = format::duration(span.unknown_ms(), Words::of(context.language));
                view! { <span class="uptime__unknown">{(words.unknown_for)(&length)}</span> }
            });
            view! {
                <div class="row__fact">
                    <dt>{(words.span)(*hours)}</dt>
                    <dd>{percent(words, span)} " " {unknown}</dd>
                </div>
            }
        })
        .collect();
    view! {
        <div class="uptime">
            <dl class="row__facts">{spans}</dl>
            {bar(words, &uptime.days)}
            <a class="uptime__days" href=context.href(days) aria-label=[words.by_day, ": ", name].concat()>
                {words.by_day}
            </a>
        </div>
    }
    .into_any()
}

/// The days of a probe in a table, the newest first.
pub(super) fn days(context: &DoorContext, name: &str, uptime: &ProbeUptime) -> AnyView {
    let words = UptimeWords::of(context.language);
    let page = Words::of(context.language);
    let length = |ms: u64| if ms == 0 { String::new() } else { format::long_duration(ms, page) };
    let rows: Vec<_> = uptime
        .days
        .iter()
        .rev()
        .map(|day| {
            view! {
                <tr>
                    <th scope="row" class="number">
                        {format::date(day.from_ms, 0)}
                    </th>
                    <td>{percent(words, day)}</td>
                    <td>{length(day.down_ms)}</td>
                    <td>{length(day.unknown_ms())}</td>
                </tr>
            }
        })
        .collect();
    let title = (words.days_of)(&plain_text(name));
    view! {
        <section class="card door__section" id="days" aria-labelledby="days-title">
            <h2 id="days-title">{title}</h2>
            <p class="door__lead">{words.hint}</p>
            <div class="uptime__table" role="group" tabindex="0" aria-labelledby="days-title">
                <table class="table" aria-labelledby="days-title">
                    <thead>
                        <tr>
                            <th scope="col">{words.day}</th>
                            <th scope="col">{words.uptime}</th>
                            <th scope="col">{words.down}</th>
                            <th scope="col">{words.unknown}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn percent(words: &UptimeWords, stretch: &UptimeStretch) -> String {
    match stretch.percent() {
        Some(percent) if percent >= 100.0 => "100 %".to_owned(),
        Some(percent) => [&format::fixed(percent, 2), " %"].concat(),
        None => words.no_data.to_owned(),
    }
}

/// A bar for each day: whole where it was up, filled from below by the share of an outage, and low where nothing is known. Forms say what
/// colours do.
fn bar(words: &UptimeWords, days: &[UptimeStretch]) -> AnyView {
    let [mut up, mut down, mut unknown] = [(); 3].map(|()| String::new());
    let [mut outages, mut gaps] = [0; 2];
    for (place, day) in days.iter().enumerate() {
        let x = place * DAY;
        let bar = |top: f64, bottom: f64| {
            ["M", &x.to_string(), " ", &format!("{top:.1}"), "h4V", &format!("{bottom:.1}"), "h-4z"].concat()
        };
        if day.percent().is_none() {
            gaps += 1;
            unknown += &bar(HEIGHT - 5.0, HEIGHT);
        } else if day.down_ms == 0 {
            up += &bar(0.0, HEIGHT);
        } else {
            outages += 1;
            let share = day.down_ms as f64 / (day.up_ms + day.down_ms) as f64;
            // A short outage is seen, too; between both there is a line.
            let edge = (HEIGHT * (1.0 - share)).clamp(0.0, HEIGHT - 6.0);
            down += &bar(edge, HEIGHT);
            if edge > 2.0 {
                up += &bar(0.0, edge - 1.5);
            }
        }
    }
    let view_box = ["0 0 ", &(days.len() * DAY).to_string(), " 24"].concat();
    let name = (words.bar)(days.len(), outages, gaps);
    view! {
        <svg class="probe__strip" viewBox=view_box role="img" aria-label=name preserveAspectRatio="xMinYMid meet">
            <path class="probe__bar" data-level="none" d=up />
            <path class="probe__bar" data-level="crit" d=down />
            <path class="probe__bar" data-level="off" d=unknown />
        </svg>
    }
    .into_any()
}

//! The query of a dashboard's page: whatever of it makes sense.

use app::door::{DashboardMode, DashboardView, HISTORY_SPANS};

/// The zones that there are, minutes east of UTC.
const ZONES: std::ops::RangeInclusive<i32> = -14 * 60..=14 * 60;
/// The shortest and the longest turn of a dashboard on a wall, seconds.
const SECONDS: std::ops::RangeInclusive<u64> = 5..=86_400;
/// The usual turn.
const USUAL: u64 = 30;
/// The most dashboards that an address names.
const MOST: usize = store::DASHBOARDS;

/// Reads the query of the page of a dashboard.
pub(super) fn read(id: u64, query: &str) -> DashboardView {
    let mut view = DashboardView::look(id);
    let (mut is_wall, mut is_edit, mut seconds, mut of) = (false, false, None, Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "span" => view.span = HISTORY_SPANS.into_iter().find(|span| span.name == value),
            "zone" => view.zone = value.parse().ok().filter(|zone| ZONES.contains(zone)).unwrap_or(0),
            "full" => is_wall = value == "1",
            "edit" => is_edit = value == "1",
            "rotate" => {
                seconds = Some(
                    value
                        .parse()
                        .map_or(USUAL, |seconds: u64| seconds.clamp(*SECONDS.start(), *SECONDS.end())),
                );
            }
            "of" if of.len() < MOST => {
                of.extend(value.parse().ok().filter(|id: &u64| !of.contains(id)));
            }
            _ => {}
        }
    }
    view.mode = match (is_wall || seconds.is_some(), is_edit) {
        (true, _) => DashboardMode::Wall { seconds, of },
        (false, true) => DashboardMode::Edit,
        (false, false) => DashboardMode::Look,
    };
    view
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for query in
            ["", "edit=1", "span=6h&full=1&rotate=45&of=7&of=2&zone=-210", "full=1", "span=1y&zone=540"]
        {
            let view = read(7, query);
            let again = view.address();
            let again = again.split_once('?').map_or("", |(_, query)| query);
            assert_eq!(again, query);
        }
    }

    #[test]
    fn what_makes_no_sense_is_passed_over() {
        assert_eq!(read(1, "span=2h&zone=99999&zone=x&edit=yes&full=&of=x&%ff"), DashboardView::look(1));
        for (text, expected) in [("0", 5), ("x", 30), ("", 30), ("99999999", 86_400)] {
            let DashboardMode::Wall { seconds, .. } = read(1, &format!("rotate={text}")).mode else {
                panic!("{text} is a wall");
            };
            assert_eq!(seconds, Some(expected), "{text}");
        }
    }
}

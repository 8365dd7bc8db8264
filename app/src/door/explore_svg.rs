//! The charts of Explore as one picture that needs no page around it: light, with the names of its lines.

use charts::{Color, Theme, overlay_svg, overlay_swatch};

use super::{
    context::DoorContext,
    explore::{ExplorePage, group_title},
    explore_axis::{moment, zone_name},
    explore_chart::ExploreCharts,
    explore_legend::series_name,
    words::ExploreWords,
};

const WIDTH: u32 = 1_000;
const HEIGHT: u32 = 280;
const MARGIN: u32 = 16;
const ROW: u32 = 20;

/// The picture.
#[must_use]
pub fn explore_svg(context: &DoorContext, page: &ExplorePage) -> String {
    let words = ExploreWords::of(context.language);
    let charts = ExploreCharts::new(&page.view, page.step, &page.series);
    let range = page.view.range;
    let [from, to] = [range.from, range.to].map(|at| moment(at, page.view.zone, range.to - range.from));
    let mut content = String::new();
    let mut y = MARGIN + ROW;
    content.push_str(&text(
        MARGIN,
        y - ROW / 4,
        &[&from, " – ", &to, " ", &zone_name(page.view.zone)].concat(),
    ));
    for (group, chart) in charts.groups.iter().zip(charts.drawn(WIDTH)) {
        y += ROW;
        let title = group_title(context, group);
        content.push_str(&["<g font-weight=\"600\">", &text(MARGIN, y, &title), "</g>"].concat());
        y += ROW / 2;
        content.push_str(&moved(MARGIN, y, &overlay_svg(&chart, WIDTH, HEIGHT)));
        y += HEIGHT + ROW / 2;
        for (number, series) in &group.members {
            let name = series_name(&series.address, &series.title(context.language));
            let before = series
                .before
                .as_ref()
                .map(|(when, _)| (true, [&name, " (", (words.before)(*when), ")"].concat()));
            for (is_faint, name) in std::iter::once((false, name.clone())).chain(before) {
                content.push_str(&moved(MARGIN, y, &overlay_swatch(*number, is_faint)));
                content.push_str(&text(MARGIN + 36, y + 10, &name));
                y += ROW;
            }
        }
    }
    let (width, height) = (WIDTH + 2 * MARGIN, y + MARGIN);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="system-ui, sans-serif" font-size="12"><style>{}</style><rect width="{width}" height="{height}" fill="#ffffff"/>{content}</svg>"##,
        style(&Theme::light())
    )
}

/// The colours of the classes in a chart, which a page gives by its stylesheet.
fn style(theme: &Theme) -> String {
    let hex = |Color(red, green, blue): Color| format!("#{red:02x}{green:02x}{blue:02x}");
    let mut style = format!(".ch-m{{fill:{}}}.ch-g{{fill:{}}}", hex(theme.muted), hex(theme.grid));
    for (place, color) in theme.series.into_iter().enumerate() {
        let (number, color) = (place + 1, hex(color));
        style.push_str(&format!(".ch-c{number}{{fill:{color}}}.ch-s{number}{{stroke:{color}}}"));
    }
    style
}

fn moved(x: u32, y: u32, inner: &str) -> String {
    format!(r#"<g transform="translate({x} {y})">{inner}</g>"#)
}

/// A line of text. It comes from outside: it stays text, and has no character that XML has no place for.
fn text(x: u32, y: u32, text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|letter| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}'))
        .collect();
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(r##"<text x="{x}" y="{y}" fill="#0f172a">{text}</text>"##)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_outside_stay_text() {
        let told = text(1, 2, "a<b>&\u{0}\u{b}c");
        assert_eq!(told, r##"<text x="1" y="2" fill="#0f172a">a&lt;b&gt;&amp;c</text>"##);
        assert!(style(&Theme::light()).contains(".ch-s6{stroke:#46546a}"));
    }
}

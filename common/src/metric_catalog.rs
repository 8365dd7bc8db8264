//! The catalog of metrics and panels, and its form in a page.
//!
//! The page's form is text, a line for each metric and panel, with tabs between its fields: every text of the catalog is then a slice
//! of the one that the document holds, and reading it costs the page a third of what a JSON reader of these types would.

use crate::{
    metric::{Label, LocalizedText, Metric, MetricKind, MetricThresholds, Thresholds, Unit},
    panel::{Axis, Panel, PanelLine, PanelView, Tier},
};

/// All metrics that may be measured, and the panels that show them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MetricCatalog {
    /// The metrics.
    pub metrics: &'static [Metric],
    /// The panels, in the order of their places.
    pub panels: &'static [Panel],
}

impl MetricCatalog {
    /// The ids of the metrics whose last minutes panels of a tier draw, each once.
    #[must_use]
    pub fn trends(&self, tier: Tier) -> Vec<&'static str> {
        let mut ids = Vec::new();
        for panel in self.panels {
            if panel.tier == tier && panel.view == PanelView::Trend {
                for line in panel.lines {
                    if !ids.contains(&line.metric.id) {
                        ids.push(line.metric.id);
                    }
                }
            }
        }
        ids
    }

    /// Reads the form in a page. A line that is not understood, as of a newer server, is left out. The catalog is kept for as long as
    /// the process lives: there is one for each page, and one for each server.
    #[must_use]
    pub fn from_text(text: &'static str) -> Self {
        let lines = |mark: &'static str| text.lines().filter_map(move |line| line.strip_prefix(mark));
        let metrics: &[Metric] = lines("m\t").filter_map(read_metric).collect::<Vec<_>>().leak();
        let panels = lines("p\t").filter_map(|line| read_panel(line, metrics));
        Self { metrics, panels: panels.collect::<Vec<_>>().leak() }
    }
}

/// The form of a catalog in a page.
#[must_use]
pub fn catalog_text(metrics: &[Metric], panels: &[Panel]) -> String {
    let mut text = String::new();
    for metric in metrics {
        write_metric(&mut text, metric);
    }
    for panel in panels {
        write_panel(&mut text, panel);
    }
    text
}

fn write_metric(to: &mut String, metric: &Metric) {
    let Metric { id, unit, kind, name, labels, thresholds } = metric;
    let mut fields = vec!["m".to_owned(), (*id).to_owned()];
    fields.push(Unit::ALL.iter().position(|one| one == unit).unwrap_or_default().to_string());
    fields.push(u8::from(*kind == MetricKind::Rate).to_string());
    fields.extend([name.en, name.ko].map(str::to_owned));
    fields.push(match thresholds {
        Some(MetricThresholds { at, per_core }) => {
            format!("{} {} {}", at.warn, at.critical, u8::from(*per_core))
        }
        None => String::new(),
    });
    for label in *labels {
        fields.extend([label.id, label.name.en, label.name.ko].map(str::to_owned));
    }
    write_line(to, &fields);
}

fn read_metric(line: &'static str) -> Option<Metric> {
    let fields = fields(line);
    let [id, unit, rate, en, ko, at, labels @ ..] = &fields[..] else { return None };
    let label = |label: &[&'static str]| Label { id: label[0], name: text(label[1], label[2]) };
    Some(Metric {
        id,
        unit: *Unit::ALL.get(number(unit))?,
        kind: if *rate == "1" { MetricKind::Rate } else { MetricKind::Gauge },
        name: text(en, ko),
        labels: labels.chunks_exact(3).map(label).collect::<Vec<_>>().leak(),
        thresholds: thresholds(at),
    })
}

fn thresholds(text: &str) -> Option<MetricThresholds> {
    let mut parts = text.split(' ');
    let mut number = || serde_json::from_str(parts.next()?).ok();
    let at = Thresholds { warn: number()?, critical: number()? };
    Some(MetricThresholds { at, per_core: parts.next()? == "1" })
}

fn write_panel(to: &mut String, panel: &Panel) {
    let Panel { id, title, view, place, tier, lines, axis, tile, hint, empty, judged_by, share_of } = panel;
    let (axis_is_fixed, axis) = match axis {
        Axis::To(end) => (1, end),
        Axis::AtLeast(end) => (0, end),
    };
    let mut fields = vec!["p".to_owned(), (*id).to_owned(), title.en.to_owned(), title.ko.to_owned()];
    let view = PanelView::ALL.iter().position(|one| one == view).unwrap_or_default();
    let flags = [u8::from(*tier == Tier::Fast), u8::from(*tile), axis_is_fixed];
    fields.extend([view.to_string(), place.to_string()]);
    fields.push(flags.map(|flag| flag.to_string()).concat());
    fields.push(axis.to_string());
    fields.extend([hint.en, hint.ko, empty.en, empty.ko].map(str::to_owned));
    fields.push(judged_by.map_or("", |metric| metric.id).to_owned());
    fields.push(share_of.iter().map(|metric| metric.id).collect::<Vec<_>>().join(" "));
    for line in *lines {
        fields.push([line.metric.id, &line.color.to_string(), &u8::from(line.down).to_string()].join(" "));
    }
    write_line(to, &fields);
}

fn read_panel(line: &'static str, metrics: &'static [Metric]) -> Option<Panel> {
    let find = |id: &str| metrics.iter().find(|metric| metric.id == id);
    let fields = fields(line);
    let [
        id,
        en,
        ko,
        view,
        place,
        flags,
        end,
        hint,
        hint_ko,
        empty,
        empty_ko,
        judged_by,
        share_of,
        lines @ ..,
    ] = &fields[..]
    else {
        return None;
    };
    let is = |flag: usize| flags.as_bytes().get(flag) == Some(&b'1');
    let end = serde_json::from_str(end).ok()?;
    let line = |field: &&'static str| {
        let mut parts = field.split(' ');
        let metric = find(parts.next()?)?;
        Some(PanelLine { metric, color: number(parts.next()?), down: parts.next()? == "1" })
    };
    Some(Panel {
        id,
        title: text(en, ko),
        view: *PanelView::ALL.get(number(view))?,
        place: number(place) as u32,
        tier: if is(0) { Tier::Fast } else { Tier::Slow },
        lines: lines.iter().map(line).collect::<Option<Vec<_>>>()?.leak(),
        axis: if is(2) { Axis::To(end) } else { Axis::AtLeast(end) },
        tile: is(1),
        hint: text(hint, hint_ko),
        empty: text(empty, empty_ko),
        judged_by: find(judged_by),
        share_of: share_of.split(' ').filter_map(find).collect::<Vec<_>>().leak(),
    })
}

fn fields(line: &'static str) -> Vec<&'static str> {
    line.split('\t').collect()
}

/// A tab or a line's end inside of a field becomes a space: they separate fields and lines.
fn write_line(to: &mut String, fields: &[String]) {
    let clean = |field: &String| field.replace(['\t', '\n', '\r'], " ");
    to.push_str(&fields.iter().map(clean).collect::<Vec<_>>().join("\t"));
    to.push('\n');
}

fn text(en: &'static str, ko: &'static str) -> LocalizedText {
    LocalizedText { en, ko }
}

/// A small number; what is none is too large for every list.
fn number(text: &str) -> usize {
    text.parse().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD: Metric =
        Metric::gauge("load.1", Unit::Count, LocalizedText::new("Load", "부하")).judged_per_core(1.0, 2.5);
    const READ: Metric = Metric::rate("disk.read", Unit::BytesPerSecond, LocalizedText::new("Read", "읽기"))
        .by(&[Label { id: "device", name: LocalizedText::new("Device", "장치") }]);
    const METRICS: &[Metric] = &[LOAD, READ];
    const PANELS: &[Panel] = &[
        Panel::new(
            PanelView::Fact,
            "load",
            5,
            LocalizedText::new("Load", "부하"),
            &[PanelLine::of(&LOAD, 0)],
        ),
        Panel {
            tile: true,
            tier: Tier::Fast,
            axis: Axis::To(100.0),
            hint: LocalizedText::new("hint", "설명"),
            judged_by: Some(&LOAD),
            share_of: &[&READ, &LOAD],
            ..Panel::trend(
                "disk-io",
                7,
                LocalizedText::new("Disk", "디스크"),
                &[PanelLine::of(&READ, 2), PanelLine::of(&READ, 3).down()],
            )
        },
    ];

    #[test]
    fn a_catalog_comes_back_from_the_page_as_it_was() {
        let catalog = MetricCatalog { metrics: METRICS, panels: PANELS };
        assert_eq!(MetricCatalog::from_text(catalog_text(METRICS, PANELS).leak()), catalog);
        assert_eq!(catalog.trends(Tier::Fast), ["disk.read"]);
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let catalog = MetricCatalog { metrics: METRICS, panels: PANELS };
        let text = catalog_text(METRICS, PANELS) + "m\tnew\t99\t0\tNew\t새\t\nx\ty\n\np\tcut";
        assert_eq!(MetricCatalog::from_text(text.leak()), catalog);
        assert_eq!(MetricCatalog::from_text(""), MetricCatalog::default());
    }
}

//! The catalog of this server: what its collectors declare, with the thresholds of its settings.

use std::collections::BTreeMap;

use collect::{metrics, panels};
use common::{
    metric::{Metric, MetricThresholds, Thresholds},
    metric_catalog::{MetricCatalog, catalog_text},
};
use serde::{Deserialize, Serialize};

/// The section `thresholds`, by the id of the metric.
pub(crate) type ThresholdSettings = BTreeMap<String, ThresholdSetting>;

/// The thresholds of one metric as someone has set them; what is absent keeps its default.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThresholdSetting {
    /// From this value on it is a warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warn: Option<f64>,
    /// From this value on it is critical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<f64>,
}

impl ThresholdSetting {
    fn over(self, default: Thresholds) -> Thresholds {
        Thresholds {
            warn: self.warn.unwrap_or(default.warn),
            critical: self.critical.unwrap_or(default.critical),
        }
    }
}

/// Thresholds that cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("thresholds.\"{metric}\": {rule}")]
pub struct BadThresholds {
    metric: String,
    rule: String,
}

/// Puts the catalog together; called once at start. It is kept for as long as the process lives, and is read from the text that pages
/// hold: server and browser then read one catalog.
pub(super) fn served(settings: &ThresholdSettings) -> &'static MetricCatalog {
    let with_settings = |metric: &Metric| {
        let setting = settings.get(metric.id).copied().unwrap_or_default();
        let set = |old: MetricThresholds| MetricThresholds { at: setting.over(old.at), ..old };
        Metric { thresholds: metric.thresholds.map(set), ..*metric }
    };
    let metrics: Vec<Metric> = metrics().map(with_settings).collect();
    Box::leak(Box::new(MetricCatalog::from_text(catalog_text(&metrics, &panels()).leak())))
}

/// Checks thresholds that someone has set.
///
/// # Errors
/// The first one that belongs to no metric, is out of its range, or warns later than it is critical.
pub(crate) fn check_thresholds(settings: &ThresholdSettings) -> Result<(), BadThresholds> {
    let judged = || metrics().filter_map(|metric| Some((metric, metric.thresholds?.at)));
    for (id, setting) in settings {
        let bad = |rule: String| Err(BadThresholds { metric: id.clone(), rule });
        let Some((metric, default)) = judged().find(|(metric, _)| metric.id == id) else {
            let known: Vec<&str> = judged().map(|(metric, _)| metric.id).collect();
            return bad(format!("no metric of this name has thresholds; these have: {}", known.join(", ")));
        };
        let Thresholds { warn, critical } = setting.over(default);
        let largest = metric.largest_threshold();
        for (name, value) in [("warn", warn), ("critical", critical)] {
            if !(value > 0.0 && value <= largest) {
                return bad(format!("{name} is {value}: it must be above 0 and at most {largest}"));
            }
        }
        if warn > critical {
            return bad(format!("warn is {warn} and critical {critical}: warn must be at most critical"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use common::panel::Tier;

    use super::*;

    fn setting(id: &str, warn: f64, critical: f64) -> ThresholdSettings {
        [(id.to_owned(), ThresholdSetting { warn: Some(warn), critical: Some(critical) })].into()
    }

    #[test]
    fn what_collectors_declare_is_what_pages_read() {
        let catalog = served(&BTreeMap::new());
        let declared: Vec<Metric> = metrics().copied().collect();
        assert_eq!(catalog.metrics, declared);
        assert_eq!(catalog.panels, panels());
        assert!(catalog.trends(Tier::Fast).contains(&"cpu.total"));
        assert!(catalog.trends(Tier::Slow).contains(&"network.sent"));
    }

    #[test]
    fn the_tests_of_the_pages_read_the_catalog_of_this_server() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../app/tests/catalog.txt");
        let declared: Vec<Metric> = metrics().copied().collect();
        let text = catalog_text(&declared, &panels());
        if std::env::var_os("RENEW_CATALOG").is_some() {
            std::fs::write(file, &text).expect("the file is written");
        }
        let kept = std::fs::read_to_string(file).expect("the file");
        assert_eq!(kept, text, "RENEW_CATALOG=1 cargo test -p server --lib renews it");
    }

    #[test]
    fn thresholds_of_the_settings_are_those_of_the_metric_and_of_what_is_judged_by_it() {
        let catalog = served(&setting("disk.percent", 50.0, 60.5));
        let warn = |id: &str| {
            let panel = catalog.panels.iter().find(|panel| panel.id == id).expect(id);
            panel.thresholds(4).expect(id).warn
        };
        assert_eq!(["disk", "filesystems", "cpu", "load"].map(warn), [50.0, 50.0, 80.0, 4.0]);
    }

    #[test]
    fn one_of_two_may_be_set_and_is_held_against_the_default_of_the_other() {
        let warn = |warn| {
            let setting = ThresholdSetting { warn: Some(warn), critical: None };
            check_thresholds(&[("memory.percent".to_owned(), setting)].into())
        };
        assert_eq!(warn(89.5), Ok(()));
        assert!(warn(95.0).expect_err("above critical").to_string().contains("warn is 95 and critical 90"));
    }

    #[test]
    fn the_document_lists_every_threshold_with_its_default() {
        let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
        let text = std::fs::read_to_string(document).expect("the document");
        for metric in metrics() {
            let row = text.lines().find(|line| line.starts_with(&format!("| `{}` |", metric.id)));
            let told =
                row.map(|row| row.split('|').skip(2).take(2).map(str::trim).collect::<Vec<_>>().join(" "));
            let at = metric.thresholds.map(|thresholds| thresholds.at);
            assert_eq!(told, at.map(|at| format!("{} {}", at.warn, at.critical)), "{}", metric.id);
        }
    }

    #[test]
    fn thresholds_that_make_no_sense_are_refused_with_the_reason() {
        assert_eq!(check_thresholds(&BTreeMap::new()), Ok(()));
        assert_eq!(check_thresholds(&setting("load.1", 4.0, 4.0)), Ok(()));
        for (id, warn, critical, why) in [
            ("cpu.totel", 80.0, 90.0, "these have: cpu.total, memory.percent, disk.percent, load.1"),
            ("uptime", 80.0, 90.0, "no metric of this name has thresholds"),
            ("cpu.total", 95.0, 90.0, "warn is 95 and critical 90"),
            ("cpu.total", 80.0, 100.5, "critical is 100.5: it must be above 0 and at most 100"),
            ("cpu.total", 0.0, 90.0, "warn is 0"),
            ("load.1", f64::NAN, 2.0, "warn is NaN"),
            ("load.1", 1.0, f64::INFINITY, "critical is inf"),
        ] {
            let told = check_thresholds(&setting(id, warn, critical)).expect_err(why).to_string();
            assert!(told.starts_with(&format!("thresholds.\"{id}\": ")) && told.contains(why), "{told}");
        }
    }
}

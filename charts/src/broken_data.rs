//! The promise that no data, however broken, breaks a chart: it neither panics nor draws beyond its box.

use proptest::prelude::*;

use crate::*;

fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![proptest::option::of(proptest::num::f64::ANY), (0.0..120.0).prop_map(Some)]
}

fn any_chart() -> impl Strategy<Value = Chart> {
    let any = proptest::num::f64::ANY;
    let limit = (any, proptest::bool::ANY).prop_map(|(value, critical)| Threshold {
        value,
        level: if critical { Level::Critical } else { Level::Warn },
    });
    let limits = proptest::collection::vec(limit, 0..3);
    let values = proptest::collection::vec(any_value(), 0..40);
    let bar = |value: Option<f64>| Bar { label: "label".to_owned(), value, text: "9".to_owned() };
    let bars = (values, any, limits.clone()).prop_map(move |(values, max, thresholds)| {
        let bars = values.into_iter().map(bar).collect();
        Chart::Bars(BarChart { bars, max, ticks: vec![(max, "max".to_owned())], thresholds, cursor: Some(3) })
    });
    let parts = proptest::collection::vec(proptest::collection::vec(any, 0..5), 0..9);
    let stacked = (parts, any).prop_map(|(bars, max)| {
        let bars = bars.into_iter().map(|parts| StackedBar { label: "0".to_owned(), parts });
        Chart::Stacked(StackedBars { bars: bars.collect(), max, ..StackedBars::default() })
    });
    let time = prop_oneof![any, 0.0..1e6];
    let points = proptest::collection::vec((time.clone(), any_value()), 0..60);
    let line = (points, time.clone(), time.clone(), proptest::option::of(any), limits, time).prop_map(
        |(points, from_ms, to_ms, max, thresholds, extra)| {
            let series =
                vec![LineSeries { name: String::new(), points, area: true, color: 9, down: extra > 5e5 }];
            let x_ticks = vec![(extra, "now".to_owned())];
            let (gap_ms, cursor, scale) = (extra, Some(extra), Scale::Si);
            let ticks = Vec::new();
            Chart::Line(LineChart {
                series,
                from_ms,
                to_ms,
                max,
                scale,
                ticks,
                x_ticks,
                thresholds,
                gap_ms,
                cursor,
                gutter: extra,
            })
        },
    );
    let spark = (proptest::collection::vec(any_value(), 0..40), proptest::option::of(any))
        .prop_map(|(points, max)| Chart::Spark(Sparkline { points, max, color: 7 }));
    prop_oneof![bars, stacked, line, spark]
}

/// All numbers of the attributes that hold places.
fn places(svg: &str) -> impl Iterator<Item = f64> {
    let attributes = [" x=\"", " y=\"", " cx=\"", " cy=\""];
    let values = svg.match_indices('"').filter_map(move |(at, _)| {
        let (before, after) = svg.split_at(at + 1);
        attributes.iter().any(|name| before.ends_with(name)).then(|| after.split('"').next())?
    });
    values.map(|value| value.parse().unwrap_or(f64::NAN))
}

proptest! {
    #[test]
    fn no_data_breaks_a_chart(
        chart in any_chart(), width in 0_u32..700, height in 0_u32..300, x in -50.0..800.0, y in -50.0..400.0
    ) {
        let svg = svg(&chart, width, height);
        prop_assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        prop_assert_eq!(svg.matches('"').count() % 2, 0);
        let (wide, high) = (f64::from(width), f64::from(height));
        let longest = wide.max(high);
        prop_assert!(places(&svg).all(|place| (0.0..=longest).contains(&place)), "{}", svg);
        if let Some(Hit::Slot { x, .. } | Hit::Moment { x, .. }) = chart.hit(x, y, wide, high) {
            prop_assert!((0.0..=wide).contains(&x), "{}", x);
        }
    }
}

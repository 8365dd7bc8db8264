//! Tests the pixels of a canvas after a chart was painted.

use charts::{Bar, BarChart, Chart, LineChart, LineSeries, Theme, paint};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::browser::document;

const SIZE: (f64, f64) = (100.0, 60.0);

fn canvas() -> HtmlCanvasElement {
    document().create_element("canvas").expect("a canvas").unchecked_into()
}

/// All pixels, four bytes each, of the chart painted at two pixels a CSS pixel.
fn painted(canvas: &HtmlCanvasElement, chart: &Chart) -> Vec<u8> {
    paint(chart, canvas, &Theme::light(), SIZE.0, SIZE.1, 2.0).expect("a picture");
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d").expect("a context").expect("a 2d context").unchecked_into();
    let pixels = context.get_image_data(0.0, 0.0, 2.0 * SIZE.0, 2.0 * SIZE.1).expect("the pixels");
    pixels.data().0
}

/// The pixel at this place in CSS pixels.
fn at(pixels: &[u8], x: usize, y: usize) -> [u8; 4] {
    let start = 4 * (2 * y * 2 * SIZE.0 as usize + 2 * x);
    [0, 1, 2, 3].map(|channel| pixels[start + channel])
}

/// Returns true if the pixel is opaque and has the series' colour, but for the rounding under the shade.
fn is_series(pixel: [u8; 4]) -> bool {
    let color = Theme::light().series[0];
    let wanted = [color.0, color.1, color.2, 255];
    pixel.into_iter().zip(wanted).all(|(channel, wanted)| channel.abs_diff(wanted) <= 1)
}

/// A line at half height over the left and over the right third.
fn line() -> Chart {
    let values = [Some(50.0), Some(50.0), None, Some(50.0), Some(50.0)];
    let points = values.into_iter().enumerate().map(|(index, value)| (index as f64 * 25.0, value)).collect();
    let series = vec![LineSeries { points, area: true, ..LineSeries::default() }];
    Chart::Line(LineChart { series, to_ms: 100.0, max: Some(99.0), ..LineChart::default() })
}

fn bars() -> Chart {
    let bars = vec![Bar { value: Some(50.0), ..Bar::default() }];
    Chart::Bars(BarChart { bars, max: 99.0, ..BarChart::default() })
}

#[wasm_bindgen_test]
fn a_line_has_its_shade_below_it_and_nothing_above_it_or_in_its_gap() {
    let pixels = painted(&canvas(), &line());
    // The plot goes from 4 to 59.
    let line = at(&pixels, 12, 31);
    assert!(is_series(line), "on the line: {line:?}");
    let shade = at(&pixels, 12, 50);
    assert!((34..=38).contains(&shade[3]), "below it: {shade:?}");
    assert!(shade[2] > shade[0], "in its colour: {shade:?}");
    assert_eq!(at(&pixels, 12, 15)[3], 0, "above it");
    assert_eq!(at(&pixels, 50, 50)[3], 0, "in the gap");
    let behind = at(&pixels, 88, 31);
    assert!(is_series(behind), "behind it: {behind:?}");
}

#[wasm_bindgen_test]
fn a_bar_stands_on_the_foot_in_its_colour() {
    let pixels = painted(&canvas(), &bars());
    for y in [35, 58] {
        let bar = at(&pixels, 50, y);
        assert!(is_series(bar), "at {y}: {bar:?}");
    }
    assert_eq!(at(&pixels, 50, 20)[3], 0, "above it");
    assert_eq!(at(&pixels, 10, 50)[3], 0, "beside it");
}

#[wasm_bindgen_test]
fn a_picture_does_not_depend_on_the_one_before_it() {
    let [canvas, fresh] = [canvas(), canvas()];
    painted(&canvas, &line());
    let after = painted(&canvas, &bars());
    assert_eq!(after, painted(&fresh, &bars()));
    assert_eq!(painted(&canvas, &line()), painted(&fresh, &line()));
}

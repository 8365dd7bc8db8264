//! The promises of the palette, computed: contrast with the page, and difference for every kind of colour vision.

use crate::{Color, Theme};

const WHITE: Color = Color::hex(0xffffff);
const SLATE: Color = Color::hex(0x0f172a);

/// Linear red, green and blue.
type LinearRgb = [f64; 3];
type Matrix = [LinearRgb; 3];

/// Simulates colour vision without one kind of cone, in linear RGB: Machado, Oliveira and Fernandes, "A
/// Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.
const VISIONS: [(&str, Matrix); 4] = [
    ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "no L cones",
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    ),
    (
        "no M cones",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    (
        "no S cones",
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ),
];

fn light(color: Color) -> LinearRgb {
    [color.0, color.1, color.2].map(|byte| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(matrix: &Matrix, light: LinearRgb) -> LinearRgb {
    matrix.map(|row| row.iter().zip(light).map(|(factor, value)| factor * value).sum())
}

/// WCAG 2.2, "contrast ratio".
fn contrast(one: Color, other: Color) -> f64 {
    let luminance = |color| times(&[[0.2126, 0.7152, 0.0722]; 3], light(color))[0] + 0.05;
    let (one, other) = (luminance(one), luminance(other));
    one.max(other) / one.min(other)
}

/// Ottosson's Oklab, in which equal distances look about equally different.
fn oklab(light: LinearRgb) -> LinearRgb {
    let cones = times(
        &[
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ],
        light.map(|value| value.max(0.0)),
    );
    times(
        &[
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ],
        cones.map(f64::cbrt),
    )
}

/// Every colour that stands for something in a chart.
fn marks(theme: &Theme) -> Vec<Color> {
    theme.series.iter().copied().chain([theme.warning, theme.critical]).collect()
}

#[test]
fn marks_have_a_contrast_of_three_and_text_of_four_and_a_half() {
    for (theme, page) in [(Theme::light(), WHITE), (Theme::dark(), SLATE)] {
        for mark in marks(&theme).into_iter().chain([theme.accent, theme.ok]) {
            assert!(contrast(mark, page) >= 3.0, "{mark:?} on {page:?}: {}", contrast(mark, page));
        }
        for text in [theme.text, theme.muted] {
            assert!(contrast(text, page) >= 4.5, "{text:?} on {page:?}: {}", contrast(text, page));
        }
    }
}

#[test]
fn no_two_marks_look_alike_to_anyone() {
    // 0.02 is the least difference one notices side by side; this is three times that.
    const LEAST: f64 = 0.06;
    for theme in [Theme::light(), Theme::dark()] {
        let marks = marks(&theme);
        for (vision, matrix) in &VISIONS {
            let seen: Vec<_> = marks.iter().map(|mark| oklab(times(matrix, light(*mark)))).collect();
            for (n, one) in seen.iter().enumerate() {
                for (m, other) in seen.iter().enumerate().skip(n + 1) {
                    let squares = one.iter().zip(other).map(|(a, b)| (a - b) * (a - b));
                    let distance = squares.sum::<f64>().sqrt();
                    assert!(distance >= LEAST, "{:?} and {:?} with {vision}: {distance}", marks[n], marks[m]);
                }
            }
        }
    }
}

#[test]
fn tokens_replace_what_they_name_and_nothing_else() {
    let tokens = |name: &str| match name {
        "--chart-2" => Some(" #123456 ".to_owned()),
        "--warn" => Some("#abc".to_owned()),
        "--crit" => Some("#+12345".to_owned()),
        "--ok" => Some("oklch(1 0 0)".to_owned()),
        _ => None,
    };
    let mut expected = Theme::dark();
    expected.series[1] = Color(0x12, 0x34, 0x56);
    expected.warning = Color(0xaa, 0xbb, 0xcc);
    assert_eq!(Theme::from_tokens(&Theme::dark(), tokens), expected);
}

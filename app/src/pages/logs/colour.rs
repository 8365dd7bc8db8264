//! Colours that programs choose, changed as far as they have to be to be read in either theme.

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

/// The ground of lines, `--card` of `style/tokens.css`, in the light theme and in the dark one.
const GROUNDS: [Rgb; 2] = [Rgb(0xff, 0xff, 0xff), Rgb(0x12, 0x19, 0x24)];
const BLACK: Rgb = Rgb(0, 0, 0);
const WHITE: Rgb = Rgb(255, 255, 255);
/// The least contrast of text (WCAG 2.2, 1.4.3), and a little more for rounding.
const LEAST: f64 = 4.52;

/// The first sixteen, as xterm has them.
const FIRST: [Rgb; 16] = [
    Rgb(0, 0, 0),
    Rgb(205, 0, 0),
    Rgb(0, 205, 0),
    Rgb(205, 205, 0),
    Rgb(0, 0, 238),
    Rgb(205, 0, 205),
    Rgb(0, 205, 205),
    Rgb(229, 229, 229),
    Rgb(127, 127, 127),
    Rgb(255, 0, 0),
    Rgb(0, 255, 0),
    Rgb(255, 255, 0),
    Rgb(92, 92, 255),
    Rgb(255, 0, 255),
    Rgb(0, 255, 255),
    Rgb(255, 255, 255),
];

/// The colour of a number: sixteen, a cube of six steps each, and greys. A number that does not exist is the last.
pub(super) fn indexed(index: u32) -> Rgb {
    let index = index.min(255);
    let byte = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
    let step = |value: u32| byte(if value == 0 { 0 } else { 55 + 40 * value });
    match index {
        0..=15 => FIRST[index as usize],
        16..=231 => {
            let cube = index - 16;
            Rgb(step(cube / 36), step(cube / 6 % 6), step(cube % 6))
        }
        _ => {
            let grey = byte(8 + 10 * (index - 232));
            Rgb(grey, grey, grey)
        }
    }
}

/// The colour of a text in the light theme and in the dark one. On a ground of its own it is one.
pub(super) fn readable(colour: Option<Rgb>, ground: Option<Rgb>) -> Option<[Rgb; 2]> {
    match (colour, ground) {
        (None, None) => None,
        (Some(colour), None) => Some(GROUNDS.map(|ground| against(colour, ground))),
        (None, Some(ground)) => Some([farthest(ground); 2]),
        (Some(colour), Some(ground)) => Some([against(colour, ground); 2]),
    }
}

/// The colour, moved towards black or white until it can be read on the ground.
fn against(colour: Rgb, ground: Rgb) -> Rgb {
    let end = farthest(ground);
    let mixed = |step: u32| {
        let mix = |from: u8, to: u8| {
            let sum = u32::from(from) * (16 - step) + u32::from(to) * step;
            u8::try_from(sum / 16).unwrap_or(u8::MAX)
        };
        Rgb(mix(colour.0, end.0), mix(colour.1, end.1), mix(colour.2, end.2))
    };
    (0..16).map(mixed).find(|colour| contrast(*colour, ground) >= LEAST).unwrap_or(end)
}

/// Black or white, the one that stands out more.
fn farthest(ground: Rgb) -> Rgb {
    if contrast(BLACK, ground) > contrast(WHITE, ground) { BLACK } else { WHITE }
}

/// The contrast of two colours (WCAG 2.2).
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The luminance (WCAG 2.2).
fn luminance(Rgb(red, green, blue): Rgb) -> f64 {
    let linear = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { raised((value + 0.055) / 1.055) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// The 2.4th power, by roots: `powf` takes kilobytes of code, and a square root one instruction.
fn raised(value: f64) -> f64 {
    // 0.4 in binary digits, those after the point.
    const DIGITS: u32 = 0b0110_0110_0110;
    let (mut root, mut power) = (value, value * value);
    for place in (0..12).rev() {
        root = root.sqrt();
        if DIGITS >> place & 1 == 1 {
            power *= root;
        }
    }
    power
}

/// The colour as CSS writes it.
pub(super) fn hex(Rgb(red, green, blue): Rgb) -> String {
    let mut text = String::from("#");
    for byte in [red, green, blue] {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast by the exact curve.
    fn exactly(one: Rgb, other: Rgb) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let of =
            |colour: Rgb| 0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2);
        let (one, other) = (of(one), of(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_colour_can_be_read_on_every_ground() {
        for index in 0..256 {
            let colour = indexed(index);
            let themes = readable(Some(colour), None).expect("colours");
            for (shown, ground) in themes.into_iter().zip(GROUNDS) {
                assert!(exactly(shown, ground) >= 4.5, "{index}: {shown:?} on {ground:?}");
            }
            for ground in (0..256).map(indexed) {
                let [shown, _] = readable(Some(colour), Some(ground)).expect("colours");
                assert!(exactly(shown, ground) >= 4.5, "{index}: {shown:?} on {ground:?}");
                let [shown, _] = readable(None, Some(ground)).expect("colours");
                assert!(exactly(shown, ground) >= 4.5, "{shown:?} on {ground:?}");
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays() {
        let blue = Rgb(0, 0, 200);
        assert_eq!(readable(Some(blue), None).map(|themes| themes[0]), Some(blue));
        assert_eq!(readable(None, None), None);
        assert_eq!(hex(Rgb(0, 10, 255)), "#000aff");
        assert_eq!(
            (indexed(196), indexed(244), indexed(999)),
            (Rgb(255, 0, 0), Rgb(128, 128, 128), indexed(255))
        );
    }
}

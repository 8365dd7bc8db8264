//! QR codes (ISO/IEC 18004) as SVG, for authenticator apps on a phone.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// The quiet zone around the code, modules (ISO/IEC 18004 §9.1).
const QUIET: usize = 4;

/// Draws a text as a QR code; none where it is too long for one. The dark modules have the colour of the text around the picture, and
/// the light ones are left open: the page puts it on a light ground in both themes.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        // A run of dark modules is one rectangle.
        for run in row.chunk_by(|one, next| one == next) {
            if run[0] == Color::Dark {
                let length = run.len();
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET);
            }
            x += run.len();
        }
    }
    Some(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="currentColor" d="{path}"/></svg>"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules of a drawn code: true where it is dark.
    fn modules(svg: &str) -> Vec<Vec<bool>> {
        let side: usize = svg
            .split("viewBox=\"0 0 ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next())
            .expect("a box")
            .parse()
            .expect("a number");
        let mut modules = vec![vec![false; side]; side];
        let path = svg.split(" d=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a path");
        for run in path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').expect("x");
            let (y, rest) = rest.split_once('h').expect("y");
            let (length, _) = rest.split_once('v').expect("a length");
            let [x, y, length] = [x, y, length].map(|text| text.parse::<usize>().expect("a number"));
            modules[y][x..x + length].iter_mut().for_each(|module| *module = true);
        }
        modules
    }

    #[test]
    fn what_is_drawn_is_the_code_with_its_quiet_zone() {
        let text = "otpauth://totp/Pulseboard:kim?secret=JBSWY3DPEHPK3PXP&issuer=Pulseboard";
        let drawn = modules(&svg(text).expect("it fits"));
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("it fits");
        let width = code.width();
        assert_eq!(drawn.len(), width + 8);
        for (y, row) in drawn.iter().enumerate() {
            for (x, is_dark) in row.iter().enumerate() {
                let inside = (4..width + 4).contains(&x) && (4..width + 4).contains(&y);
                assert_eq!(*is_dark, inside && code[(x - 4, y - 4)] == Color::Dark, "{x} {y}");
            }
        }
        // The corner by which a camera finds it.
        assert_eq!(drawn[4][4..12], [true, true, true, true, true, true, true, false]);
        assert_eq!(svg(&"x".repeat(3_000)), None, "no code holds so much");
    }
}

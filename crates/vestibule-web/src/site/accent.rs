//! The operator's colour, kept legible.

use std::fmt;

/// The contrast that text needs (WCAG 2.2, success criterion 1.4.3), with some to spare for rounding.
const ENOUGH: f64 = 4.6;

/// Of all that the pages are written on, what is nearest to the colour of letters: `--ground` of the style sheet in the
/// light, `--wash` in the dark. What can be read there can be read everywhere.
const LIGHT: Colour = Colour([0xee, 0xf1, 0xf6]);
const DARK: Colour = Colour([0x23, 0x2a, 0x35]);

/// A colour of the sRGB space.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

/// The text is not a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a colour as #rrggbb, for example #1f5f8b")]
pub struct ColourError;

impl Colour {
    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(ColourError)?;
        let number = u32::from_str_radix(digits, 16).map_err(|_| ColourError)?;
        if digits.starts_with('+') {
            return Err(ColourError);
        }
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// The colour itself or, where text in it could not be read on `paper`, the nearest shade that can.
    fn legible_on(self, paper: Self) -> Self {
        let away = if paper.luminance() > 0.5 { 0x00 } else { 0xff };
        (0..=50)
            .map(|step| self.towards(away, f64::from(step) / 50.0))
            .find(|shade| shade.contrast(paper) >= ENOUGH)
            .unwrap_or(Self([away; 3]))
    }

    /// What is written on this colour: white or nearly black, whichever reads better.
    fn ink(self) -> Self {
        let (white, black) = (Self([0xff; 3]), Self([0x0b, 0x12, 0x1a]));
        if self.contrast(white) >= self.contrast(black) { white } else { black }
    }

    fn towards(self, end: u8, part: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between two bytes is a byte"
        )]
        let mix = |one: u8| (f64::from(one) + (f64::from(end) - f64::from(one)) * part).round() as u8;
        Self(self.0.map(mix))
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |one: u8| {
            let part = f64::from(one) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }
}

/// The rules of a style sheet that set the accent, in the light and in the dark.
pub(crate) fn rules(accent: Colour) -> String {
    let scheme = |paper| {
        let shade = accent.legible_on(paper);
        format!(":root{{--accent:{shade};--on-accent:{}}}", shade.ink())
    };
    format!("{}\n@media (prefers-color-scheme:dark){{{}}}\n", scheme(LIGHT), scheme(DARK))
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl fmt::Debug for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_are_read() {
        assert_eq!(Colour::parse("#1F5f8b").unwrap().to_string(), "#1f5f8b");
        for text in ["", "#fff", "1f5f8b", "#1f5f8g", "#+f5f8b", "red", "#1f5f8b0"] {
            assert_eq!(Colour::parse(text), Err(ColourError), "{text}");
        }
    }

    #[test]
    fn a_good_colour_stays_as_it_is() {
        assert!(
            rules(Colour::parse("#1f5f8b").unwrap())
                .starts_with(":root{--accent:#1f5f8b;--on-accent:#ffffff}")
        );
    }

    proptest! {
        #[test]
        fn every_colour_can_be_read(bytes: [u8; 3]) {
            for paper in [LIGHT, DARK] {
                let shade = Colour(bytes).legible_on(paper);
                prop_assert!(shade.contrast(paper) >= 4.5, "{shade} on {paper}");
                prop_assert!(shade.contrast(shade.ink()) >= 4.5, "{} on {shade}", shade.ink());
            }
        }
    }
}

//! The accent colour of a host, adjusted for legibility.

use std::fmt;

/// Minimum contrast of text: 4.5 (WCAG 2.2, success criterion 1.4.3), with a margin for rounding.
const MIN_CONTRAST: f64 = 4.6;

/// The background with the least contrast in light mode: `--ground` of the style sheet.
const LIGHT: Colour = Colour([0xee, 0xf1, 0xf6]);

/// The background with the least contrast in dark mode: `--wash` of the style sheet.
const DARK: Colour = Colour([0x23, 0x2a, 0x35]);

/// An sRGB colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

/// The text is not a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a colour as #rrggbb, for example #1f5f8b")]
pub struct ColourError;

impl Colour {
    /// Parses `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(ColourError)?;
        let number = u32::from_str_radix(digits, 16).map_err(|_| ColourError)?;
        if digits.starts_with('+') {
            return Err(ColourError);
        }
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// This colour or, if its contrast with the background is too low, the nearest shade with enough contrast.
    fn legible_on(self, background: Self) -> Self {
        let end = if background.luminance() > 0.5 { 0x00 } else { 0xff };
        (0..=50)
            .map(|step| self.mix(end, f64::from(step) / 50.0))
            .find(|shade| shade.contrast(background) >= MIN_CONTRAST)
            .unwrap_or(Self([end; 3]))
    }

    /// The text colour on this background: white or almost black, whichever has more contrast. On a few colours only
    /// black has enough.
    pub(crate) fn text_colour(self) -> Self {
        let (white, dark) = (Self([0xff; 3]), Self([0x0b, 0x12, 0x1a]));
        let best = if self.contrast(white) >= self.contrast(dark) { white } else { dark };
        if self.contrast(best) < 4.5 { Self([0; 3]) } else { best }
    }

    fn mix(self, end: u8, part: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a value between two bytes is a byte"
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

/// CSS rules that set the accent colour in light and dark mode. Text and lines have a legible shade of it (`--accent`);
/// areas keep the colour itself (`--fill`), below text that is legible on it.
pub(crate) fn rules(accent: Colour) -> String {
    let fill = format!("--fill:{accent};--on-fill:{}", accent.text_colour());
    let Theme { light, dark, .. } = Theme::of(accent);
    format!(
        ":root{{--accent:{light};--on-accent:{};{fill}}}\n@media (prefers-color-scheme:dark){{:root{{--accent:{dark};\
         --on-accent:{};{fill}}}}}\n",
        light.text_colour(),
        dark.text_colour()
    )
}

/// The legible shades of the accent colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Theme {
    /// In light mode.
    pub(crate) light: Colour,
    /// In dark mode.
    pub(crate) dark: Colour,
    /// The colour of areas.
    pub(crate) fill: Colour,
}

impl Theme {
    /// The shades of this colour.
    pub(super) fn of(accent: Colour) -> Self {
        Self { light: accent.legible_on(LIGHT), dark: accent.legible_on(DARK), fill: accent }
    }
}

impl Default for Theme {
    /// `--accent` of the style sheet.
    fn default() -> Self {
        let light = Colour([0x1f, 0x5f, 0x8b]);
        Self { light, dark: Colour([0x8e, 0xc5, 0xec]), fill: light }
    }
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
    fn colours_are_parsed() {
        assert_eq!(Colour::parse("#1F5f8b").unwrap().to_string(), "#1f5f8b");
        for text in ["", "#fff", "1f5f8b", "#1f5f8g", "#+f5f8b", "red", "#1f5f8b0"] {
            assert_eq!(Colour::parse(text), Err(ColourError), "{text}");
        }
    }

    #[test]
    fn a_legible_colour_is_not_changed() {
        assert!(
            rules(Colour::parse("#1f5f8b").unwrap())
                .starts_with(":root{--accent:#1f5f8b;--on-accent:#ffffff;--fill:#1f5f8b;--on-fill:#ffffff}")
        );
    }

    #[test]
    fn a_light_colour_keeps_its_hue_on_areas() {
        let rules = rules(Colour::parse("#ffd400").unwrap());
        assert_eq!(rules.matches("--fill:#ffd400;--on-fill:#0b121a").count(), 2, "{rules}");
        assert!(
            !rules.contains("--accent:#ffd400;--on-accent:#0b121a;--fill:#ffd400;--on-fill:#0b121a}\n@"),
            "{rules}"
        );
    }

    #[test]
    fn the_default_theme_is_that_of_the_style_sheet() {
        let css = include_str!("../../static/style.css");
        let Theme { light, dark, .. } = Theme::default();
        for colour in [light, dark] {
            assert!(css.contains(&format!("--accent: {colour};")), "{colour}");
        }
    }

    proptest! {
        #[test]
        fn every_colour_becomes_legible(bytes: [u8; 3]) {
            let colour = Colour(bytes);
            prop_assert!(colour.contrast(colour.text_colour()) >= 4.5, "{} on {colour}", colour.text_colour());
            for background in [LIGHT, DARK] {
                let shade = Colour(bytes).legible_on(background);
                prop_assert!(shade.contrast(background) >= 4.5, "{shade} on {background}");
                prop_assert!(shade.contrast(shade.text_colour()) >= 4.5, "{} on {shade}", shade.text_colour());
            }
        }
    }
}

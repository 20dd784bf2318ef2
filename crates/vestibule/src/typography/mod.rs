//! Setting text in any script, for sheets and pictures.

mod fonts;
mod scripts;

pub(crate) use fonts::{Breaks, Face, Fonts, ShapedText};
pub(crate) use scripts::debian_package;

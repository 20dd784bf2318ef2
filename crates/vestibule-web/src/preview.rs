//! The pictures that messengers show beside links: what they show, and who draws them.

use std::fmt;

use axum::body::Bytes;

/// Width of the picture in pixels, as messengers expect it.
pub const WIDTH: u16 = 1200;
/// Height of the picture in pixels.
pub const HEIGHT: u16 = 630;

/// What a preview shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewCard {
    /// The display name of the host.
    pub site: String,
    /// The heading, in the language of the invite.
    pub heading: String,
    /// The first letter of the inviter's name.
    pub initial: Option<String>,
    /// Whether the language is written from right to left.
    pub right_to_left: bool,
    /// The accent colour, `#rrggbb`.
    pub fill: String,
    /// The text colour on it, `#rrggbb`.
    pub on_fill: String,
    /// The logo: media type and content.
    pub logo: Option<(&'static str, Bytes)>,
}

/// Draws previews.
pub trait PreviewPainter: fmt::Debug + Send + Sync {
    /// A PNG picture of [`WIDTH`] by [`HEIGHT`] pixels. Takes some ten milliseconds of a processor; `None` if it cannot
    /// be drawn.
    fn paint(&self, card: &PreviewCard) -> Option<Vec<u8>>;
}

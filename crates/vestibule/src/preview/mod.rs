//! Draws the pictures that messengers show beside links.

mod outline;

use std::{
    fmt::Write,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};
use vestibule_web::preview::{HEIGHT, PreviewCard, PreviewPainter, WIDTH};

use crate::typography::{Breaks, Face, Fonts, ShapedText};
use outline::outline;

/// Space around the content, in pixels.
const MARGIN: f32 = 84.0;

/// Diameter of the circle with the inviter's initial.
const FACE: f32 = 140.0;
/// Edge of the logo.
const LOGO: f32 = 76.0;

/// Sizes of the heading, largest first, each with the number of lines that fit.
const HEADINGS: [(f32, usize); 4] = [(82.0, 2), (66.0, 2), (54.0, 3), (42.0, 4)];
/// Size of the site's name.
const SITE: f32 = 42.0;
/// Line spacing, relative to the size.
const LEADING: f32 = 1.22;

/// Draws with the embedded fonts, and those of the system where they lack a character.
pub(crate) struct Painter(Mutex<Fonts>);

impl Default for Painter {
    fn default() -> Self {
        Self(Mutex::new(Fonts::new()))
    }
}

impl std::fmt::Debug for Painter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Painter")
    }
}

impl PreviewPainter for Painter {
    fn paint(&self, card: &PreviewCard) -> Option<Vec<u8>> {
        let svg = {
            let mut fonts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            draw(card, &mut fonts)
        };
        let painted = rasterize(&svg).or_else(|error| {
            tracing::warn!(%error, "a preview picture is drawn without the logo");
            let mut fonts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            rasterize(&draw(&PreviewCard { logo: None, ..card.clone() }, &mut fonts))
        });
        painted.inspect_err(|error| tracing::error!(%error, "a preview picture could not be drawn")).ok()
    }
}

fn rasterize(svg: &str) -> Result<Vec<u8>, String> {
    let tree = Tree::from_str(svg, &Options::default()).map_err(|error| error.to_string())?;
    let mut picture = Pixmap::new(u32::from(WIDTH), u32::from(HEIGHT)).ok_or("no memory")?;
    resvg::render(&tree, Transform::identity(), &mut picture.as_mut());
    picture.encode_png().map_err(|error| error.to_string())
}

/// The picture as SVG, with all text as outlines.
fn draw(card: &PreviewCard, fonts: &mut Fonts) -> String {
    let PreviewCard { fill, on_fill, right_to_left, .. } = card;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\"><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{fill}\"/>"
    );
    let mut top = MARGIN;
    if let Some(initial) = card.initial.as_deref().filter(|initial| fonts.can_write(initial)) {
        let radius = FACE / 2.0;
        let center = if *right_to_left { f32::from(WIDTH) - MARGIN - radius } else { MARGIN + radius };
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<circle cx=\"{center}\" cy=\"{}\" r=\"{radius}\" fill=\"{on_fill}\"/>",
            top + radius
        );
        let size = FACE * 0.55;
        let mut letter = fonts.shape(initial, Face::Bold, Breaks::Words);
        letter.break_lines(f32::MAX);
        let x = center - letter.layout.width() * size / 2.0;
        draw_text(&mut svg, &letter, size, fill, top + radius + size * 0.36, &|_| x);
        top += FACE + 24.0;
    }
    let room = f32::from(HEIGHT) - MARGIN - LOGO - 20.0 - top;
    let (heading, size) = fit(fonts, &card.heading, room);
    let height = size * LEADING * f32::from(u16::try_from(heading.layout.len()).unwrap_or(u16::MAX));
    let baseline = top + ((room - height) / 2.0).max(0.0) + size;
    draw_text(&mut svg, &heading, size, on_fill, baseline, &|width| start(card, width * size, 0.0));
    draw_site(&mut svg, card, fonts);
    svg.push_str("</svg>");
    svg
}

/// The name of the site and its logo, at the foot.
fn draw_site(svg: &mut String, card: &PreviewCard, fonts: &mut Fonts) {
    let top = f32::from(HEIGHT) - MARGIN - LOGO;
    let mut indent = 0.0;
    if let Some((content_type, bytes)) = &card.logo {
        let x = start(card, LOGO, 0.0);
        // The logo keeps its colours on a ground of its own.
        let _ = write!(
            svg,
            "<rect x=\"{x}\" y=\"{top}\" width=\"{LOGO}\" height=\"{LOGO}\" rx=\"16\" fill=\"#ffffff\"/>\
             <image x=\"{}\" y=\"{}\" width=\"{edge}\" height=\"{edge}\" xlink:href=\"data:{content_type};base64,{}\"/>",
            x + 8.0,
            top + 8.0,
            STANDARD.encode(bytes),
            edge = LOGO - 16.0,
        );
        indent = LOGO + 22.0;
    }
    fonts.can_write(&card.site);
    let mut size = SITE;
    let mut name = fonts.shape(&card.site, Face::Regular, Breaks::Anywhere);
    // A long name is set smaller, and then broken.
    while name.break_lines((content() - indent) / size) != Some(1) && size > 20.0 {
        size -= 2.0;
    }
    let baseline = top + LOGO / 2.0 + size * 0.36;
    let first_line = name.layout.get(0).map_or(0.0, |line| line.metrics().advance);
    let x = start(card, first_line * size, indent);
    draw_text(svg, &name, size, &card.on_fill, baseline, &|_| x);
}

/// The width of the content.
fn content() -> f32 {
    f32::from(WIDTH) - 2.0 * MARGIN
}

/// The left edge of something of this width, which begins `indent` after the margin.
fn start(card: &PreviewCard, width: f32, indent: f32) -> f32 {
    if card.right_to_left { f32::from(WIDTH) - MARGIN - indent - width } else { MARGIN + indent }
}

/// The heading in the largest size that has room.
fn fit(fonts: &mut Fonts, text: &str, room: f32) -> (ShapedText, f32) {
    fonts.can_write(text);
    let mut shaped = fonts.shape(text, Face::Bold, Breaks::Anywhere);
    for (size, most) in HEADINGS {
        let lines = shaped.break_lines(content() / size).unwrap_or(usize::MAX);
        let height = size * LEADING * f32::from(u16::try_from(lines).unwrap_or(u16::MAX));
        if lines <= most && height <= room {
            return (shaped, size);
        }
    }
    (shaped, HEADINGS[HEADINGS.len() - 1].0)
}

/// Draws the lines of a text from the baseline of the first. `left` is the left edge of a line of this width, relative
/// to the size.
fn draw_text(
    svg: &mut String,
    text: &ShapedText,
    size: f32,
    colour: &str,
    baseline: f32,
    left: &dyn Fn(f32) -> f32,
) {
    let mut y = baseline;
    for line in text.layout.lines() {
        // Lines that do not fit are cut.
        if y > f32::from(HEIGHT) {
            break;
        }
        let x = left(line.metrics().advance);
        for (at, path) in outline(&line, size) {
            let _ =
                write!(svg, "<path fill=\"{colour}\" transform=\"translate({} {y})\" d=\"{path}\"/>", x + at);
        }
        y += size * LEADING;
    }
}

#[cfg(test)]
mod tests;

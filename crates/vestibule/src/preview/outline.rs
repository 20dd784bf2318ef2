//! Outlines of shaped text.

use parley::{Line, PositionedLayoutItem};
use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    instance::{LocationRef, NormalizedCoord, Size},
    outline::{DrawSettings, OutlinePen},
};

/// The glyphs of a line: their distance from its left edge, and their outline as an SVG path at `size`.
pub(super) fn outline(line: &Line<'_, ()>, size: f32) -> Vec<(f32, String)> {
    let mut outlines = Vec::new();
    let offset = line.metrics().offset;
    for item in line.items() {
        let PositionedLayoutItem::GlyphRun(run) = item else { continue };
        let font = run.run().font();
        let Ok(font) = FontRef::from_index(font.data.as_ref(), font.index) else { continue };
        let glyphs = font.outline_glyphs();
        let coords = run.run().normalized_coords().iter();
        let coords: Vec<_> = coords.map(|coord| NormalizedCoord::from_bits(coord.to_bits())).collect();
        let location = LocationRef::new(&coords);
        let baseline = run.baseline();
        for glyph in run.positioned_glyphs() {
            let Some(shape) = glyphs.get(GlyphId::new(glyph.id)) else { continue };
            let mut path = Path { rise: (baseline - glyph.y) * size, text: String::new() };
            // A glyph with damaged data is left out.
            if shape.draw(DrawSettings::unhinted(Size::new(size), location), &mut path).is_ok() {
                outlines.push(((glyph.x - offset) * size, path.text));
            }
        }
    }
    outlines
}

/// Writes an outline as an SVG path, whose y axis points down.
struct Path {
    /// How far the glyph is above the baseline.
    rise: f32,
    text: String,
}

impl Path {
    fn push(&mut self, command: char, points: &[(f32, f32)]) {
        use std::fmt::Write;
        self.text.push(command);
        for (x, y) in points {
            // Writing to a String cannot fail.
            let _ = write!(self.text, "{x:.2} {:.2} ", -y - self.rise);
        }
    }
}

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push('L', &[(x, y)]);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.push('Q', &[(cx0, cy0), (x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.push('C', &[(cx0, cy0), (cx1, cy1), (x, y)]);
    }

    fn close(&mut self) {
        self.text.push('Z');
    }
}

//! PDF output: vector codes, and text with embedded subsets of its fonts.

use std::{
    collections::HashMap,
    io::{self, Write},
    ops::Range,
};

use krilla::{
    Document,
    color::luma,
    geom::{PathBuilder, Point, Rect, Transform},
    metadata::Metadata,
    page::PageSettings,
    paint::{Fill, Stroke, StrokeDash},
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph, Tag},
};
use parley::Run;
use vestibule_web::Code;

use super::{
    card::Card,
    layout::{ASCENT, CARD, CODE, CODE_EDGE, COLUMNS, LEADING, MARGIN, PAGE, PlacedBlock, Typesetter},
};

/// Writes pages of cards. The document is written at its end.
pub(super) struct Pdf<W> {
    out: W,
    document: Document,
    embedded: EmbeddedFonts,
}

/// The fonts of the document, by the number of their data, their number in it, and their variation.
type EmbeddedFonts = HashMap<(u64, u32, Vec<i16>), Font>;

impl<W: Write> Pdf<W> {
    /// Starts the document.
    pub(super) fn new(out: W, title: &str) -> Self {
        let mut document = Document::new();
        let producer = concat!("Vestibule ", env!("CARGO_PKG_VERSION")).to_owned();
        let metadata = Metadata::new().title(title.to_owned()).language("en".to_owned()).producer(producer);
        document.set_metadata(metadata);
        Self { out, document, embedded: EmbeddedFonts::new() }
    }

    /// Adds a page.
    pub(super) fn page(&mut self, cards: &[Card], typesetter: &mut Typesetter) -> io::Result<()> {
        let size = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| io::Error::other("no page size"))?;
        let mut page = self.document.start_page_with(size);
        let mut surface = page.surface();
        let columns = u16::try_from(cards.len()).unwrap_or(COLUMNS).min(COLUMNS);
        let rows = u16::try_from(cards.len()).unwrap_or(u16::MAX).div_ceil(COLUMNS);
        draw_cuts(&mut surface, columns, rows);
        let corners = (0..rows).flat_map(|row| (0..COLUMNS).map(move |column| (column, row)));
        for (card, (column, row)) in cards.iter().zip(corners) {
            let left = MARGIN + f32::from(column) * CARD.0;
            let top = MARGIN + f32::from(row) * CARD.1;
            surface.push_transform(&Transform::from_translate(left, top));
            let drawn = draw_card(&mut surface, card, typesetter, &mut self.embedded);
            surface.pop();
            drawn?;
        }
        Ok(())
    }

    /// Writes the document.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let bytes = self.document.finish().map_err(|error| io::Error::other(format!("{error:?}")))?;
        self.out.write_all(&bytes)?;
        self.out.flush()
    }
}

/// Dashed cutting lines between and around the cards.
fn draw_cuts(surface: &mut Surface<'_>, columns: u16, rows: u16) {
    let (width, height) = (f32::from(columns) * CARD.0, f32::from(rows) * CARD.1);
    let mut path = PathBuilder::new();
    for column in 0..=columns {
        let x = MARGIN + f32::from(column) * CARD.0;
        path.move_to(x, MARGIN);
        path.line_to(x, MARGIN + height);
    }
    for row in 0..=rows {
        let y = MARGIN + f32::from(row) * CARD.1;
        path.move_to(MARGIN, y);
        path.line_to(MARGIN + width, y);
    }
    let Some(path) = path.finish() else { return };
    let dash = StrokeDash { array: vec![3.0, 3.0], offset: 0.0 };
    let paint = luma::Color::new(153).into();
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint, width: 0.5, dash: Some(dash), ..Stroke::default() }));
    surface.draw_path(&path);
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
}

fn draw_card(
    surface: &mut Surface<'_>,
    card: &Card,
    typesetter: &mut Typesetter,
    embedded: &mut EmbeddedFonts,
) -> io::Result<()> {
    draw_code(surface, &Code::of(&card.link).map_err(io::Error::other)?);
    let card = card.clone().writable(|text| typesetter.fonts.can_write(text));
    typesetter.place(&card).iter().try_for_each(|block| draw_block(surface, block, embedded))
}

/// Fills all dark modules as one path, so that viewers draw no seams between them.
fn draw_code(surface: &mut Surface<'_>, code: &Code) {
    let module = CODE_EDGE / f32::from(code.side);
    let mut path = PathBuilder::new();
    for run in &code.runs {
        if let Some(rect) = Rect::from_xywh(f32::from(run.x), f32::from(run.y), f32::from(run.length), 1.0) {
            path.push_rect(rect);
        }
    }
    let Some(path) = path.finish() else { return };
    surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, CODE.0, CODE.1));
    surface.draw_path(&path);
    surface.pop();
}

fn draw_block(
    surface: &mut Surface<'_>,
    PlacedBlock { x, y, block }: &PlacedBlock,
    embedded: &mut EmbeddedFonts,
) -> io::Result<()> {
    let mut baseline = y + ASCENT * block.size;
    for line in block.shaped.layout.lines() {
        let mut left = x + line.metrics().offset * block.size;
        for run in line.runs() {
            let glyphs = glyphs(&run);
            let font = font(&run, embedded)?;
            let start = Point::from_xy(left, baseline);
            surface.draw_glyphs(start, &glyphs, font, &block.shaped.text, block.size, false);
            left += glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * block.size;
        }
        baseline += LEADING * block.size;
    }
    Ok(())
}

/// The glyphs of a run, from left to right, with the text that each stands for.
fn glyphs(run: &Run<'_, ()>) -> Vec<KrillaGlyph> {
    let mut glyphs: Vec<KrillaGlyph> = Vec::new();
    // From right to left, the letters of a ligature come before the one that has its glyph.
    let mut before: Option<Range<usize>> = None;
    for cluster in run.visual_clusters() {
        let mut range = cluster.text_range();
        if cluster.is_ligature_continuation() {
            match glyphs.last_mut().filter(|_| !run.is_rtl()) {
                Some(glyph) => glyph.text_range.end = range.end,
                None => before = Some(join(before, range)),
            }
            continue;
        }
        range = join(before.take(), range);
        glyphs.extend(cluster.glyphs().map(|glyph| {
            let id = GlyphId::new(glyph.id);
            KrillaGlyph::new(id, glyph.advance, glyph.x, glyph.y, 0.0, range.clone(), None)
        }));
    }
    glyphs
}

fn join(before: Option<Range<usize>>, range: Range<usize>) -> Range<usize> {
    before.map_or(range.clone(), |before| before.start.min(range.start)..before.end.max(range.end))
}

/// The font of a run, embedded once.
fn font(run: &Run<'_, ()>, embedded: &mut EmbeddedFonts) -> io::Result<Font> {
    let (data, index) = (run.font().data.clone(), run.font().index);
    let (bytes, id) = data.into_raw_parts();
    let key = (id, index, run.normalized_coords().iter().map(|coord| coord.to_bits()).collect());
    if let Some(font) = embedded.get(&key) {
        return Ok(font.clone());
    }
    let synthesis = run.synthesis();
    let variations = synthesis.variation_settings().iter();
    let variations: Vec<_> = variations.map(|(tag, value)| (Tag::new(&tag.to_be_bytes()), *value)).collect();
    let font = Font::new_variable(bytes.into(), index, &variations)
        .ok_or_else(|| io::Error::other("a font of this system cannot be embedded"))?;
    embedded.insert(key, font.clone());
    Ok(font)
}

//! PDF output: vector codes, and text in the standard fonts.
//!
//! Objects are written immediately; only their offsets are kept, so that memory use does not grow with the number of
//! pages.

use std::io::{self, Write};

use pdf_writer::{Chunk, Content, Name, Rect, Ref, Settings, Str, TextStr};
use vestibule_web::Code;

use super::{
    card::Card,
    layout::{CARD, CODE, CODE_EDGE, COLUMNS, Line, MARGIN, PAGE, lines},
    metrics::{Font, win_ansi_or_marks},
};

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const REGULAR: Ref = Ref::new(4);
const BOLD: Ref = Ref::new(5);
const TYPED: Ref = Ref::new(6);

/// Writes pages of cards.
#[derive(Debug)]
pub(super) struct Pdf<W> {
    out: W,
    /// Bytes written so far.
    length: u64,
    /// Offset of each object by id; 0 if not written yet.
    places: Vec<u64>,
    pages: Vec<Ref>,
}

impl<W: Write> Pdf<W> {
    /// Starts the document with the objects shared by all pages.
    pub(super) fn new(out: W, title: &str) -> io::Result<Self> {
        let mut pdf = Self { out, length: 0, places: vec![0; 6], pages: Vec::new() };
        // Bytes above 127 mark the file as binary.
        pdf.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        pdf.object(INFO, |chunk| {
            let producer = concat!("Vestibule ", env!("CARGO_PKG_VERSION"));
            chunk
                .indirect(INFO)
                .start::<pdf_writer::writers::DocumentInfo<'_>>()
                .title(TextStr(title))
                .producer(TextStr(producer));
        })?;
        for (id, name) in [(REGULAR, "Helvetica"), (BOLD, "Helvetica-Bold"), (TYPED, "Courier")] {
            pdf.object(id, |chunk| {
                chunk
                    .type1_font(id)
                    .base_font(Name(name.as_bytes()))
                    .encoding_predefined(Name(b"WinAnsiEncoding"));
            })?;
        }
        Ok(pdf)
    }

    /// Writes a page.
    pub(super) fn page(&mut self, cards: &[Card]) -> io::Result<()> {
        let content = content(cards)?;
        let (page, stream) = (self.next(), self.next());
        self.object(page, |chunk| {
            let mut writer = chunk.page(page);
            writer.parent(PAGES).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(stream);
            let mut resources = writer.resources();
            let mut fonts = resources.fonts();
            for (font, id) in [(Font::Regular, REGULAR), (Font::Bold, BOLD), (Font::Typed, TYPED)] {
                fonts.pair(name(font), id);
            }
        })?;
        self.object(stream, |chunk| {
            chunk.stream(stream, &content);
        })?;
        self.pages.push(page);
        Ok(())
    }

    /// Ends the document with the page list and the cross-reference table.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let pages = std::mem::take(&mut self.pages);
        self.object(PAGES, |chunk| {
            let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
            chunk.pages(PAGES).count(count).kids(pages);
        })?;
        self.object(CATALOG, |chunk| {
            let mut catalog = chunk.indirect(CATALOG).start::<pdf_writer::writers::Catalog<'_>>();
            catalog.pages(PAGES).lang(TextStr("en"));
            // Actual size, so that the cutting lines are where they belong.
            catalog.viewer_preferences().display_doc_title(true).pair(Name(b"PrintScaling"), Name(b"None"));
        })?;
        let (table, size) = (self.length, self.places.len() + 1);
        self.write(format!("xref\n0 {size}\n0000000000 65535 f\r\n").as_bytes())?;
        for place in std::mem::take(&mut self.places) {
            self.write(format!("{place:010} 00000 n\r\n").as_bytes())?;
        }
        let (root, info) = (CATALOG.get(), INFO.get());
        let trailer = format!("trailer\n<</Size {size}/Root {root} 0 R/Info {info} 0 R>>\n");
        self.write(format!("{trailer}startxref\n{table}\n%%EOF\n").as_bytes())?;
        self.out.flush()
    }

    /// Allocates an object id.
    fn next(&mut self) -> Ref {
        self.places.push(0);
        Ref::new(i32::try_from(self.places.len()).unwrap_or(i32::MAX))
    }

    /// Writes the object that `make` builds.
    fn object(&mut self, id: Ref, make: impl FnOnce(&mut Chunk)) -> io::Result<()> {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        make(&mut chunk);
        let place = usize::try_from(id.get() - 1).ok().and_then(|at| self.places.get_mut(at));
        if let Some(place) = place {
            *place = self.length;
        }
        self.write(chunk.as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }
}

const fn name(font: Font) -> Name<'static> {
    match font {
        Font::Regular => Name(b"R"),
        Font::Bold => Name(b"B"),
        Font::Typed => Name(b"T"),
    }
}

/// The content of a page. The origin of PDF is the lower left corner.
fn content(cards: &[Card]) -> io::Result<Vec<u8>> {
    let mut content = Content::with_settings(Settings { pretty: false });
    let columns = u16::try_from(cards.len()).unwrap_or(COLUMNS).min(COLUMNS);
    let rows = u16::try_from(cards.len()).unwrap_or(u16::MAX).div_ceil(COLUMNS);
    cuts(&mut content, columns, rows);
    let corners = (0..rows).flat_map(|row| (0..COLUMNS).map(move |column| (column, row)));
    for (card, (column, row)) in cards.iter().zip(corners) {
        let left = MARGIN + f32::from(column) * CARD.0;
        let top = PAGE.1 - MARGIN - f32::from(row) * CARD.1;
        paint(&mut content, &Code::of(&card.link).map_err(io::Error::other)?, left + CODE.0, top - CODE.1);
        for line in lines(&card.clone().in_latin()) {
            write(&mut content, &line, left, top);
        }
    }
    Ok(content.finish().into_vec())
}

/// Dashed cutting lines between and around the cards.
fn cuts(content: &mut Content, columns: u16, rows: u16) {
    let (width, height) = (f32::from(columns) * CARD.0, f32::from(rows) * CARD.1);
    let top = PAGE.1 - MARGIN;
    content.save_state().set_line_width(0.5).set_stroke_gray(0.6).set_dash_pattern([3.0, 3.0], 0.0);
    for column in 0..=columns {
        let x = MARGIN + f32::from(column) * CARD.0;
        content.move_to(x, top).line_to(x, top - height);
    }
    for row in 0..=rows {
        let y = top - f32::from(row) * CARD.1;
        content.move_to(MARGIN, y).line_to(MARGIN + width, y);
    }
    content.stroke().restore_state();
}

/// Fills all dark modules as one path, so that viewers draw no seams between them.
fn paint(content: &mut Content, code: &Code, left: f32, top: f32) {
    let module = CODE_EDGE / f32::from(code.side);
    content.save_state().transform([module, 0.0, 0.0, -module, left, top]);
    for run in &code.runs {
        content.rect(f32::from(run.x), f32::from(run.y), f32::from(run.length), 1.0);
    }
    content.fill_nonzero().restore_state();
}

fn write(content: &mut Content, line: &Line, left: f32, top: f32) {
    let text = win_ansi_or_marks(&line.text);
    content.begin_text().set_font(name(line.font), line.size);
    content.next_line(left + line.x, top - line.y).show(Str(&text)).end_text();
}

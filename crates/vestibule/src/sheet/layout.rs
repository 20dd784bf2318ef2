//! Layout of pages and cards.
//!
//! Lengths are in points from the upper left corner. An A4 page holds [`COLUMNS`] by [`ROWS`] cards. A card has the
//! code at the left, a text column beside it, and the link below both. Long texts are set smaller, so that all cards
//! have the same size.

use std::{collections::HashMap, rc::Rc};

use super::card::Card;
use crate::typography::{Breaks, Face, Fonts, ShapedText};

/// A millimetre.
const MM: f32 = 72.0 / 25.4;

pub(super) const PAGE: (f32, f32) = (210.0 * MM, 297.0 * MM);
/// Wider than the unprintable margin of most printers.
pub(super) const MARGIN: f32 = 10.0 * MM;
pub(super) const COLUMNS: u16 = 2;
pub(super) const ROWS: u16 = 4;
/// Cards per page.
pub(super) const CARDS: usize = (COLUMNS * ROWS) as usize;
pub(super) const CARD: (f32, f32) = (95.0 * MM, 69.25 * MM);

/// Position and edge length of the code with its quiet zone.
pub(super) const CODE: (f32, f32) = (3.0 * MM, 3.5 * MM);
pub(super) const CODE_EDGE: f32 = 44.0 * MM;

/// The column beside the code, aligned with its dark modules.
const COLUMN: Area = Area { x: 49.0 * MM, y: 7.5 * MM, width: 40.0 * MM };
/// The area of the link below.
const FOOT: Area = Area { x: 7.3 * MM, y: 51.0 * MM, width: 81.7 * MM };

/// Line spacing, relative to the font size.
pub(super) const LEADING: f32 = 1.2;
/// From the top of a line to its baseline, relative to the font size.
pub(super) const ASCENT: f32 = 0.9;
/// How far a text shrinks before words are broken, relative to its usual size.
const UNBROKEN: f32 = 0.7;
/// More lines than any area has room for.
const MOST_LINES: usize = 100;
/// The smallest legible size. Longer text is cut, except for a link.
const LEAST: f32 = 4.0;
const LEAST_LINK: f32 = 1.5;

#[derive(Clone, Copy)]
struct Area {
    x: f32,
    y: f32,
    width: f32,
}

/// The role of a text on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Heading,
    Host,
    Offer,
    /// A label above a value.
    Label,
    Username,
    Until,
    /// The label above the link.
    LinkLabel,
    Link,
}

impl Role {
    /// Font, size, total height of the lines, and the space above.
    const fn style(self) -> (Face, f32, f32, f32) {
        match self {
            Self::Heading => (Face::Bold, 13.0, 30.0, 0.0),
            Self::Host => (Face::Regular, 8.5, 11.0, 1.0),
            Self::Offer => (Face::Regular, 9.0, 22.0, 3.0),
            Self::Label => (Face::Regular, 7.0, 8.5, 6.0),
            Self::Username => (Face::Bold, 11.0, 13.5, 0.0),
            Self::Until => (Face::Regular, 10.0, 12.0, 0.0),
            Self::LinkLabel => (Face::Regular, 7.0, 8.5, 0.0),
            Self::Link => (Face::Mono, 10.0, 29.5, 1.0),
        }
    }

    /// Whether it is placed below the code.
    pub(super) const fn is_foot(self) -> bool {
        matches!(self, Self::LinkLabel | Self::Link)
    }
}

/// A text fitted into its area.
pub(super) struct Block {
    pub(super) role: Role,
    pub(super) text: String,
    pub(super) size: f32,
    /// Its lines, at size 1.
    pub(super) shaped: ShapedText,
}

/// A block at its place on a card.
pub(super) struct PlacedBlock {
    pub(super) x: f32,
    /// The top of its first line.
    pub(super) y: f32,
    pub(super) block: Rc<Block>,
}

/// Fits texts into their areas.
pub(super) struct Typesetter {
    pub(super) fonts: Fonts,
    /// Blocks that most cards of a sheet have in common.
    repeated: HashMap<(Role, String), Rc<Block>>,
}

impl Typesetter {
    pub(super) fn new(fonts: Fonts) -> Self {
        Self { fonts, repeated: HashMap::new() }
    }

    /// The texts of a card, from top to bottom.
    pub(super) fn blocks(&mut self, card: &Card) -> Vec<Rc<Block>> {
        let label = |text: &str| (Role::Label, text.to_owned());
        let mut texts = vec![(Role::Heading, card.heading.clone())];
        texts.extend(card.host.clone().map(|host| (Role::Host, host)));
        texts.push((Role::Offer, card.offer()));
        if let Some(username) = &card.username {
            texts.extend([label("Username"), (Role::Username, username.clone())]);
        }
        texts.extend([label("Valid until"), (Role::Until, card.until.clone())]);
        texts.push((Role::LinkLabel, "Scan the code, or open this link:".to_owned()));
        texts.push((Role::Link, card.link.clone()));
        texts.into_iter().map(|(role, text)| self.block(role, text)).collect()
    }

    /// The blocks of a card at their places.
    pub(super) fn place(&mut self, card: &Card) -> Vec<PlacedBlock> {
        let (mut beside, mut below) = (COLUMN.y, FOOT.y);
        let mut placed = Vec::new();
        for block in self.blocks(card) {
            let (_, _, _, above) = block.role.style();
            let (x, top) = if block.role.is_foot() { (FOOT.x, &mut below) } else { (COLUMN.x, &mut beside) };
            let y = *top + above;
            *top = y + height(block.shaped.layout.len(), block.size);
            placed.push(PlacedBlock { x, y, block });
        }
        placed
    }

    fn block(&mut self, role: Role, text: String) -> Rc<Block> {
        if matches!(role, Role::Username | Role::Link) {
            return Rc::new(fit(&mut self.fonts, role, text));
        }
        let fonts = &mut self.fonts;
        let block = self
            .repeated
            .entry((role, text))
            .or_insert_with_key(|(role, text)| Rc::new(fit(fonts, *role, text.clone())));
        Rc::clone(block)
    }
}

/// The height of lines.
fn height(lines: usize, size: f32) -> f32 {
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * LEADING * size
}

/// Finds the largest size in which a text fits without breaking words, unless that is too small.
fn fit(fonts: &mut Fonts, role: Role, text: String) -> Block {
    let (face, full, room, _) = role.style();
    let width = if role.is_foot() { FOOT.width } else { COLUMN.width };
    let least = if role == Role::Link { LEAST_LINK } else { LEAST };
    let sizes = |least: f32| {
        std::iter::successors(Some(full), |size| Some(size - 0.5)).take_while(move |size| *size >= least)
    };
    for (breaks, least) in [(Breaks::Words, UNBROKEN * full), (Breaks::Anywhere, least)] {
        let mut shaped = fonts.shape(&text, face, breaks);
        let fits = |size: &f32| {
            let lines = shaped.break_lines(width / size);
            lines.is_some_and(|lines| height(lines, *size) <= room)
        };
        if let Some(size) = sizes(least).find(fits) {
            return Block { role, text, size, shaped };
        }
    }
    let lines = (1..=MOST_LINES).take_while(|lines| height(*lines, least) <= room).count();
    let shaped = cut(fonts, &text, face, width / least, lines);
    Block { role, text, size: least, shaped }
}

/// The start of a text that has too many lines even in the smallest size.
fn cut(fonts: &mut Fonts, text: &str, face: Face, width: f32, lines: usize) -> ShapedText {
    let mut whole = fonts.shape(text, face, Breaks::Anywhere);
    whole.break_lines(width);
    let last = whole.layout.get(lines.saturating_sub(1));
    let end = last.map_or(whole.text.len(), |line| line.text_range().end);
    let mut kept = whole.text;
    kept.truncate(end);
    loop {
        let mut shaped = fonts.shape(&format!("{}…", kept.trim_end()), face, Breaks::Anywhere);
        let fits = shaped.break_lines(width).is_some_and(|count| count <= lines);
        if fits || kept.pop().is_none() {
            return shaped;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::card::tests::{LINK, invite};
    use proptest::prelude::*;
    use vestibule_core::Kind;

    fn card(site: &str, host: &str, name: &str, link: &str) -> Card {
        Card::new(&invite(host, Kind::AccountAndContact, Some(name), Some(name)), link, Some(site))
    }

    fn typesetter() -> Typesetter {
        Typesetter::new(Fonts::with_folders(Vec::new()))
    }

    fn lines(block: &Block) -> Vec<&str> {
        block.shaped.layout.lines().map(|line| block.shaped.text[line.text_range()].trim_end()).collect()
    }

    /// Every line is no wider than its area, below the one before, and above what comes next.
    fn lies_inside(card: &Card) {
        let mut below = (COLUMN.y, FOOT.y);
        for PlacedBlock { x, y, block } in typesetter().place(card) {
            let (area, end, below) = if x < COLUMN.x {
                (FOOT, CARD.1 - 4.0 * MM, &mut below.1)
            } else {
                (COLUMN, FOOT.y, &mut below.0)
            };
            let (size, text) = (block.size, &block.text);
            assert!(block.shaped.layout.width() * size <= area.width + 0.01, "{text}");
            assert!(y >= *below - 0.01, "{text}");
            *below = y + height(block.shaped.layout.len(), size);
            assert!(*below <= end + 0.2 * size, "{text}");
        }
    }

    #[test]
    fn the_grid_fills_the_page() {
        for (page, cards, card) in [(PAGE.0, COLUMNS, CARD.0), (PAGE.1, ROWS, CARD.1)] {
            assert!((page - 2.0 * MARGIN - f32::from(cards) * card).abs() < 0.01);
        }
        assert!(CODE.1 + CODE_EDGE < FOOT.y && CODE.0 + CODE_EDGE < COLUMN.x);
    }

    #[test]
    fn the_usual_card_is_set_in_full_size() {
        let card = card("Example Chat", "example.com", "juliet", LINK);
        lies_inside(&card);
        for block in typesetter().blocks(&card) {
            assert!((block.size - block.role.style().1).abs() < 0.01, "{}: {}", block.text, block.size);
        }
        let link = typesetter().blocks(&card).pop().unwrap();
        assert_eq!(lines(&link), ["https://example.com/invite/", "Vbkf8JHN18MhGd020L7jvxKvBDiT"]);
    }

    #[test]
    fn a_long_link_is_whole_and_a_long_name_is_cut() {
        let link = format!("https://example.com/{}", "x".repeat(2200));
        let card = card(&"Chat ".repeat(300), "example.com", &"w".repeat(1000), &link);
        lies_inside(&card);
        let blocks = typesetter().blocks(&card);
        assert_eq!(lines(blocks.last().unwrap()).concat(), link);
        assert!(lines(&blocks[0]).last().unwrap().ends_with('…'), "{:?}", lines(&blocks[0]));
    }

    #[test]
    fn a_host_shrinks_before_it_is_broken() {
        let mut fonts = typesetter().fonts;
        let host = "chat-room.example";
        let mut shaped = fonts.shape(host, Face::Bold, Breaks::Words);
        assert_eq!(shaped.break_lines(COLUMN.width / 13.0), None, "too wide in full size");
        let block = fit(&mut fonts, Role::Heading, host.to_owned());
        assert_eq!(lines(&block), [host]);
        assert!(block.size < 13.0);
    }

    #[test]
    fn text_from_right_to_left_begins_at_the_right() {
        let block = fit(&mut typesetter().fonts, Role::Username, "سلام".to_owned());
        let line = block.shaped.layout.lines().next().unwrap();
        let end = (line.metrics().offset + line.metrics().advance) * block.size;
        assert!((end - COLUMN.width).abs() < 0.1, "{end}");
    }

    proptest! {
        #[test]
        fn any_card_keeps_to_its_areas(
            site in "\\PC{0,120}", label in "[a-z]{1,60}", name in "[a-zA-Z0-9ü]{1,200}", path in "[!-~]{0,600}",
        ) {
            lies_inside(&card(&site, &format!("{label}.example"), &name, &format!("https://a/{path}")));
        }
    }
}

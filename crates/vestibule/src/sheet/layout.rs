//! Layout of pages and cards.
//!
//! Lengths are in points from the upper left corner. An A4 page holds [`COLUMNS`] by [`ROWS`] cards. A card has the
//! code at the left, a text column beside it, and the link below both. Long texts are set smaller, so that all cards
//! have the same size.

use super::{card::Card, metrics::Font};

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
const ASCENT: f32 = 0.85;
/// How far a text shrinks before words are broken, relative to its usual size.
const UNBROKEN: f32 = 0.7;
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    const fn style(self) -> (Font, f32, f32, f32) {
        match self {
            Self::Heading => (Font::Bold, 13.0, 30.0, 0.0),
            Self::Host => (Font::Regular, 8.5, 11.0, 1.0),
            Self::Offer => (Font::Regular, 9.0, 22.0, 3.0),
            Self::Label => (Font::Regular, 7.0, 8.5, 6.0),
            Self::Username => (Font::Bold, 11.0, 13.5, 0.0),
            Self::Until => (Font::Regular, 10.0, 12.0, 0.0),
            Self::LinkLabel => (Font::Regular, 7.0, 8.5, 0.0),
            Self::Link => (Font::Typed, 10.0, 29.5, 1.0),
        }
    }

    /// Whether it is placed below the code.
    pub(super) const fn is_foot(self) -> bool {
        matches!(self, Self::LinkLabel | Self::Link)
    }
}

/// A text fitted into its area.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) role: Role,
    pub(super) text: String,
    pub(super) size: f32,
    lines: Vec<String>,
}

/// A positioned line of text.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) font: Font,
    pub(super) size: f32,
    pub(super) x: f32,
    /// The baseline.
    pub(super) y: f32,
    pub(super) text: String,
}

/// The texts of a card, from top to bottom.
pub(super) fn blocks(card: &Card) -> Vec<Block> {
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
    texts.into_iter().map(|(role, text)| fit(role, text)).collect()
}

/// The positioned lines of a card.
pub(super) fn lines(card: &Card) -> Vec<Line> {
    let (mut beside, mut below) = (COLUMN.y, FOOT.y);
    let mut placed = Vec::new();
    for block in blocks(card) {
        let (font, _, _, above) = block.role.style();
        let (x, top) = if block.role.is_foot() { (FOOT.x, &mut below) } else { (COLUMN.x, &mut beside) };
        *top += above;
        for text in block.lines {
            let y = *top + ASCENT * block.size;
            placed.push(Line { font, size: block.size, x, y, text });
            *top += LEADING * block.size;
        }
    }
    placed
}

/// Finds the largest size in which a text fits without breaking words, unless that is too small.
fn fit(role: Role, text: String) -> Block {
    let (font, full, height, _) = role.style();
    let width = if role.is_foot() { FOOT.width } else { COLUMN.width };
    let words = words(role, &text);
    let least = if role == Role::Link { LEAST_LINK } else { LEAST };
    let sizes =
        || std::iter::successors(Some(full), |size| Some(size - 0.5)).take_while(|size| *size >= least);
    let attempt = |size: f32, whole_words: bool| {
        let (lines, broken) = wrap(&words, font, width / size);
        let fits = f32::from(u16::try_from(lines.len()).unwrap_or(u16::MAX)) * LEADING * size <= height;
        (fits && !(broken && whole_words)).then_some((size, lines))
    };
    let found = sizes()
        .take_while(|size| *size >= UNBROKEN * full)
        .find_map(|size| attempt(size, true))
        .or_else(|| sizes().find_map(|size| attempt(size, false)));
    let (size, lines) = found.unwrap_or_else(|| (least, cut(&words, font, width / least, height / least)));
    Block { role, text, size, lines }
}

/// Wraps text to `width`; also returns whether a word had to be broken.
fn wrap(words: &[&str], font: Font, width: f32) -> (Vec<String>, bool) {
    let (mut lines, mut line, mut wide, mut broken) = (Vec::new(), String::new(), 0.0, false);
    for word in words {
        if wide + font.width(word.trim_end()) <= width {
            line.push_str(word);
            wide += font.width(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            wide = 0.0;
        }
        for char in word.chars() {
            let more = font.width(char.encode_utf8(&mut [0; 4]));
            if wide + more > width && char != ' ' && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                (wide, broken) = (0.0, true);
            }
            line.push(char);
            wide += more;
        }
    }
    lines.push(line);
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    (lines, broken)
}

/// Units that should not be broken: words, and the token of a link.
fn words(role: Role, text: &str) -> Vec<&str> {
    match text.rfind('/') {
        Some(slash) if role == Role::Link => vec![&text[..=slash], &text[slash + 1..]],
        _ => text.split_inclusive(' ').collect(),
    }
}

/// The start of a text that is too long even in the smallest size.
fn cut(words: &[&str], font: Font, width: f32, height: f32) -> Vec<String> {
    let (lines, _) = wrap(words, font, width);
    let mut room = height;
    let mut kept: Vec<String> = lines
        .into_iter()
        .take_while(|_| {
            room -= LEADING;
            room >= 0.0
        })
        .collect();
    if let Some(last) = kept.last_mut() {
        while last.pop().is_some() && font.width(last) + font.width("…") > width {}
        last.push('…');
    }
    kept
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

    /// Every line is no wider than its area, below the one before, and above what comes next.
    fn lies_inside(card: &Card) {
        let mut below = (COLUMN.y, FOOT.y);
        for line in lines(card) {
            let (area, end, below) = if line.x < COLUMN.x {
                (FOOT, CARD.1 - 4.0 * MM, &mut below.1)
            } else {
                (COLUMN, FOOT.y, &mut below.0)
            };
            assert!(line.font.width(&line.text) * line.size <= area.width + 0.01, "{line:?}");
            assert!(line.y - ASCENT * line.size >= *below - 0.01, "{line:?}");
            assert!(line.y + 0.22 * line.size <= end, "{line:?}");
            *below = line.y;
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
        for block in blocks(&card) {
            assert!((block.size - block.role.style().1).abs() < 0.01, "{block:?}");
        }
        let link = blocks(&card).pop().unwrap();
        assert_eq!(link.lines, ["https://example.com/invite/", "Vbkf8JHN18MhGd020L7jvxKvBDiT"]);
    }

    #[test]
    fn a_long_link_is_whole_and_a_long_name_is_cut() {
        let link = format!("https://example.com/{}", "x".repeat(2200));
        let card = card(&"Chat ".repeat(300), "example.com", &"w".repeat(1000), &link);
        lies_inside(&card);
        let blocks = blocks(&card);
        assert_eq!(blocks.last().unwrap().lines.concat(), link);
        assert!(blocks[0].lines.last().unwrap().ends_with('…'), "{blocks:?}");
    }

    #[test]
    fn a_host_shrinks_before_it_is_broken() {
        let (lines, broken) = wrap(&["conference.example.org"], Font::Bold, 100.0 / 13.0);
        assert!(broken && lines.len() > 1);
        let block = fit(Role::Heading, "conference.example.org".to_owned());
        assert_eq!(block.lines, ["conference.example.org"]);
        assert!(block.size < 13.0);
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

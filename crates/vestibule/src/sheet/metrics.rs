//! The standard PDF fonts: encoding and widths.

/// A font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Font {
    /// Helvetica.
    Regular,
    /// Helvetica in bold.
    Bold,
    /// Courier, which distinguishes I, l and 1, for text to type.
    Typed,
}

impl Font {
    /// Width of a text at size 1. Characters that cannot be encoded count as wide.
    pub(super) fn width(self, text: &str) -> f32 {
        let widths = match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
            Self::Typed => &[600; 224],
        };
        let thousandths = |char| {
            let code = code(char).and_then(|code| widths.get(usize::from(code).checked_sub(32)?));
            code.copied().filter(|width| *width > 0).unwrap_or(1000)
        };
        text.chars().map(|char| f32::from(thousandths(char)) / 1000.0).sum()
    }
}

/// Encodes text as `WinAnsi`; `None` if it cannot be encoded.
pub(super) fn win_ansi(text: &str) -> Option<Vec<u8>> {
    text.chars().map(code).collect()
}

/// Like [`win_ansi`], with question marks for characters that cannot be encoded.
pub(super) fn win_ansi_or_marks(text: &str) -> Vec<u8> {
    text.chars().map(|char| code(char).unwrap_or(b'?')).collect()
}

fn code(char: char) -> Option<u8> {
    match char {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(char)).ok(),
        _ => EXTRA.iter().find(|(known, _)| *known == char).map(|(_, code)| *code),
    }
}

/// Characters of `WinAnsi` beyond Latin-1.
const EXTRA: [(char, u8); 27] = [
    ('€', 0x80),
    ('‚', 0x82),
    ('ƒ', 0x83),
    ('„', 0x84),
    ('…', 0x85),
    ('†', 0x86),
    ('‡', 0x87),
    ('ˆ', 0x88),
    ('‰', 0x89),
    ('Š', 0x8a),
    ('‹', 0x8b),
    ('Œ', 0x8c),
    ('Ž', 0x8e),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('˜', 0x98),
    ('™', 0x99),
    ('š', 0x9a),
    ('›', 0x9b),
    ('œ', 0x9c),
    ('ž', 0x9e),
    ('Ÿ', 0x9f),
];

/// Widths of Helvetica in thousandths of the size, from the space on; 0 for unused codes.
const REGULAR: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 0, 556, 0, 222, 556, 333, 1000, 556, 556, 333,
    1000, 667, 333, 1000, 0, 611, 0, 0, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 0, 500,
    667, 278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 552, 400, 549, 333, 333,
    333, 576, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667, 667, 1000, 722, 667,
    667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667,
    667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 549, 611, 556, 556, 556, 556, 500, 556, 500,
];

const BOLD: [u16; 224] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
    556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
    556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
    333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584, 0, 556, 0, 278, 556, 500, 1000, 556, 556, 333,
    1000, 667, 333, 1000, 0, 611, 0, 0, 278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556, 333, 944, 0, 500,
    667, 278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 552, 400, 549, 333, 333,
    333, 576, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611, 722, 722, 722, 722, 722, 722, 1000, 722, 667,
    667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667,
    667, 611, 556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278, 278, 611, 611, 611,
    611, 611, 611, 611, 549, 611, 611, 611, 611, 611, 556, 611, 556,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_helvetica() {
        let near = |font: Font, text, expected: f32| {
            let width = font.width(text);
            assert!((width - expected).abs() < 0.0005, "{text}: {width}");
        };
        near(Font::Regular, "A", 0.667);
        near(Font::Regular, "Wi", 0.944 + 0.222);
        near(Font::Regular, "ü€", 0.556 + 0.556);
        near(Font::Bold, "@é", 0.975 + 0.556);
        near(Font::Regular, "字", 1.0);
        near(Font::Typed, "Wi", 1.2);
    }

    #[test]
    fn what_latin_letters_write_is_encoded_and_the_rest_is_not() {
        assert_eq!(win_ansi("Žižkov – ü"), Some(b"\x8ei\x9ekov \x96 \xfc".to_vec()));
        assert_eq!(win_ansi("школа"), None);
        assert_eq!(win_ansi("a\u{9f}\n"), None, "no control characters");
        assert_eq!(win_ansi_or_marks("a→b"), b"a?b");
    }
}

//! A rendered page with placeholders.

use sha2::{Digest, Sha256};
use vestibule_core::hex;

use super::placeholder::Placeholder;
use crate::{
    escape::escape_into,
    gzip::{Deflated, GzipWriter},
};

/// The text of each placeholder, escaped; empty for those that are not in a page.
pub(super) type Values = [String; Placeholder::ALL.len()];

/// A page with placeholders.
#[derive(Debug)]
pub(in crate::pages) struct CachedPage {
    /// Pieces of the page, each with the placeholder that follows it.
    pieces: Vec<(Piece, Placeholder)>,
    end: Piece,
    /// The placeholders in it, each once.
    placeholders: Vec<Placeholder>,
    /// Those that determine the values of all.
    hashed: Vec<Placeholder>,
    hash: [u8; 32],
}

/// A piece of a page, which is the same for all invites.
#[derive(Debug)]
struct Piece {
    text: String,
    /// Set if that is smaller.
    compressed: Option<Deflated>,
}

impl Piece {
    fn new(text: String) -> Self {
        Self { compressed: Deflated::of(&text), text }
    }

    fn compress_into(&self, writer: &mut GzipWriter) {
        match &self.compressed {
            Some(compressed) => writer.piece(&self.text, compressed),
            None => writer.text(&self.text),
        }
    }
}

impl CachedPage {
    /// Splits a rendered page.
    pub(in crate::pages) fn of(page: &str) -> Self {
        let (mut pieces, mut placeholders, mut piece) = (Vec::new(), Vec::new(), String::new());
        for character in page.chars() {
            match Placeholder::of(character) {
                Some(placeholder) => {
                    pieces.push((Piece::new(std::mem::take(&mut piece)), placeholder));
                    if !placeholders.contains(&placeholder) {
                        placeholders.push(placeholder);
                    }
                }
                None => piece.push(character),
            }
        }
        let follows = |placeholder: &Placeholder| {
            let sources = placeholder.follows_from();
            !sources.is_empty() && sources.iter().all(|source| placeholders.contains(source))
        };
        let hashed = placeholders.iter().copied().filter(|placeholder| !follows(placeholder)).collect();
        Self { pieces, end: Piece::new(piece), placeholders, hashed, hash: Sha256::digest(page).into() }
    }

    /// The whole page. `value` is called once for each placeholder in it.
    pub(in crate::pages) fn fill(&self, value: impl Fn(Placeholder) -> String) -> String {
        self.plain(&self.values(value))
    }

    pub(super) fn values(&self, value: impl Fn(Placeholder) -> String) -> Values {
        let mut values = [const { String::new() }; Placeholder::ALL.len()];
        for placeholder in &self.placeholders {
            // Writing to a String cannot fail.
            let _ = escape_into(&mut values[*placeholder as usize], &value(*placeholder));
        }
        values
    }

    pub(super) fn plain(&self, values: &Values) -> String {
        let mut page = String::with_capacity(self.length(values, |piece| piece.text.len()));
        for (piece, placeholder) in &self.pieces {
            page.push_str(&piece.text);
            page.push_str(&values[*placeholder as usize]);
        }
        page.push_str(&self.end.text);
        page
    }

    /// The page as a gzip file. Only its pieces are compressed, and each only once: a request costs hardly more than
    /// without compression, and no length tells how the values of an invite resemble other text.
    pub(super) fn compressed(&self, values: &Values) -> Vec<u8> {
        let length = |piece: &Piece| piece.text.len() / 2;
        let mut writer = GzipWriter::with_capacity(self.length(values, length));
        for (piece, placeholder) in &self.pieces {
            piece.compress_into(&mut writer);
            writer.text(&values[*placeholder as usize]);
        }
        self.end.compress_into(&mut writer);
        writer.finish()
    }

    /// A hash of everything that the page consists of, in hexadecimal digits.
    pub(super) fn hash_with(&self, values: &Values) -> String {
        let mut hash = Sha256::new_with_prefix(self.hash);
        for placeholder in &self.hashed {
            hash.update(&values[*placeholder as usize]);
            // A byte that no text contains.
            hash.update([0xff]);
        }
        hex::encode(&hash.finalize()[..12])
    }

    fn length(&self, values: &Values, length: impl Fn(&Piece) -> usize) -> usize {
        let pieces = self.pieces.iter();
        let pieces = pieces.map(|(piece, placeholder)| length(piece) + values[*placeholder as usize].len());
        pieces.sum::<usize>() + length(&self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_by_escaped_values() {
        let page = format!(
            "<p>{}&amp;{}</p>{}",
            Placeholder::Inviter.mark(),
            Placeholder::Uri.mark(),
            Placeholder::Inviter.mark()
        );
        let value = |slot| match slot {
            Placeholder::Inviter => "a<b\u{e201}".to_owned(),
            Placeholder::Uri => "xmpp:a?b;c=\"d\"".to_owned(),
            other => panic!("{other:?} is not in the page"),
        };
        let whole = CachedPage::of(&page).fill(value);
        assert_eq!(whole, "<p>a&lt;b\u{e201}&amp;xmpp:a?b;c=&quot;d&quot;</p>a&lt;b\u{e201}");
        assert_eq!(CachedPage::of("plain").fill(value), "plain");
    }

    #[test]
    fn a_hash_depends_on_the_page_and_on_each_value() {
        let text: String = Placeholder::ALL.into_iter().map(Placeholder::mark).collect();
        let page = CachedPage::of(&text);
        let value = |slot: Placeholder| format!("{slot:?}");
        let hash = page.hash_with(&page.values(value));
        assert_eq!(hash, page.hash_with(&page.values(value)));
        assert_ne!(hash, CachedPage::of(&format!("{text}.")).hash_with(&page.values(value)));
        for changed in Placeholder::ALL.into_iter().filter(|slot| slot.follows_from().is_empty()) {
            let value = |slot| if slot == changed { "another".to_owned() } else { value(slot) };
            assert_ne!(hash, page.hash_with(&page.values(value)), "{changed:?}");
        }
        // What follows from another value counts if that one is not on the page.
        let alone = CachedPage::of(&Placeholder::Token.mark());
        let hash = |token: &str| alone.hash_with(&alone.values(|_| token.to_owned()));
        assert_ne!(hash("a"), hash("b"));
    }

    #[test]
    fn a_compressed_page_is_the_same_page() {
        let repeated = "<p class=\"step\">Install the app, then come back.</p>".repeat(9);
        let text =
            format!("{repeated}{}{repeated}{}", Placeholder::Message.mark(), Placeholder::Token.mark());
        let page = CachedPage::of(&text);
        let values = page.values(|slot| format!("{slot:?} & more"));
        let (plain, compressed) = (page.plain(&values), page.compressed(&values));
        let mut decoded = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(compressed.as_slice()), &mut decoded)
            .unwrap();
        assert_eq!(decoded, plain);
        assert!(compressed.len() * 3 < plain.len(), "{}", compressed.len());
    }
}

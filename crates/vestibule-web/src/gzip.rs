//! gzip (RFC 1952): of whole files, and of pages that are put together from pieces.

use std::io::Write;

use flate2::{Compress, Compression, Crc, FlushCompress, Status, write::GzEncoder};

/// The header of a gzip file without a name and a time (RFC 1952, section 2.3).
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// The last block of a stream, which is empty and compressed with the fixed code (RFC 1951, section 3.2.6).
const LAST_BLOCK: [u8; 2] = [0x03, 0x00];

/// Maximum length of a block of uncompressed bytes (RFC 1951, section 3.2.4), and the length of its header.
const MAX_STORED: usize = 0xffff;
const STORED_HEADER: usize = 5;

/// A compressed file; `None` if that is not smaller.
pub(crate) fn compressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().filter(|compressed| compressed.len() < bytes.len())
}

/// A compressed piece of a stream. It ends at a byte and refers to nothing before it, so that any bytes may surround
/// it.
#[derive(Debug)]
pub(crate) struct Deflated(Box<[u8]>);

impl Deflated {
    /// Compresses a piece; `None` if it would not be smaller.
    pub(crate) fn of(piece: &str) -> Option<Self> {
        let mut compress = Compress::new(Compression::best(), false);
        let mut out = Vec::with_capacity(piece.len() + 64);
        let status = compress.compress_vec(piece.as_bytes(), &mut out, FlushCompress::Full).ok()?;
        let is_whole = status == Status::Ok && usize::try_from(compress.total_in()) == Ok(piece.len());
        // A full output buffer could have cut the end off.
        let is_whole = is_whole && out.len() < out.capacity();
        (is_whole && out.len() + STORED_HEADER < piece.len()).then(|| Self(out.into_boxed_slice()))
    }
}

/// Writes a gzip file from compressed pieces, and text between them that stays as it is.
///
/// No text is compressed together with another, so the length of the file reveals nothing about them except their own
/// lengths.
pub(crate) struct GzipWriter {
    out: Vec<u8>,
    /// Text that is not in `out` yet.
    text: Vec<u8>,
    crc: Crc,
}

impl GzipWriter {
    /// A writer with room for a file of this length.
    pub(crate) fn with_capacity(length: usize) -> Self {
        let mut out = Vec::with_capacity(length + HEADER.len() + LAST_BLOCK.len() + 8);
        out.extend_from_slice(&HEADER);
        Self { out, text: Vec::with_capacity(256), crc: Crc::new() }
    }

    /// Adds text as it is.
    pub(crate) fn text(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Adds a piece that has been compressed.
    pub(crate) fn piece(&mut self, piece: &str, compressed: &Deflated) {
        self.flush();
        self.crc.update(piece.as_bytes());
        self.out.extend_from_slice(&compressed.0);
    }

    /// The file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.flush();
        self.out.extend_from_slice(&LAST_BLOCK);
        self.out.extend_from_slice(&self.crc.sum().to_le_bytes());
        self.out.extend_from_slice(&self.crc.amount().to_le_bytes());
        self.out
    }

    fn flush(&mut self) {
        self.crc.update(&self.text);
        for block in self.text.chunks(MAX_STORED) {
            let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
            self.out.push(0);
            self.out.extend_from_slice(&length.to_le_bytes());
            self.out.extend_from_slice(&(!length).to_le_bytes());
            self.out.extend_from_slice(block);
        }
        self.text.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    fn decoded(file: &[u8]) -> String {
        let mut text = String::new();
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_file_is_compressed_if_that_makes_it_smaller() {
        let css = include_bytes!("../static/style.css");
        let file = compressed(css).unwrap();
        assert!(file.len() * 3 < css.len(), "{}", file.len());
        assert_eq!(decoded(&file).as_bytes(), css);
        assert_eq!(compressed(b"x"), None);
    }

    #[test]
    fn text_longer_than_a_block_is_divided() {
        let text = "x".repeat(2 * MAX_STORED + 1);
        let mut writer = GzipWriter::with_capacity(0);
        writer.text(&text);
        assert_eq!(decoded(&writer.finish()), text);
    }

    proptest! {
        #[test]
        fn a_file_of_pieces_is_their_concatenation(
            parts in prop::collection::vec(("(<p class=\"step\">|[a-c]|\\PC){0,200}", "\\PC{0,30}"), 0..6),
        ) {
            let mut writer = GzipWriter::with_capacity(0);
            let mut expected = String::new();
            for (piece, text) in &parts {
                match Deflated::of(piece) {
                    Some(deflated) => writer.piece(piece, &deflated),
                    None => writer.text(piece),
                }
                writer.text(text);
                expected.push_str(piece);
                expected.push_str(text);
            }
            prop_assert_eq!(decoded(&writer.finish()), expected);
        }
    }
}

//! Hexadecimal text.

use std::fmt::Write as _;

/// Encodes bytes as lower-case hexadecimal digits.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Decodes exactly `2 * N` hexadecimal digits of either case.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let digit = |letter: u8| char::from(letter).to_digit(16);
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_round_trip_in_either_case() {
        assert_eq!(encode(&[0x00, 0x9f, 0xff]), "009fff");
        assert_eq!(decode("009FfF"), Some([0x00, 0x9f, 0xff]));
    }

    #[test]
    fn bytes_below_sixteen_have_two_digits() {
        assert_eq!(encode(&[0, 15, 255]), "000fff");
        assert_eq!(decode("000fFF"), Some([0, 15, 255]));
        for text in ["", "0", "000", "0x00", "+100", "000fffff", "é00f"] {
            assert_eq!(decode::<2>(text), None, "{text}");
        }
    }

    #[test]
    fn other_text_is_rejected() {
        for text in ["", "0", "00000", "0000000", "00zz00", "+10000", "00 000", "é0000"] {
            assert_eq!(decode::<3>(text), None, "{text:?}");
        }
    }
}

//! The QR codes that the script of the pages draws, module by module, beside those of `fast_qr`.

use std::fs;
use std::time::Duration;

use fast_qr::{ECL, Mask, Mode, QRBuilder};
use serde_json::Value;
use tempfile::TempDir;
use vestibule_e2e::run_script;

const MASKS: [Mask; 8] = [
    Mask::Checkerboard,
    Mask::HorizontalLines,
    Mask::VerticalLines,
    Mask::DiagonalLines,
    Mask::LargeCheckerboard,
    Mask::Fields,
    Mask::Diamonds,
    Mask::Meadow,
];

fn texts() -> Vec<String> {
    let account = |address: &str, password: &str| {
        serde_json::json!({ "protocol": "xmpp", "address": address, "password": password }).to_string()
    };
    let mut texts = vec![
        account("gertrud@example.com", "tufo-babe-zaro-meka"),
        account("jürgen@example.com", "Zwölf <Boxkämpfer> & \"ein\" Wort?"),
        account("анна@пример.example", "очень длинный пароль из слов"),
        account("太郎@例え.example", "正しい馬の電池"),
        account("a@b", "😀 \u{7f}'\\"),
    ];
    // Every length around the limits of all versions, with changing bytes.
    for length in (1..60).chain((60..666).step_by(7)).chain([213, 214, 665, 666]) {
        let byte = |at: usize| char::from(b'!' + u8::try_from((at * at + length) % 90).unwrap());
        texts.push((0..length).map(byte).collect());
    }
    texts
}

#[test]
fn codes_are_those_of_another_encoder() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("texts.json");
    let mut texts = texts();
    texts.push("x".repeat(667));
    fs::write(&file, serde_json::to_string(&texts).unwrap()).unwrap();
    let output = run_script("qr.mjs", &[file.to_str().unwrap()], Duration::from_mins(2)).unwrap();
    assert!(output.success(), "{output}");
    let codes: Vec<Value> = output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(codes.len(), texts.len());
    assert_eq!(codes.last(), Some(&Value::Null), "the text is too long");
    texts.pop();
    for (text, code) in texts.iter().zip(&codes) {
        let rows: Vec<Vec<bool>> = code.as_array().unwrap().iter().map(row).collect();
        // Encoders may prefer another mask; all of them are correct, so the same one is set.
        let mask = MASKS[mask_of(&rows)];
        let expected = QRBuilder::new(text.as_str()).ecl(ECL::M).mode(Mode::Byte).mask(mask).build().unwrap();
        assert_eq!(rows.len(), expected.size, "{text}");
        for (y, row) in rows.iter().enumerate() {
            let other: Vec<bool> = expected[y][..expected.size].iter().map(|module| module.value()).collect();
            assert_eq!(row, &other, "row {y} of {text}");
        }
    }
}

fn row(value: &Value) -> Vec<bool> {
    value.as_array().unwrap().iter().map(|module| module.as_u64() == Some(1)).collect()
}

/// The mask that the format information names: bits 10 to 12, after unmasking (ISO/IEC 18004 section 7.9).
fn mask_of(rows: &[Vec<bool>]) -> usize {
    let bit = |x: usize, by: bool| usize::from(rows[8][x] != by);
    // The pattern 101010000010010 inverts the bits 12 (1) and 10 (1) but not 11 (0).
    (bit(2, true) << 2) | (bit(3, false) << 1) | bit(4, true)
}

//! Sheets as files.

use std::{fs, os::unix::fs::MetadataExt};

use vestibule_core::Kind;

use super::*;
use card::tests::{LINK, invite};

fn sheet(path: &std::path::Path) -> Result<Sheet, CliError> {
    SheetFile::parse(path.to_str().unwrap()).unwrap().create("example.com", Some("Example Chat"))
}

#[test]
fn the_ending_says_what_it_is() {
    let format = |text| SheetFile::parse(text).map(|file| file.format);
    assert_eq!(format("a.html"), Ok(Format::Html));
    assert_eq!(format("/tmp/b.c.PDF"), Ok(Format::Pdf));
    for other in ["", "pdf", ".pdf", "a.png", "a.pdf.txt", "a."] {
        assert!(format(other).is_err(), "{other}");
    }
}

#[test]
fn a_sheet_is_for_its_owner_alone_and_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    for (name, begins) in [("a.html", "<!doctype html>"), ("a.pdf", "%PDF-1.7")] {
        let path = folder.path().join(name);
        let mut made = sheet(&path).unwrap();
        for _ in 0..9 {
            made.add(&invite("example.com", Kind::Account, None, None), LINK);
        }
        made.finish().unwrap();
        let bytes = fs::read(&path).unwrap();
        assert!(bytes.starts_with(begins.as_bytes()));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let error = sheet(&path).err().unwrap().to_string();
        assert!(error.contains("already exists; remove it"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn without_a_card_or_after_a_failure_no_file_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    sheet(&path).unwrap().finish().unwrap();
    assert!(!path.exists());
    drop(sheet(&path).unwrap());
    assert!(!path.exists());
    let mut failing = sheet(&path).unwrap();
    for _ in 0..20 {
        failing.add(&invite("example.com", Kind::Account, None, None), &"x".repeat(3000));
    }
    let error = failing.finish().unwrap_err().to_string();
    assert!(error.contains("links are printed, but the sheet") && error.contains("3000 bytes"), "{error}");
    assert!(!path.exists());
}

#[test]
fn a_missing_font_is_reported_with_its_package() {
    let folder = tempfile::tempdir().unwrap();
    for (name, reported) in [("a.pdf", true), ("a.html", false)] {
        let mut made = sheet(&folder.path().join(name)).unwrap();
        made.typesetter = Typesetter::new(Fonts::with_folders(Vec::new()));
        made.add(&invite("example.com", Kind::Account, Some("雪"), None), LINK);
        made.write_page();
        let warning = made.missing_fonts();
        assert_eq!(warning.is_some(), reported, "{name}");
        if let Some(text) = warning {
            assert!(text.contains("has 雪.") && text.contains("fonts-noto-cjk"), "{text}");
        }
    }
}

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
        let error = sheet(&path).unwrap_err().to_string();
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
fn every_object_of_a_pdf_is_where_its_table_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    let mut made = sheet(&path).unwrap();
    for _ in 0..17 {
        made.add(&invite("example.com", Kind::Account, None, None), LINK);
    }
    made.finish().unwrap();
    let bytes = fs::read(&path).unwrap();
    let from = |place: usize| String::from_utf8_lossy(&bytes[place..]).into_owned();
    let table = from(bytes.len() - 40).lines().rev().nth(1).unwrap().parse().unwrap();
    let table = from(table);
    let mut lines = table.lines();
    assert_eq!((lines.next(), lines.next()), (Some("xref"), Some("0 13")), "6 objects and 2 a page");
    assert_eq!(lines.next(), Some("0000000000 65535 f"));
    for id in 1..13 {
        let line = lines.next().unwrap();
        let place: usize = line.strip_suffix(" 00000 n").unwrap().parse().unwrap();
        assert!(from(place).starts_with(&format!("{id} 0 obj")), "{id}: {line}");
    }
}

//! Reads the output of `prosodyctl mod_vestibule export HOST`: one JSON object on each line.
//!
//! The first line is a header, the last one counts the records, so that an export that was cut off is recognised:
//!
//! ```text
//! {"vestibule_export": 1, "host": "example.com", "settings": {...}}
//! {"invite": {...}, "token": "..."}
//! {"contact": "juliet", "token": "...", "expires": 1800000000}
//! {"key": {...}, "id": "...", "sha256": "..."}
//! {"records": 3}
//! ```
//!
//! Lines before the header that are no JSON are skipped: prosodyctl prints warnings there, for example if lua-unbound is
//! missing. If no header follows, the last of them is the error of prosodyctl, which prints errors there, too.

use std::io::BufRead;

use serde_json::{Map, Value};
use vestibule_core::Host;

use crate::{
    records::{ReadError, Records},
    settings::ProsodySettings,
};

/// The version of the format.
const VERSION: u64 = 1;

/// The longest line, in bytes. Records of Prosody have a few hundred.
const MAX_LINE: u64 = 1 << 20;

/// Maximum number of characters that an error repeats of a line.
const MAX_QUOTED: usize = 200;

/// Reads an export of `host`.
pub fn read(mut input: impl BufRead, host: &Host) -> Result<Records, ReadError> {
    let mut records = Records::default();
    let mut line_number = 0;
    let mut is_complete = false;
    let mut skipped = String::new();
    loop {
        let mut line = Vec::new();
        let read = std::io::Read::take(&mut input, MAX_LINE).read_until(b'\n', &mut line);
        if read.map_err(ReadError::Input)? == 0 {
            break;
        }
        line_number += 1;
        let failed = |problem: String| ReadError::Line { line: line_number, problem };
        // As in files of the internal storage, bytes that are not UTF-8 become U+FFFD.
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if records.settings.is_none() && !line.starts_with('{') {
            skipped = line.chars().take(MAX_QUOTED).collect();
            continue;
        }
        if is_complete {
            return Err(failed("a line follows the count of the records".to_owned()));
        }
        let object: Map<String, Value> =
            serde_json::from_str(line).map_err(|error| failed(format!("expected a JSON object: {error}")))?;
        if records.settings.is_none() {
            records.settings = Some(header(&object, host, line_number)?);
        } else {
            is_complete = record(&mut records, object).map_err(failed)?;
        }
    }
    match (line_number, is_complete) {
        (0, _) => Err(ReadError::Incomplete("it is empty".to_owned())),
        _ if records.settings.is_none() => Err(ReadError::NoExport(skipped)),
        (_, false) => {
            Err(ReadError::Incomplete("its last line, which counts the records, is missing".to_owned()))
        }
        (_, true) => Ok(records),
    }
}

fn header(object: &Map<String, Value>, host: &Host, line: usize) -> Result<ProsodySettings, ReadError> {
    let failed = |problem: &str| ReadError::Line { line, problem: problem.to_owned() };
    match object.get("vestibule_export").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(_) => return Err(failed("this export was written by a newer version")),
        None => {
            return Err(failed("expected the output of `prosodyctl mod_vestibule export HOST`"));
        }
    }
    let exported = object.get("host").and_then(Value::as_str).unwrap_or_default();
    if Host::parse(exported).as_ref() != Ok(host) {
        return Err(ReadError::OtherHost(exported.to_owned()));
    }
    Ok(object.get("settings").map(ProsodySettings::read).unwrap_or_default())
}

/// Adds the record of a line; `true` for the last line, which counts them.
fn record(records: &mut Records, mut object: Map<String, Value>) -> Result<bool, String> {
    let text = |object: &Map<String, Value>, name: &str| {
        let value = object.get(name).and_then(Value::as_str);
        value.map(str::to_owned).ok_or_else(|| format!("\"{name}\" is missing, or is not a string"))
    };
    if let Some(count) = object.get("records").and_then(Value::as_u64) {
        let read = records.len();
        if u64::try_from(read) != Ok(count) {
            return Err(format!("the export holds {read} records of {count}"));
        }
        return Ok(true);
    }
    if let Some(invite) = object.remove("invite") {
        records.invites.push((text(&object, "token")?, invite));
    } else if object.contains_key("contact") {
        let expires = object.get("expires").cloned().unwrap_or_default();
        records.contacts.push((text(&object, "contact")?, text(&object, "token")?, expires));
    } else if let Some(Value::Object(mut key)) = object.remove("key") {
        key.extend(object.remove("sha256").map(|hash| ("sha256".to_owned(), hash)));
        records.keys.push((text(&object, "id")?, Value::Object(key)));
    } else {
        return Err("expected an invite, a contact, a key or the count of the records".to_owned());
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const EXPORT: &str = r#"{"vestibule_export":1,"host":"A.example","settings":{"site_name":"Chat"}}
{"invite":{"type":"register"},"token":"t"}
{"contact":"ann","token":"c","expires":17}

{"key":{"name":"k"},"id":"i","sha256":"ff"}
{"records":3}
"#;

    fn read(text: &str) -> Result<Records, ReadError> {
        super::read(text.as_bytes(), &Host::parse("a.example").unwrap())
    }

    #[test]
    fn an_export_is_read() {
        let records = read(EXPORT).unwrap();
        assert_eq!(records.invites, [("t".to_owned(), json!({"type": "register"}))]);
        assert_eq!(records.contacts, [("ann".to_owned(), "c".to_owned(), json!(17))]);
        assert_eq!(records.keys, [("i".to_owned(), json!({"name": "k", "sha256": "ff"}))]);
        assert_eq!(records.settings.unwrap().site_name.as_deref(), Some("Chat"));
    }

    #[test]
    fn an_export_that_was_cut_off_is_rejected_wherever_it_ends() {
        for end in 0..EXPORT.trim_end().len() {
            let error = read(&EXPORT[..end]).unwrap_err().to_string();
            assert!(error.contains("incomplete") || error.contains("line "), "{end}: {error}");
        }
    }

    #[test]
    fn warnings_of_prosodyctl_before_the_header_are_skipped() {
        let warning = "\n****\nProsody was unable to find lua-unbound\n****\n\n";
        assert_eq!(read(&format!("{warning}{EXPORT}")).unwrap().len(), 3);
        assert!(matches!(read(warning), Err(ReadError::NoExport(line)) if line == "****"));
        // Not between the records.
        let error = read(&EXPORT.replacen('\n', warning, 1)).unwrap_err().to_string();
        assert!(error.contains("line 2 of the export: expected a JSON object"), "{error}");
    }

    #[test]
    fn the_error_of_prosodyctl_is_repeated() {
        let error = read("Failed to load module 'vestibule': File or directory not found\n\n").unwrap_err();
        assert!(
            error.to_string().ends_with("Failed to load module 'vestibule': File or directory not found")
        );
        assert!(read(&"x".repeat(1_000)).unwrap_err().to_string().len() < 400);
    }

    #[test]
    fn a_record_with_odd_bytes_or_without_a_secret_is_read() {
        let export = EXPORT.replace("\"name\":\"k\"", "\"name\":\"k?\"").replace(",\"sha256\":\"ff\"", "");
        let bytes: Vec<u8> = export.bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect();
        let records = super::read(&bytes[..], &Host::parse("a.example").unwrap()).unwrap();
        assert_eq!(records.keys, [("i".to_owned(), json!({"name": "k\u{fffd}"}))]);
    }

    #[test]
    fn damage_is_reported_with_its_line() {
        for (from, to, expected) in [
            ("A.example", "b.example", "the export is of b.example"),
            ("\"vestibule_export\":1", "\"vestibule_export\":2", "newer version"),
            ("\"vestibule_export\":1", "\"x\":1", "line 1 of the export: expected the output of"),
            ("{\"invite\"", "{\"invit\"", "line 2 of the export: expected an invite"),
            ("\"token\":\"c\"", "\"token\":5", "line 3 of the export: \"token\" is missing"),
            ("\"records\":3", "\"records\":4", "the export holds 3 records of 4"),
            ("\"id\":\"i\"", "\"id\":1", "line 5 of the export: \"id\" is missing"),
            (
                "{\"records\":3}\n",
                "{\"records\":3}\n{\"records\":3}\n",
                "line 7 of the export: a line follows",
            ),
            ("{\"contact\"", "Error: x {\"contact\"", "line 3 of the export: expected a JSON object"),
        ] {
            let error = read(&EXPORT.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_rejected(text in "\\PC{0,200}", line in "\\PC{0,80}") {
            let _ = read(&text);
            let _ = read(&EXPORT.replacen('\n', &format!("\n{line}\n"), 1));
        }
    }
}

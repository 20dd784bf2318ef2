//! Reads a directory of Prosody's internal storage, or a copy of one.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use vestibule_core::Host;

use crate::{
    lua,
    records::{ReadError, Records},
};

/// Reads what a host has stored below Prosody's data directory.
pub fn read(data: &Path, host: &Host) -> Result<Records, ReadError> {
    let name = encode(host.as_str());
    let directory = data.join(&name);
    match fs::metadata(&directory) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound && data.is_dir() => {
            return Err(ReadError::NoHost { data: data.to_owned(), directory: name });
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ReadError::File { path: data.to_owned(), error });
        }
        Err(error) => return Err(ReadError::File { path: directory, error }),
    }
    Ok(Records {
        invites: table(&directory.join("invite_token.dat"))?.into_iter().collect(),
        contacts: contacts(&directory.join("invite_token"))?,
        keys: table(&directory.join("invite_api_keys.dat"))?.into_iter().collect(),
        settings: None,
    })
}

/// The name of a host or user in Prosody's storage: every byte but ASCII letters and digits is escaped.
fn encode(name: &str) -> String {
    let escaped = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02x}"),
    };
    name.bytes().map(escaped).collect()
}

/// The table in a file; empty if there is no such file.
fn table(path: &Path) -> Result<Map<String, Value>, ReadError> {
    let file = match fs::read(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Map::new()),
        Err(error) => return Err(ReadError::File { path: path.to_owned(), error }),
    };
    match lua::read(&file).map_err(|error| ReadError::Damaged { path: path.to_owned(), error })? {
        Value::Object(table) => Ok(table),
        _ => Err(ReadError::NotATable(path.to_owned())),
    }
}

/// The stores of users, one file each.
fn contacts(directory: &Path) -> Result<Vec<(String, String, Value)>, ReadError> {
    let failed = |error| ReadError::File { path: directory.to_owned(), error };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut paths =
        entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>().map_err(failed)?;
    paths.sort();
    let mut contacts = Vec::new();
    for path in paths {
        // A name with a tilde at its end is a file that Prosody was writing when it was stopped.
        if path.extension().is_none_or(|extension| extension != "dat") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let username = percent_decode_str(&name).decode_utf8_lossy().into_owned();
        let tokens = table(&path)?;
        contacts.extend(tokens.into_iter().map(|(token, expires)| (username.clone(), token, expires)));
    }
    Ok(contacts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn host() -> Host {
        Host::parse("a-b.example").unwrap()
    }

    fn data(files: &[(&str, &str)]) -> tempfile::TempDir {
        let data = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = data.path().join("a%2db%2eexample").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        data
    }

    #[test]
    fn the_stores_of_a_host_and_its_users_are_read() {
        let data = data(&[
            ("invite_token.dat", "return { t = { x = 1 } };\n"),
            ("invite_token/j%c3%bcl%2eiet.dat", "return { c = 17 };\n"),
            ("invite_token/left.dat~", "return {"),
            ("invite_api_keys.dat", "return { k = { token = \"s\" } };\n"),
            ("accounts/juliet.dat", "return {};\n"),
        ]);
        let records = read(data.path(), &host()).unwrap();
        assert_eq!(records.invites, [("t".to_owned(), json!({"x": 1}))]);
        assert_eq!(records.contacts, [("jül.iet".to_owned(), "c".to_owned(), json!(17))]);
        assert_eq!(records.keys, [("k".to_owned(), json!({"token": "s"}))]);
        assert_eq!(records.len(), 3);
    }

    #[test]
    fn a_host_without_invites_is_empty_and_an_unknown_one_is_an_error() {
        let data = data(&[("accounts/juliet.dat", "return {};\n")]);
        assert!(read(data.path(), &host()).unwrap().is_empty());
        let error = read(data.path(), &Host::parse("other.example").unwrap()).unwrap_err().to_string();
        assert!(error.contains("has no directory other%2eexample"), "{error}");
        let error = read(&data.path().join("missing"), &host()).unwrap_err().to_string();
        assert!(error.contains("missing: No such file"), "{error}");
    }

    #[test]
    fn a_damaged_file_is_named_with_its_line() {
        for (file, text, expected) in [
            ("invite_token.dat", "return {\n\tt = {", "invite_token.dat is damaged"),
            ("invite_token/ann.dat", "os.exit()", "ann.dat is damaged"),
            ("invite_api_keys.dat", "return \"x\"", "invite_api_keys.dat does not hold a table"),
        ] {
            let error = read(data(&[(file, text)]).path(), &host()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}

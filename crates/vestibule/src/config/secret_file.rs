//! Files with one secret.

use std::{fs, path::Path};

use secrecy::SecretString;

use super::ConfigError;

/// Reads a password or token. A trailing line break is ignored. `setting` names the file in errors.
pub(super) fn read(setting: &str, path: &Path) -> Result<SecretString, ConfigError> {
    let wrong = |message: String| {
        let path = path.display();
        ConfigError::value(setting, format!("{path}: {message}"))
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || secret.contains('\n') {
        return Err(wrong("expected a single line with the password".to_owned()));
    }
    Ok(secret.into())
}

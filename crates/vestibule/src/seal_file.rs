//! The seal key file, kept outside the database.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use vestibule_core::{Randomness, RandomnessError, SealKey, hex};

/// Maximum size of the file in bytes. A key is much shorter.
const MAX_BYTES: u64 = 4096;

/// The seal key cannot be used. The message says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealFileError {
    /// The file cannot be read or written.
    #[error("cannot use the seal key {path}: {error}", path = path.display())]
    Io {
        /// Path of the file.
        path: PathBuf,
        /// Reason.
        error: io::Error,
    },
    /// The file does not contain a seal key.
    #[error("{path} is not a seal key: expected 64 hexadecimal digits; restore it from a backup", path = .0.display())]
    NotAKey(PathBuf),
    /// Other users can read it.
    #[error("other users can read the seal key {path}; run: chmod 600 {path}", path = .0.display())]
    Open(PathBuf),
    /// The database was sealed, but the key is missing.
    #[error(
        "the seal key {path} is missing, but the database was sealed with one; restore the file from a backup, or \
         give its path with --seal-key-file", path = .0.display()
    )]
    Missing(PathBuf),
    /// The key belongs to another database.
    #[error(
        "the seal key {path} does not match this database, which was sealed with another one; restore that file from a \
         backup, or give its path with --seal-key-file", path = .0.display()
    )]
    OtherDatabase(PathBuf),
    /// The key belongs to another backup.
    #[error(
        "the seal key {path} does not match this backup, which was sealed with another one; nothing was changed; \
         restore that file too, or give its path with --seal-key-file", path = .0.display()
    )]
    OtherBackup(PathBuf),
    /// The random source failed.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
}

impl SealFileError {
    /// Whether the error persists until it is fixed. Errors of the disk or the random source may be temporary.
    pub(crate) fn needs_operator(&self) -> bool {
        match self {
            Self::Io { error, .. } => {
                matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied)
            }
            Self::Randomness(_) => false,
            _ => true,
        }
    }
}

/// Reads the key; `None` if there is no file.
pub(crate) fn read(path: &Path) -> Result<Option<SealKey>, SealFileError> {
    let failed = |error| SealFileError::Io { path: path.to_owned(), error };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    // Checks the opened file, because the path may have been replaced.
    if file.metadata().map_err(failed)?.mode() & 0o077 != 0 {
        return Err(SealFileError::Open(path.to_owned()));
    }
    let text = match io::read_to_string(file.take(MAX_BYTES)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(SealFileError::NotAKey(path.to_owned()));
        }
        Err(error) => return Err(failed(error)),
    };
    match hex::decode(text.trim()) {
        Some(key) => Ok(Some(SealKey::new(&key))),
        None => Err(SealFileError::NotAKey(path.to_owned())),
    }
}

/// Generates a key and writes it durably, readable by its owner only. If another process has just created one, reads
/// that.
pub(crate) fn create(path: &Path, randomness: &dyn Randomness) -> Result<SealKey, SealFileError> {
    let failed = |error| SealFileError::Io { path: path.to_owned(), error };
    let mut key = [0; SealKey::LEN];
    randomness.fill(&mut key)?;
    let mut text = hex::encode(&key);
    text.push('\n');
    // Atomic: written to a temporary file, then linked to its name, which fails if the name exists.
    let directory =
        path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".seal").tempfile_in(directory).map_err(failed)?;
    draft.write_all(text.as_bytes()).and_then(|()| draft.as_file().sync_all()).map_err(failed)?;
    match draft.persist_noclobber(path) {
        Ok(_) => {
            File::open(directory).and_then(|directory| directory.sync_all()).map_err(failed)?;
            Ok(SealKey::new(&key))
        }
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            read(path)?.ok_or_else(|| SealFileError::Missing(path.to_owned()))
        }
        Err(error) => Err(failed(error.error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemRandomness;
    use std::{fs, os::unix::fs::PermissionsExt};

    #[test]
    fn a_key_is_created_once_and_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("seal.key");
        assert!(read(&path).unwrap().is_none());
        let made = create(&path, &SystemRandomness::default()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let again = create(&path, &SystemRandomness::default()).unwrap();
        assert!(again.fits(&made.check_value()));
        assert!(read(&path).unwrap().unwrap().fits(&made.check_value()));
    }

    #[test]
    fn malformed_and_readable_files_are_rejected() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("seal.key");
        let write = |text: &[u8], mode| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        };
        for text in [&b"short"[..], &[b'x'; 64], &[0xff; 64]] {
            write(text, 0o600);
            assert!(matches!(read(&path), Err(SealFileError::NotAKey(_))));
        }
        for mode in [0o644, 0o640, 0o602, 0o610] {
            write(&[b'a'; 64], mode);
            assert!(matches!(read(&path), Err(SealFileError::Open(_))), "{mode:o}");
        }
    }
}

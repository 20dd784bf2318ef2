//! The directory of PostgreSQL's programs.

use std::{fs, path::PathBuf};

use crate::ServerError;

/// Returns the directory with the programs of the newest installed version.
pub(crate) fn programs() -> Result<PathBuf, ServerError> {
    let versions = fs::read_dir("/usr/lib/postgresql").map_err(|_| ServerError::Missing)?;
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    versions
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.join("bin/postgres").exists() && version(path).is_some())
        .max_by_key(version)
        .map(|path| path.join("bin"))
        .ok_or(ServerError::Missing)
}

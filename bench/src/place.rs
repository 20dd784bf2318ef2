//! Where a measurement finds its binary, lays its stores, and puts its page.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use vestibule_e2e::vestibule_binary;

use crate::error::BenchError;
use crate::plan::CommonPlan;
use crate::{machine, report, wrk};

/// File systems in memory: nothing on them is durable.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];

/// The places of one measurement.
#[derive(Debug)]
pub(crate) struct Place {
    /// The binary to measure.
    pub binary: PathBuf,
    /// What people wrote about the figures.
    pub notes: String,
    scratch: TempDir,
}

impl Place {
    /// Finds everything, or says now, not after minutes, what is missing. The notes are in the file `notes`
    /// beside the results.
    pub(crate) fn find(plan: &CommonPlan, notes: &str) -> Result<Self, BenchError> {
        let notes = read_notes(plan.results.as_deref(), notes)?;
        wrk::is_there()
            .map_err(|source| BenchError::Load { run: "the load generator".to_owned(), source })?;
        let binary = match &plan.vestibule {
            Some(path) => path.clone(),
            None => vestibule_binary()?,
        };
        Ok(Self { binary, notes, scratch: scratch(plan.scratch.as_deref())? })
    }

    /// The folder for the stores, removed at the end.
    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.path()
    }
}

/// Writes the page, or prints it where no place was named.
pub(crate) fn hand_out(page: &str, results: Option<&Path>) -> Result<(), BenchError> {
    match results {
        Some(path) => {
            fs::write(path, page).map_err(BenchError::io(format!("writing {}", path.display())))?;
            eprintln!("written: {}", path.display());
        }
        None => println!("{page}"),
    }
    Ok(())
}

/// Today, for the page.
pub(crate) fn today() -> String {
    #[expect(clippy::disallowed_methods, reason = "the date of a measurement is the machine's")]
    let now = jiff::Timestamp::now();
    now.to_string().chars().take_while(|c| *c != 'T').collect()
}

fn read_notes(results: Option<&Path>, notes: &str) -> Result<String, BenchError> {
    let path = results.unwrap_or(Path::new("")).to_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(BenchError::NoFolder { path });
    }
    report::notes_in(&folder.join(notes)).map_err(BenchError::io("reading the notes"))
}

fn scratch(named: Option<&Path>) -> Result<TempDir, BenchError> {
    let folder = match named {
        Some(folder) => folder.to_owned(),
        None => target_folder()?,
    };
    match machine::file_system_of(&folder) {
        Some(kind) if IN_MEMORY.contains(&kind.as_str()) => Err(BenchError::NotDurable { folder, kind }),
        _ => TempDir::with_prefix_in("bench-", &folder)
            .map_err(BenchError::io(format!("making a folder in {}", folder.display()))),
    }
}

/// The folder above the one that this program lies in.
fn target_folder() -> Result<PathBuf, BenchError> {
    let this = std::env::current_exe().map_err(BenchError::io("finding this program"))?;
    Ok(this.ancestors().nth(2).map_or_else(|| PathBuf::from("."), Path::to_owned))
}

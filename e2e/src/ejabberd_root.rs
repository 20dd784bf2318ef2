//! The directories with the programs of other Debians, and a module compiled with them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::HarnessError;
use crate::cli::CliOutput;

/// A version of ejabberd. `scripts/needs.sh` unpacks the programs of each into a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EjabberdVersion {
    /// 26.07 or later, of Debian sid.
    #[default]
    Newest,
    /// 23.01, of Debian 12. It has no invites of its own.
    V2301,
}

impl EjabberdVersion {
    fn directory(self) -> &'static str {
        match self {
            Self::Newest => concat!(env!("CARGO_MANIFEST_DIR"), "/../target/sid"),
            Self::V2301 => concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bookworm"),
        }
    }
}

/// The options that `module_install` compiles a module with, and all warnings as errors.
const COMPILE: &str = "erlc -Wall -Werror +debug_info -o ebin -I $(echo /usr/lib/*-linux-gnu/ejabberd-*)/include \
                       -I $(echo /usr/lib/erlang/lib/xmpp-*)/include -I $(echo /usr/lib/erlang/lib/fast_xml-*)/include \
                       -pa $(echo /usr/lib/*-linux-gnu/ejabberd-*)/ebin";

/// The root directory of the programs.
#[derive(Debug, Clone)]
pub(crate) struct Root(PathBuf);

impl Root {
    /// Finds that of a version.
    pub(crate) fn find(version: EjabberdVersion) -> Result<Self, HarnessError> {
        let directory = version.directory();
        let missing = |why: &str| HarnessError::NotReady {
            program: "ejabberd".to_owned(),
            why: format!("{why}: run scripts/needs.sh as root"),
            output: String::new(),
        };
        // `chroot` needs an absolute path.
        let path = Path::new(directory).canonicalize().map_err(|_| missing("it is not installed"))?;
        if Path::new(&format!("{directory}.complete")).exists() {
            Ok(Self(path))
        } else {
            Err(missing("it is not completely installed"))
        }
    }

    /// Makes a directory that the programs reach; see [`Root::inside`].
    pub(crate) fn temporary_directory(&self) -> Result<TempDir, HarnessError> {
        TempDir::new_in(self.0.join("tmp")).map_err(HarnessError::io("making a temporary directory"))
    }

    /// Returns the path of a file for the programs.
    pub(crate) fn inside(&self, path: &Path) -> PathBuf {
        Path::new("/").join(path.strip_prefix(&self.0).unwrap_or(path))
    }

    /// Returns a command of the programs, with an environment of its own. It replaces itself by the program, so that
    /// signals reach it.
    pub(crate) fn program(&self, name: &str, home: &Path) -> Command {
        let mut command = Command::new("/usr/sbin/chroot");
        command
            .arg(&self.0)
            .arg(name)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C.UTF-8")
            .env("HOME", self.inside(home))
            .env("ERL_LIBS", self.libraries());
        command
    }

    /// Returns the directory of ejabberd's own library for the programs.
    fn libraries(&self) -> String {
        let libraries = std::fs::read_dir(self.0.join("usr/lib")).into_iter().flatten().flatten();
        let triple = libraries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .find(|name| name.ends_with("-linux-gnu"));
        format!("/usr/lib/{}", triple.unwrap_or_default())
    }
}

/// The files of a compiled module.
#[derive(Debug)]
pub(crate) struct CompiledModule(Vec<(PathBuf, Vec<u8>)>);

impl CompiledModule {
    /// Compiles the sources, once for all tests of a program.
    pub(crate) fn of(root: &Root, sources: &Path) -> Result<&'static Self, HarnessError> {
        static COMPILED: OnceLock<Result<CompiledModule, String>> = OnceLock::new();
        let compiled =
            COMPILED.get_or_init(|| Self::compile(root, sources).map_err(|error| error.to_string()));
        compiled.as_ref().map_err(|error| HarnessError::Command {
            command: format!("erlc of {}", sources.display()),
            output: error.clone(),
        })
    }

    fn compile(root: &Root, sources: &Path) -> Result<Self, HarnessError> {
        let directory = root.temporary_directory()?;
        let failed = || HarnessError::io("copying a module");
        std::fs::create_dir(directory.path().join("ebin")).map_err(failed())?;
        let mut files = Vec::new();
        for entry in std::fs::read_dir(sources.join("src")).map_err(failed())?.flatten() {
            std::fs::copy(entry.path(), directory.path().join(entry.file_name())).map_err(failed())?;
        }
        let home = root.inside(directory.path());
        let mut command = root.program("sh", directory.path());
        command.arg("-c").arg(format!("cd {} && {COMPILE} *.erl", home.display()));
        let output = CliOutput::of(command)?;
        if !output.success() {
            return Err(HarnessError::Command { command: "erlc".to_owned(), output: output.to_string() });
        }
        for entry in std::fs::read_dir(directory.path().join("ebin")).map_err(failed())?.flatten() {
            let bytes = std::fs::read(entry.path()).map_err(failed())?;
            files.push((Path::new("ebin").join(entry.file_name()), bytes));
        }
        for entry in std::fs::read_dir(sources).map_err(failed())?.flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "spec") {
                files.push((entry.file_name().into(), std::fs::read(entry.path()).map_err(failed())?));
            }
        }
        Ok(Self(files))
    }

    /// Writes the files into a directory, as `module_install` does.
    pub(crate) fn install(&self, directory: &Path) -> Result<(), HarnessError> {
        let failed = || HarnessError::io("installing a module");
        std::fs::create_dir_all(directory.join("ebin")).map_err(failed())?;
        self.0
            .iter()
            .try_for_each(|(path, bytes)| std::fs::write(directory.join(path), bytes).map_err(failed()))
    }
}

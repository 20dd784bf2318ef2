//! `completions` and `man`: files made from the command line's own description.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

use clap::CommandFactory;
use clap_complete::Shell as Generator;
use clap_mangen::Man;

use crate::{
    cli::{Cli, Shell},
    cli_error::CliError,
};

/// The name of the program.
const PROGRAM: &str = "vestibule";

/// Prints the completions for a shell.
pub(super) fn completions(shell: Shell) -> Result<(), CliError> {
    let generator = match shell {
        Shell::Bash => Generator::Bash,
        Shell::Zsh => Generator::Zsh,
        Shell::Fish => Generator::Fish,
    };
    // The generator panics if the output is closed early.
    let mut script = Vec::new();
    clap_complete::generate(generator, &mut Cli::command(), PROGRAM, &mut script);
    Ok(io::stdout().write_all(&script)?)
}

/// Writes a manual page for the program and for each command. They are public, whatever the umask is.
pub(super) fn man(directory: &Path) -> Result<(), CliError> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| CliError::message(format!("cannot write {path}: {error}"))
    };
    if !directory.is_dir() {
        fs::DirBuilder::new().recursive(true).mode(0o755).create(directory).map_err(failed(directory))?;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).map_err(failed(directory))?;
    }
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    render(&program, &mut pages)?;
    for (name, page) in pages {
        let path = directory.join(name);
        fs::write(&path, page).map_err(failed(&path))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).map_err(failed(&path))?;
    }
    Ok(())
}

/// The page of a command and those of its subcommands, with their file names.
fn render(command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), CliError> {
    let man = Man::new(command.clone()).source(format!("{PROGRAM} {}", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    man.render(&mut page)?;
    pages.push((man.get_filename(), page));
    command.get_subcommands().filter(|command| !command.is_hide_set()).try_for_each(|one| render(one, pages))
}

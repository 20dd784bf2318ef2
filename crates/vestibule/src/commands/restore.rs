//! `restore`.

use std::{
    fs,
    io::{self, BufWriter, Write},
    os::unix::fs::DirBuilderExt,
};

use serde_json::{Value, json};
use vestibule_core::Clock;
use vestibule_store::{Differences, InviteAgain, KeyAgain, Restore, RestoreReport};

use crate::{
    cli::RestoreArgs,
    cli_error::CliError,
    config::Settings,
    data_dir,
    seal_file::{self, SealFileError},
    system::{SystemClock, check_clock},
    terminal::{counted, escape_for_terminal, escape_json_for_terminal},
};

/// Replaces the database by a backup, and lists what is valid again.
pub(super) fn run(settings: &Settings, args: &RestoreArgs) -> Result<(), CliError> {
    let now = SystemClock.now();
    check_clock(now)?;
    if let Some(database) = settings.database.file_path() {
        // Errors that need no directory come first, so that a mistake creates none.
        fs::metadata(&args.file).map_err(|error| {
            let file = args.file.display();
            CliError::message(format!("cannot read the backup {file}: {error}"))
        })?;
        let seal_key = &settings.seal_key_file;
        let key = seal_file::read(seal_key)?.ok_or_else(|| SealFileError::Missing(seal_key.clone()))?;
        let directory = database.parent().filter(|directory| !directory.as_os_str().is_empty());
        for directory in directory.into_iter().chain([settings.data_dir.as_path()]) {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(|error| {
                CliError::message(format!("cannot create the directory {}: {error}", directory.display()))
            })?;
        }
        data_dir::check(settings, &settings.database)?;
        let restore = Restore::prepare(&settings.database, &args.file)?;
        if restore.seal_check()?.is_some_and(|check| !key.fits(&check)) {
            return Err(SealFileError::OtherBackup(seal_key.clone()).into());
        }
        return print(settings, args, &restore.replace(now)?);
    }
    Restore::prepare(&settings.database, &args.file)?;
    Ok(())
}

fn print(settings: &Settings, args: &RestoreArgs, report: &RestoreReport) -> Result<(), CliError> {
    let mut out = BufWriter::new(io::stdout().lock());
    let found = match &report.differences {
        Some(Ok(differences)) => differences.clone(),
        _ => Differences::default(),
    };
    if settings.json {
        writeln!(out, "{}", escape_json_for_terminal(&view(report, &found)))?;
    } else {
        for KeyAgain { host, id, name } in &found.keys {
            let name = name.as_deref().unwrap_or("<unknown>");
            line(&mut out, &["key", host, id, "deleted", name])?;
        }
        for InviteAgain { host, id, note, was } in &found.invites {
            line(&mut out, &["invite", host, id, was, note.as_deref().unwrap_or_default()])?;
        }
    }
    out.flush()?;
    if !settings.json {
        explain(args, report, &found);
    }
    Ok(())
}

/// One line of the table: what it is, its host, its id, what it was before, and its name or note.
fn line(out: &mut impl Write, fields: &[&str]) -> io::Result<()> {
    let fields: Vec<_> = fields.iter().map(|field| escape_for_terminal(field)).collect();
    writeln!(out, "{}", fields.join("\t"))
}

fn explain(args: &RestoreArgs, report: &RestoreReport, found: &Differences) {
    eprintln!("Restored {}.", escape_for_terminal(&args.file.display().to_string()));
    let Some(previous) = &report.previous else {
        eprintln!("There was no database before.");
        return;
    };
    match &report.differences {
        Some(Err(reason)) => eprintln!(
            "The previous database cannot be read ({}), so keys and invites that are valid again cannot be listed: \
             check keys list and invites list.",
            escape_for_terminal(reason)
        ),
        _ => eprintln!(
            "Valid again: {} and {}. Created since the backup, and missing now: {} and {}. Use keys delete and \
             invites revoke for those above that must not work.",
            counted(found.keys.len(), "key"),
            counted(found.invites.len(), "invite"),
            counted(found.keys_gone, "key"),
            counted(found.invites_gone, "invite")
        ),
    }
    eprintln!(
        "The previous database is {}; remove it when you no longer need it.",
        escape_for_terminal(&previous.display().to_string())
    );
}

fn view(report: &RestoreReport, found: &Differences) -> Value {
    let keys = found.keys.iter().map(|key| json!({ "id": key.id, "host": key.host, "name": key.name }));
    let invites = found.invites.iter().map(
        |invite| json!({ "id": invite.id, "host": invite.host, "note": invite.note, "was": invite.was }),
    );
    json!({
        "previous": report.previous.as_ref().map(|path| path.display().to_string()),
        "unreadable": match &report.differences { Some(Err(reason)) => Some(reason), _ => None },
        "keys_again": keys.collect::<Vec<_>>(),
        "invites_again": invites.collect::<Vec<_>>(),
        "keys_missing": found.keys_gone,
        "invites_missing": found.invites_gone,
    })
}

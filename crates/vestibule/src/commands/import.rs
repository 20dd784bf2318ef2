//! `import`.

use std::{
    fs::File,
    io::{self, BufReader, Write},
    path::Path,
};

use serde_json::{Value, json};
use vestibule_core::{Host, ImportMode, ImportOutcome, Principal, Source};
use vestibule_prosody::{
    Conversion, Named, ProsodySettings, ReadError, RecordName, Records, Rejected, convert, data_dir, export,
};

use crate::{
    bootstrap,
    cli::ImportArgs,
    cli_error::CliError,
    config::{self, Settings},
    progress::Progress,
    terminal::{escape_for_terminal, escape_json_for_terminal},
};

/// Imports the invites and keys of Prosody's own modules. Everything is read before anything is written, and everything
/// that can be imported is, before rejected records make the command fail.
pub(super) async fn run(settings: &Settings, args: &ImportArgs) -> Result<(), CliError> {
    let host = bootstrap::host(&args.host)?;
    let invite_service = bootstrap::open_service(settings).await?;
    let host = bootstrap::known_host(&invite_service, host).await?;
    let by = Principal::Operator { host: host.clone(), source: Source::import() };
    let mode = if args.dry_run { ImportMode::DryRun } else { ImportMode::Write };
    let mut records = read(args, &host)
        .map_err(|error| CliError::message(escape_for_terminal(&error.to_string()).into_owned()))?;
    let prosody_settings = records.settings.take();
    let conversion = convert(records, &host, invite_service.now());
    let mut report = Report::new(&conversion);

    let (names, keys): (Vec<_>, Vec<_>) = conversion.keys.into_iter().map(pair).unzip();
    // Keys first: they are few, and an invite names the key that created it.
    let outcomes = invite_service.store().import_keys(&by, keys, mode).await?;
    for (name, outcome) in names.into_iter().zip(outcomes) {
        report.keys.add(name, outcome, &mut report.rejected);
    }
    let (names, invites): (Vec<_>, Vec<_>) = conversion.invites.into_iter().map(pair).unzip();
    let all = u64::try_from(names.len()).unwrap_or(u64::MAX);
    let progress = Progress::new(all, all);
    let mut done = 0;
    let outcomes = invite_service
        .import_invites(&by, invites, mode, |so_far| {
            progress.advance(so_far - done);
            done = so_far;
        })
        .await?;
    drop(progress);
    for (name, outcome) in names.into_iter().zip(outcomes) {
        report.invites.add(name, outcome, &mut report.rejected);
    }
    report.print(settings, args, &host, prosody_settings.as_ref())?;
    report.outcome(args.dry_run)
}

fn pair<T>(named: Named<T>) -> (RecordName, T) {
    (named.name, named.record)
}

fn read(args: &ImportArgs, host: &Host) -> Result<Records, ReadError> {
    if let Some(data) = &args.prosody_data {
        return data_dir::read(data, host);
    }
    match args.file.as_deref() {
        Some(path) if path != Path::new("-") => {
            let file = File::open(path).map_err(|error| ReadError::File { path: path.to_owned(), error })?;
            export::read(BufReader::new(file), host)
        }
        _ => export::read(io::stdin().lock(), host),
    }
}

/// Numbers of one kind of record.
#[derive(Default)]
struct Counts {
    imported: usize,
    present: usize,
    deleted: usize,
    expired: usize,
    rejected: usize,
}

/// What an import did.
struct Report {
    invites: Counts,
    keys: Counts,
    rejected: Vec<Rejected>,
    notes: Vec<String>,
}

impl Counts {
    fn add(&mut self, record: RecordName, outcome: ImportOutcome, rejected: &mut Vec<Rejected>) {
        let reason = match outcome {
            ImportOutcome::New => {
                self.imported += 1;
                return;
            }
            ImportOutcome::Present => {
                self.present += 1;
                return;
            }
            ImportOutcome::DeletedHere => {
                self.deleted += 1;
                return;
            }
            ImportOutcome::UsernameReserved => "its username is reserved for another invite",
            ImportOutcome::OtherHost => "another host has it",
            ImportOutcome::OtherSecret => "a key with the same id and another secret exists",
            ImportOutcome::TooManyKeys => "the host has as many keys as it can have; delete some first",
        };
        self.rejected += 1;
        rejected.push(Rejected { record, reason: reason.to_owned() });
    }

    fn json(&self) -> Value {
        let Self { imported, present, deleted, expired, rejected } = self;
        json!({ "imported": imported, "present": present, "deleted_here": deleted, "expired": expired,
                "rejected": rejected })
    }
}

impl Report {
    fn new(conversion: &Conversion) -> Self {
        let is_invite = |rejected: &&Rejected| matches!(rejected.record, RecordName::Invite { .. });
        let invites = conversion.rejected.iter().filter(is_invite).count();
        Self {
            invites: Counts { expired: conversion.expired, rejected: invites, ..Counts::default() },
            keys: Counts { rejected: conversion.rejected.len() - invites, ..Counts::default() },
            rejected: conversion.rejected.clone(),
            notes: conversion.notes.clone(),
        }
    }

    fn print(
        &self,
        settings: &Settings,
        args: &ImportArgs,
        host: &Host,
        prosody_settings: Option<&ProsodySettings>,
    ) -> Result<(), CliError> {
        let (toml, refused) =
            prosody_settings.map(|settings| settings.to_toml(host, config::check_hosts)).unwrap_or_default();
        let toml = Some(toml).filter(|toml| !toml.is_empty());
        let refused = refused.iter().map(|refused| format!("the setting {refused}"));
        let notes: Vec<_> = self.notes.iter().cloned().chain(refused).collect();
        let mut out = io::stdout().lock();
        if settings.json {
            let rejected: Vec<Value> = self
                .rejected
                .iter()
                .map(|Rejected { record, reason }| json!({ "record": record.to_string(), "reason": reason }))
                .collect();
            let view = json!({
                "host": host.as_str(), "dry_run": args.dry_run, "invites": self.invites.json(),
                "keys": self.keys.json(), "not_imported": rejected, "notes": notes, "settings": toml,
            });
            writeln!(out, "{}", escape_json_for_terminal(&view))?;
            return Ok(());
        }
        let imported = if args.dry_run { "to import" } else { "imported" };
        writeln!(
            out,
            "{:8}{imported:>12}{:>16}{:>15}{:>10}{:>15}",
            "", "already there", "deleted here", "expired", "not imported"
        )?;
        for (name, counts) in [("invites", &self.invites), ("keys", &self.keys)] {
            let Counts { imported, present, deleted, expired, rejected } = counts;
            writeln!(out, "{name:8}{imported:>12}{present:>16}{deleted:>15}{expired:>10}{rejected:>15}")?;
        }
        for Rejected { record, reason } in &self.rejected {
            let line = format!("{record} was not imported: {reason}");
            writeln!(out, "{}", escape_for_terminal(&line))?;
        }
        for note in &notes {
            writeln!(out, "Note: {}", escape_for_terminal(note))?;
        }
        if let Some(toml) = toml {
            writeln!(out, "\nThese settings replace Prosody's in Vestibule's configuration file:\n\n{toml}")?;
        }
        Ok(())
    }

    /// The error that counts the rejected records.
    fn outcome(&self, is_dry_run: bool) -> Result<(), CliError> {
        let records = match self.rejected.len() {
            0 => return Ok(()),
            1 => "1 record".to_owned(),
            count => format!("{count} records"),
        };
        let done = if is_dry_run {
            "cannot be imported; the output names each with its reason. This dry run wrote nothing."
        } else {
            "could not be imported; the output names each with its reason. Everything else was imported."
        };
        Err(CliError::message(format!("{records} {done}")))
    }
}

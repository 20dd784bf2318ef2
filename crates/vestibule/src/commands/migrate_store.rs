//! `migrate-store`.

use std::{fs, io::Write, os::unix::fs::DirBuilderExt, sync::Arc};

use secrecy::ExposeSecret;
use vestibule_core::Policies;
use vestibule_store::{CopyProgress, Database, Options, copy_store};

use crate::{
    cli::MigrateStoreArgs,
    cli_error::CliError,
    config::{DatabaseUrl, Settings},
    data_dir,
    progress::Progress,
    system::SystemClock,
    terminal::escape_json_for_terminal,
};

/// Copies everything from one database to another.
pub(super) async fn run(settings: &Settings, args: &MigrateStoreArgs) -> Result<(), CliError> {
    let (from, to) = (settings.named(&args.from, "--from")?, settings.named(&args.to, "--to")?);
    // The target can be a file in a data directory that does not exist yet.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&settings.data_dir)?;
    for database in [&from, &to] {
        data_dir::check(settings, database)?;
    }
    let options = Options::new(Arc::new(SystemClock), Policies::default());
    let mut bar = Bar(None);
    let copied = copy_store(&from, &to, options, &mut bar)
        .await
        .map_err(|error| CliError::message(error.to_string()))?;
    drop(bar);
    print(settings, &to, &copied.iter().map(|copied| (copied.table, copied.count)).collect::<Vec<_>>())
}

fn print(settings: &Settings, to: &Database, copied: &[(&str, u64)]) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    if settings.json {
        let counts: serde_json::Map<_, _> =
            copied.iter().map(|(table, count)| ((*table).to_owned(), (*count).into())).collect();
        writeln!(out, "{}", escape_json_for_terminal(&serde_json::Value::Object(counts)))?;
    } else {
        for (table, count) in copied {
            writeln!(out, "{table}\t{count}")?;
        }
        drop(out);
        eprintln!(
            "Everything was copied to {to}. The seal key stays the same: every node needs {}.",
            settings.seal_key_file.display()
        );
    }
    Ok(())
}

/// Shows the progress.
struct Bar(Option<Progress>);

impl CopyProgress for Bar {
    fn started(&mut self, rows: u64) {
        self.0 = Some(Progress::new(rows, rows));
    }

    fn copied(&mut self, table: &'static str, rows: u64) {
        if let Some(progress) = &self.0 {
            progress.set_message(table);
            progress.advance(rows);
        }
    }
}

impl Settings {
    /// A database from the command line, with the configured password.
    fn named(&self, url: &DatabaseUrl, option: &str) -> Result<Database, CliError> {
        let database = url.database().map_err(|error| error.of_option(option))?;
        Ok(match &self.database_password {
            Some(password) => database.with_password(password.expose_secret()),
            None => database,
        })
    }
}

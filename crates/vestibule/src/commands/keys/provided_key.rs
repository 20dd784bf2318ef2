//! Keys whose secret is in a file, for set-ups that are declared.

use std::{fs, io, io::Write, path::Path};

use vestibule_core::{
    ApiKey, ImportMode, ImportOutcome, InviteService, KeyRecord, NewKey, PresentedKey, Principal, SecretHash,
};

use super::{print, same_scopes};
use crate::{cli::CreateKeyArgs, cli_error::CliError, config::Settings, system::SystemRandomness};

/// Minimum length of a secret. It is stored as a plain hash, so it must not be guessable.
const MIN_SECRET: usize = 24;

/// Creates the key in the file. If the file is missing, writes a new key to it first.
pub(super) async fn create(
    settings: &Settings,
    invite_service: &InviteService,
    by: &Principal,
    args: &CreateKeyArgs,
    path: &Path,
) -> Result<(), CliError> {
    let Principal::Operator { host, .. } = by else { return Ok(()) };
    NewKey { name: args.name.clone(), ..NewKey::default() }
        .validate()
        .map_err(|refusal| CliError::usage(refusal.to_string()))?;
    let PresentedKey { id, secret } = match read(path)? {
        Some(key) => key,
        None => write(path)?,
    };
    let now = invite_service.now();
    let record = KeyRecord {
        id: id.clone(),
        host: host.clone(),
        name: args.name.clone().filter(|name| !name.is_empty()),
        scopes: args.scope,
        created_at: now,
        expires_at: args.expires.map(|span| now.plus(span)),
        rate: args.rate,
        last_used_at: None,
        parent: None,
        secret,
    };
    let mode = ImportMode::WriteAgain;
    let outcomes = invite_service.store().import_keys(by, vec![record.clone()], mode).await?;
    let refused = |reason: &str| Err(CliError::message(format!("{}: the key {id} {reason}", path.display())));
    match outcomes.first() {
        Some(ImportOutcome::New) => print(settings, &record, None),
        Some(ImportOutcome::Present) if args.if_missing => {
            let keys = invite_service.store().keys(by).await?;
            keys.iter().find(|key| key.id == id).map_or(Ok(()), |found| same_scopes(found, args.scope))
        }
        Some(ImportOutcome::Present) => refused("exists; to accept that, use --if-missing"),
        Some(ImportOutcome::OtherHost) => refused("belongs to another host"),
        Some(ImportOutcome::OtherSecret) => refused("exists with another secret"),
        Some(ImportOutcome::TooManyKeys) => refused("is one too many; delete some first"),
        Some(ImportOutcome::UsernameReserved | ImportOutcome::DeletedHere) | None => {
            refused("could not be created")
        }
    }
}

/// Reads the key; `None` if there is no file. Errors do not repeat the content.
fn read(path: &Path) -> Result<Option<PresentedKey>, CliError> {
    let wrong = |what: &str| CliError::message(format!("{}: {what}", path.display()));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(&error.to_string())),
    };
    let key = text.trim();
    let is_long = key.split_once('/').is_some_and(|(_, secret)| secret.len() >= MIN_SECRET);
    let is_one_word = !key.contains(char::is_whitespace);
    PresentedKey::parse(key).filter(|_| is_long && is_one_word).map(Some).ok_or_else(|| {
        wrong(&format!("expected a key, ID/SECRET, with a random secret of at least {MIN_SECRET} characters"))
    })
}

/// Writes a new key to a new file that only its owner can read. The file has a temporary name until it is complete.
fn write(path: &Path) -> Result<PresentedKey, CliError> {
    let failed =
        |error: io::Error| CliError::message(format!("cannot write the key to {}: {error}", path.display()));
    let key = ApiKey::draw(&SystemRandomness::default())?;
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let draft =
        tempfile::Builder::new().prefix(".vestibule-key").tempfile_in(directory.unwrap_or(Path::new(".")));
    let mut draft = draft.map_err(failed)?;
    writeln!(draft, "{}", key.expose()).and_then(|()| draft.as_file().sync_all()).map_err(failed)?;
    draft.persist_noclobber(path).map_err(|error| failed(error.error))?;
    let secret: SecretHash = key.hash();
    Ok(PresentedKey { id: key.id, secret })
}

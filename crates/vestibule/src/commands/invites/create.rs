//! `invites create`: creates invites and prints their links.

use std::io;

use vestibule_core::{Draft, Host, InviteService, Kind, MintedInvite, Principal, Source, StoreError};
use vestibule_web::Links;

use super::{draft, printer::Printer};
use crate::{
    bootstrap,
    cli::CreateArgs,
    cli_error::CliError,
    config::{AccountsSettings, Settings},
    progress::Progress,
    sheet::Sheet,
};

/// Invites per transaction.
const BATCH: u32 = 10_000;

/// Creates invites, prints them, and writes the sheet if requested.
///
/// The progress bar advances with each transaction and each card. Smaller transactions would advance it more
/// smoothly, but would leave a partial result after a failure; ten thousand invites take about a second.
pub(in crate::commands) async fn create(settings: &Settings, args: CreateArgs) -> Result<(), CliError> {
    let (host, draft) = draft::read(&args)?;
    let limits = limits(settings, &host, &draft);
    let sheet = match args.qr_sheet {
        Some(file) => Some(file.create(host.as_str(), site_name(settings, &host))?),
        None => None,
    };
    let invite_service = bootstrap::open_service(settings).await?;
    let host = bootstrap::known_host(&invite_service, host).await?;
    let links = bootstrap::remembered_links(settings, &invite_service).await?;
    let steps = u64::from(args.count) * if sheet.is_some() { 2 } else { 1 };
    let mut run = Run {
        by: Principal::Operator { host, source: Source::cli() },
        format: (settings.json, args.csv),
        printer: None,
        progress: Progress::new(u64::from(args.count), steps),
        invite_service,
        links,
        draft,
        sheet,
    };
    let made = run.batches(args.count).await;
    drop(run.progress);
    // Invites created before a failure stay: the JSON array is closed and the sheet is complete.
    let printed = run.printer.map_or(Ok(()), Printer::end);
    let drawn = run.sheet.map_or(Ok(()), Sheet::finish);
    made?;
    printed?;
    drawn?;
    if let Some(limits) = limits {
        eprintln!("note: {limits}");
    }
    Ok(())
}

/// What the XMPP server of the host does not do for such an invite.
fn limits(settings: &Settings, host: &Host, draft: &Draft) -> Option<String> {
    let accounts = &settings.hosts.iter().find(|known| known.host == *host)?.accounts;
    let setting = format!("accounts = {:?} for {host}", accounts.name());
    let promises = draft.kind == Kind::AccountAndContact || !draft.groups.is_empty();
    match accounts {
        AccountsSettings::None if draft.kind != Kind::Contact => {
            Some(format!("{setting}: the page opens the link in an app, and has no form"))
        }
        AccountsSettings::AdminCommands { .. } if promises => {
            Some(format!("{setting}: the new account gets no contact and joins no group"))
        }
        _ => None,
    }
}

struct Run {
    by: Principal,
    invite_service: InviteService,
    links: Links,
    draft: Draft,
    /// Whether to print JSON or CSV.
    format: (bool, bool),
    /// Created with the first batch, so that a refusal prints nothing.
    printer: Option<Printer>,
    sheet: Option<Sheet>,
    progress: Progress,
}

impl Run {
    async fn batches(&mut self, count: u32) -> Result<(), CliError> {
        let mut made = 0;
        while made < count {
            let size = (count - made).min(BATCH);
            self.progress.set_message("creating");
            let batch = self.invite_service.mint_batch(
                &self.by,
                self.draft.clone(),
                usize::try_from(size).unwrap_or(0),
                None,
            );
            let batch = batch.await.map_err(|error| stopped(made, count, error))?;
            self.progress.advance(u64::from(size));
            let printed = self.print(&batch);
            if let Some(sheet) = &mut self.sheet {
                self.progress.set_message("drawing");
                for one in &batch {
                    sheet.add(&one.invite, &self.links.link(&one.invite, &one.token));
                    self.progress.advance(1);
                }
            }
            printed?;
            made += size;
        }
        Ok(())
    }

    fn print(&mut self, batch: &[MintedInvite]) -> io::Result<()> {
        let printer = match &mut self.printer {
            Some(printer) => printer,
            none => none.insert(Printer::new(self.format.0, self.format.1)?),
        };
        printer.batch(batch, &self.links, &self.invite_service)
    }
}

/// The error after creating `made` of `count` invites.
fn stopped(made: u32, count: u32, error: StoreError) -> CliError {
    match made {
        0 => error.into(),
        _ => CliError::message(format!(
            "created {made} of {count} invites and printed their links; then: {error}"
        )),
    }
}

fn site_name<'a>(settings: &'a Settings, host: &Host) -> Option<&'a str> {
    settings.hosts.iter().find(|settings| settings.host == *host)?.branding.site_name()
}

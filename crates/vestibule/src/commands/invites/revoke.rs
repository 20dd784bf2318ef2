//! `invites revoke`.

use std::io::{self, BufWriter, Write};

use serde_json::json;
use tokio::task::JoinSet;
use vestibule_core::{
    Invite, InviteChanges, InviteId, InviteService, Principal, Source, State, StoreError, Token,
};
use vestibule_web::v1::InviteView;

use super::{find, json_list::JsonList, not_found, pages::Pages};
use crate::{
    bootstrap,
    cli::RevokeArgs,
    cli_error::CliError,
    config::Settings,
    terminal::{counted, escape_json_for_terminal},
};

/// Invites that are revoked at the same time. The store saves them together.
const CONCURRENT: usize = 200;

/// Revokes the named invites, or all that satisfy the conditions. Idempotent.
pub(in crate::commands) async fn revoke(settings: &Settings, args: &RevokeArgs) -> Result<(), CliError> {
    let words = args.words();
    let invite_service = bootstrap::open_service(settings).await?;
    let (by, wanted) = caller(&invite_service, &words).await?;
    let by_filter = !args.filter.filter(host_of(&by)?)?.is_empty();
    match (wanted.is_empty(), by_filter) {
        (true, false) => {
            return Err(CliError::usage("name invites to revoke, or conditions such as --group"));
        }
        (false, true) => return Err(CliError::usage("use either ids or conditions, not both")),
        _ => {}
    }
    let ids = if by_filter {
        let ids = matching(&invite_service, &by, args).await?;
        if !args.yes {
            let (found, verb) =
                (counted(ids.len(), "invite"), if ids.len() == 1 { "satisfies" } else { "satisfy" });
            return Err(CliError::message(format!(
                "{found} {verb} the conditions; revoke with --yes, or list with invites list"
            )));
        }
        ids
    } else {
        // All are found before the first one is revoked.
        let mut ids = Vec::new();
        for one in &wanted {
            let id = find(&invite_service, &by, one).await?;
            invite_service.store().invite(&by, id).await?.ok_or_else(|| not_found(one))?;
            // The same invite can be named twice, by its id and its link.
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    };
    let is_single = !by_filter && wanted.len() == 1;
    let invites = revoke_all(&invite_service, &by, ids).await?;
    print(settings, &invite_service, invites, is_single).await
}

/// The operator, and the invites that were typed. The first word is the host, unless it names an invite.
async fn caller<'a>(
    invite_service: &InviteService,
    words: &[&'a str],
) -> Result<(Principal, Vec<&'a str>), CliError> {
    let of = |host| Principal::Operator { host, source: Source::cli() };
    let Some((first, rest)) = words.split_first() else {
        return Ok((of(bootstrap::only_host(invite_service).await?), Vec::new()));
    };
    let hosts = invite_service.store().hosts().await?;
    let names_invite = !Token::all_in(first).is_empty() || InviteId::find_in(first).is_some();
    match bootstrap::host(first) {
        Ok(host) if hosts.contains(&host) => Ok((of(host), rest.to_vec())),
        _ if names_invite => Ok((of(bootstrap::only_host(invite_service).await?), words.to_vec())),
        _ => Err(CliError::unknown_host(first)),
    }
}

fn host_of(by: &Principal) -> Result<&vestibule_core::Host, CliError> {
    match by {
        Principal::Operator { host, .. } => Ok(host),
        Principal::Key(_) | Principal::Session(_) => Err(CliError::unknown_host("")),
    }
}

/// The ids of the invites that satisfy the conditions: pending ones, unless a condition selects others.
async fn matching(
    invite_service: &InviteService,
    by: &Principal,
    args: &RevokeArgs,
) -> Result<Vec<InviteId>, CliError> {
    let mut pages = Pages::new(invite_service, by, &args.filter)?;
    if !args.filter.renewal_requested {
        pages.filter.state = pages.filter.state.or(Some(State::Pending));
    }
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await? {
        ids.extend(page.into_iter().map(|invite| invite.id));
    }
    Ok(ids)
}

/// Revokes invites, many at the same time, and returns them in order.
async fn revoke_all(
    invite_service: &InviteService,
    by: &Principal,
    ids: Vec<InviteId>,
) -> Result<Vec<Invite>, CliError> {
    let mut revoked = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CONCURRENT) {
        let mut tasks = JoinSet::new();
        for (place, id) in chunk.iter().copied().enumerate() {
            let (invite_service, by) = (invite_service.clone(), by.clone());
            tasks.spawn(async move {
                (place, invite_service.store().edit_invite(&by, id, InviteChanges::revoke()).await)
            });
        }
        let mut done = Vec::with_capacity(chunk.len());
        let mut failed = None;
        while let Some(outcome) = tasks.join_next().await {
            match outcome {
                Ok((place, Ok(invite))) => done.push((place, invite)),
                Ok((_, Err(error))) => failed = Some(error),
                Err(error) => failed = Some(StoreError::Unknown(error.to_string())),
            }
        }
        done.sort_by_key(|(place, _)| *place);
        revoked.extend(done.into_iter().map(|(_, invite)| invite));
        if let Some(error) = failed {
            let (count, all) = (revoked.len(), ids.len());
            return Err(match all {
                1 => error.into(),
                _ => CliError::message(format!("revoked {count} of {all} invites; then: {error}")),
            });
        }
    }
    Ok(revoked)
}

/// Prints the invites as JSON: one object for one id, else an array.
async fn print(
    settings: &Settings,
    invite_service: &InviteService,
    invites: Vec<Invite>,
    is_single: bool,
) -> Result<(), CliError> {
    if !settings.json {
        if !is_single {
            eprintln!("Revoked {}.", counted(invites.len(), "invite"));
        }
        return Ok(());
    }
    let links = bootstrap::remembered_links(settings, invite_service).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut list = JsonList::new(true);
    for invite in invites {
        let view = json!(InviteView::stored(invite, invite_service, &links));
        if is_single {
            writeln!(out, "{}", escape_json_for_terminal(&view))?;
            return Ok(out.flush()?);
        }
        list.item(&mut out, &view)?;
    }
    Ok(list.end(&mut out)?)
}

//! `invites create|list|count|show|revoke`.

use std::io::{self, BufWriter, Write};

use serde_json::json;
use vestibule_core::{Authority, Desk, Edit, Invite, InviteId, InviteQuery, Scope, State, Token, rules};
use vestibule_web::{Links, api::InviteView};

use super::draft;
use crate::{cli::CreateArgs, config::Settings, failure::Failure, wiring};

/// Invites of one transaction.
const BATCH: u32 = 10_000;

/// Invites of one page.
const PAGE: u32 = 1_000;

/// Makes invites and prints their links, one a line.
pub(super) async fn create(settings: &Settings, args: CreateArgs) -> Result<(), Failure> {
    let (host, draft) = draft::read(&args)?;
    let by = wiring::operator(host.as_str())?;
    let desk = wiring::open_desk(settings).await?;
    let links = wiring::remembered_links(settings, &desk).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut left = args.count;
    let mut list = JsonList::new(settings.json);
    while left > 0 {
        let count = left.min(BATCH);
        let batch = desk.mint_batch(&by, draft.clone(), usize::try_from(count).unwrap_or(0), None).await?;
        for minted in batch {
            if settings.json {
                let view = InviteView::new(minted.invite, Some(&minted.token), &links, desk.now());
                list.item(&mut out, &json!(view))?;
            } else {
                writeln!(out, "{}", links.link(&minted.invite, &minted.token))?;
            }
        }
        out.flush()?;
        left -= count;
    }
    list.end(&mut out)
}

/// Prints the invites of a host, newest first.
pub(super) async fn list(settings: &Settings, host: &str, state: Option<State>) -> Result<(), Failure> {
    let by = wiring::operator(host)?;
    let desk = wiring::open_desk(settings).await?;
    let links = wiring::remembered_links(settings, &desk).await?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut list = JsonList::new(settings.json);
    let mut before = None;
    loop {
        let page = desk.store().invites(&by, InviteQuery { state, kind: None, before, limit: PAGE }).await?;
        for invite in page.items {
            if settings.json {
                list.item(&mut out, &json!(view(&desk, &links, invite)))?;
            } else {
                print_line(&mut out, &desk, &invite)?;
            }
        }
        before = page.next;
        if before.is_none() {
            return list.end(&mut out);
        }
    }
}

/// Prints how many invites a host has.
pub(super) async fn count(settings: &Settings, host: &str, state: Option<State>) -> Result<(), Failure> {
    let by = wiring::operator(host)?;
    let desk = wiring::open_desk(settings).await?;
    let (mut count, mut before) = (0, None);
    loop {
        let page = desk.store().invites(&by, InviteQuery { state, kind: None, before, limit: PAGE }).await?;
        count += page.items.len();
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    if settings.json {
        writeln!(io::stdout(), "{}", json!({ "count": count }))?;
    } else {
        writeln!(io::stdout(), "{count}")?;
    }
    Ok(())
}

/// Prints one invite and who came in by it.
pub(super) async fn show(settings: &Settings, host: &str, wanted: &str) -> Result<(), Failure> {
    let by = wiring::operator(host)?;
    let desk = wiring::open_desk(settings).await?;
    let links = wiring::remembered_links(settings, &desk).await?;
    let id = find(&desk, &by, wanted).await?;
    let (invite, redemptions) = desk.store().invite(&by, id).await?.ok_or_else(not_found)?;
    let mut view = json!(view(&desk, &links, invite));
    view["redemptions"] = redemptions
        .iter()
        .map(|redemption| {
            json!({
                "jid": redemption.jid.as_str(),
                "via": redemption.via.as_str(),
                "at": redemption.at.to_string(),
                "over_use": redemption.over_use,
            })
        })
        .collect();
    let mut out = io::stdout().lock();
    if settings.json {
        writeln!(out, "{view}")?;
        return Ok(());
    }
    for (name, value) in view.as_object().into_iter().flatten() {
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => writeln!(out, "{name}\t{text}")?,
            other => writeln!(out, "{name}\t{other}")?,
        }
    }
    Ok(())
}

/// Takes an invite back. Safe to repeat.
pub(super) async fn revoke(settings: &Settings, host: &str, wanted: &str) -> Result<(), Failure> {
    let by = wiring::operator(host)?;
    let desk = wiring::open_desk(settings).await?;
    let id = find(&desk, &by, wanted).await?;
    let invite = edit(&desk, &by, id).await?;
    if settings.json {
        let links = wiring::remembered_links(settings, &desk).await?;
        writeln!(io::stdout(), "{}", json!(view(&desk, &links, invite)))?;
    }
    Ok(())
}

async fn edit(desk: &Desk, by: &Authority, id: InviteId) -> Result<Invite, Failure> {
    Ok(desk.store().edit_invite(by, id, Edit::revoke()).await?)
}

/// The invite with this id or token. A link will do too: its last part is the token.
async fn find(desk: &Desk, by: &Authority, wanted: &str) -> Result<InviteId, Failure> {
    desk.store().authorize(by, Scope::InvitesRead).await?;
    let wanted = wanted.rsplit(['/', '?']).next().unwrap_or(wanted);
    if let Ok(id) = wanted.parse() {
        return Ok(id);
    }
    let (invite, _) = desk.find(wanted).await?.ok_or_else(not_found)?;
    Ok(invite.id)
}

fn not_found() -> Failure {
    Failure::words("invite not found")
}

fn view(desk: &Desk, links: &Links, invite: Invite) -> InviteView {
    let token: Option<Token> = desk.token_of(&invite).ok();
    InviteView::new(invite, token.as_ref(), links, desk.now())
}

fn print_line(out: &mut impl Write, desk: &Desk, invite: &Invite) -> io::Result<()> {
    let max_uses = invite.max_uses.map_or_else(|| "∞".to_owned(), |max| max.to_string());
    let whom = match (&invite.username, &invite.inviter) {
        (Some(username), _) => username.as_str(),
        (None, Some(inviter)) => inviter.as_str(),
        (None, None) => "",
    };
    writeln!(
        out,
        "{}\t{}\t{}\t{}/{max_uses}\t{}\t{whom}\t{}",
        invite.id,
        rules::state(invite, desk.now()),
        invite.kind,
        invite.uses,
        invite.expires_at,
        invite.note.as_deref().unwrap_or_default().replace(['\t', '\n', '\r'], " "),
    )
}

/// A JSON array that is written item by item, so that it may be of any length.
struct JsonList {
    json: bool,
    any: bool,
}

impl JsonList {
    fn new(json: bool) -> Self {
        Self { json, any: false }
    }

    fn item(&mut self, out: &mut impl Write, item: &serde_json::Value) -> Result<(), Failure> {
        write!(out, "{}{item}", if self.any { ",\n" } else { "[" })?;
        self.any = true;
        Ok(())
    }

    fn end(&self, out: &mut impl Write) -> Result<(), Failure> {
        if self.json {
            writeln!(out, "{}", if self.any { "]" } else { "[]" })?;
        }
        out.flush()?;
        Ok(())
    }
}

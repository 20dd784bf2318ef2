//! Converts records of Prosody to invites and keys.

mod keys;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use vestibule_core::{
    Draft, ForeignInvite, Host, InviteId, KeyRecord, Kind, MAX_EXPIRY, Source, Timestamp, Token, Username,
};

use crate::{
    fields::{cleaned, flag, names, text, time},
    record_name::RecordName,
    records::Records,
};

/// What can be imported of some records, and what cannot.
#[derive(Debug, Default)]
pub struct Conversion {
    /// Invites that can still be redeemed.
    pub invites: Vec<Named<ForeignInvite>>,
    /// Keys.
    pub keys: Vec<Named<KeyRecord>>,
    /// Number of invites that have expired, which are left out.
    pub expired: usize,
    /// Records that are left out because they are not understood.
    pub rejected: Vec<Rejected>,
    /// Properties that were adapted, in words.
    pub notes: Vec<String>,
    tokens: HashSet<InviteId>,
}

/// A record that was understood.
#[derive(Clone, Debug)]
pub struct Named<T> {
    /// Its name.
    pub name: RecordName,
    /// What it is converted to.
    pub record: T,
}

/// A record that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The record.
    pub record: RecordName,
    /// Why.
    pub reason: String,
}

/// Converts the records of `host`. `now` decides which invites have expired.
pub fn convert(records: Records, host: &Host, now: Timestamp) -> Conversion {
    let mut conversion = Conversion::default();
    let accounts: HashSet<String> = records.invites.iter().map(|(token, _)| token.clone()).collect();
    let mut cleaned_notes = 0;
    for (token, mut record) in records.invites {
        let name = RecordName::account_invite(&record);
        let is_cleaned = clean_note(&mut record);
        let is_imported = conversion.add_invite(name, account_invite(&token, record, host, now), now);
        cleaned_notes += usize::from(is_cleaned && is_imported);
    }
    // An invite to register and become a contact stands in both stores.
    let contacts = records.contacts.into_iter().filter(|(_, token, _)| !accounts.contains(token));
    for (username, token, expires) in contacts {
        let name = RecordName::contact_invite(&username, &expires);
        conversion.add_invite(name, contact_invite(&username, &token, &expires, now), now);
    }
    limit_expiry(&mut conversion, now);
    if cleaned_notes > 0 {
        conversion.notes.push(format!(
            "the note of {} was changed, because Vestibule stores at most {} bytes, without NUL",
            invites(cleaned_notes),
            Draft::MAX_NOTE_BYTES
        ));
    }
    keep_one_per_username(&mut conversion);
    for (id, record) in records.keys {
        let name = RecordName::key(&id, &record);
        match keys::convert(&id, &record, host, now) {
            Ok((record, notes)) => {
                conversion.notes.extend(notes.iter().map(|note| format!("{name} {note}")));
                conversion.keys.push(Named { name, record });
            }
            Err(reason) => conversion.rejected.push(Rejected { record: name, reason }),
        }
    }
    conversion
}

impl Conversion {
    /// Whether the invite is one to import.
    fn add_invite(
        &mut self,
        name: RecordName,
        invite: Result<ForeignInvite, String>,
        now: Timestamp,
    ) -> bool {
        match invite {
            Ok(invite) if invite.expires_at <= now => self.expired += 1,
            Ok(invite) if !self.tokens.insert(invite.token.lookup_key().id) => {
                let reason = "an earlier record has the same token".to_owned();
                self.rejected.push(Rejected { record: name, reason });
            }
            Ok(record) => {
                self.invites.push(Named { name, record });
                return true;
            }
            Err(reason) => self.rejected.push(Rejected { record: name, reason }),
        }
        false
    }
}

fn invites(count: usize) -> String {
    if count == 1 { "1 invite".to_owned() } else { format!("{count} invites") }
}

/// Makes the note of an invite one that can be stored; `true` if it was not. A label is no reason to drop an invite.
fn clean_note(record: &mut Value) -> bool {
    let note = record.pointer_mut("/additional_data/note");
    let Some(Value::String(note)) = note else { return false };
    // Notes have lines.
    let Some(cleaned) = cleaned(note, Draft::MAX_NOTE_BYTES, |letter| letter != '\0') else { return false };
    *note = cleaned;
    true
}

fn parse_token(token: &str) -> Result<Token, String> {
    let problem = format!(
        "its token has not the form of Prosody's tokens: {} characters of base64url",
        Token::PROSODY_LEN
    );
    Token::parse(token).map_err(|_| problem)
}

/// An invite that allows a registration, as `create_invite` of `mod_invites` stores it.
fn account_invite(token: &str, record: Value, host: &Host, now: Timestamp) -> Result<ForeignInvite, String> {
    let token = parse_token(token)?;
    let Value::Object(mut record) = record else { return Err("it is not a table".to_owned()) };
    let expires_at = time(record.get("expires")).ok_or("it has no expiry")?;
    let created_at = time(record.get("created_at")).filter(|at| *at <= now).unwrap_or(now);
    let address = text(&record, "jid").ok_or("it has no address")?;
    let username = localpart(address, host)?;
    let additional_data = match record.remove("additional_data") {
        Some(Value::Object(data)) => data,
        None => Map::new(),
        Some(Value::Array(items)) if items.is_empty() => Map::new(),
        Some(_) => return Err("its additional data is not a table".to_owned()),
    };
    let mut draft = draft_of(additional_data, host)?;
    match text(&record, "type") {
        Some("register") if draft.kind == Kind::PasswordReset => {}
        Some("register") => draft.username = username,
        Some("roster") => {
            let allows_registration = flag(&record, "allow_registration");
            draft.kind = if allows_registration { Kind::AccountAndContact } else { Kind::Contact };
            draft.inviter = Some(username.ok_or("it has no inviter")?);
        }
        _ => return Err("its type is neither \"register\" nor \"roster\"".to_owned()),
    }
    if flag(&record, "reusable") && draft.username.is_none() {
        draft.max_uses = None;
    }
    let source = draft.data.as_mut().and_then(|data| data.remove("source"));
    let source = match source {
        Some(Value::String(source)) if !source.is_empty() => Source::from_stored(source),
        _ => Source::import(),
    };
    draft.data = draft.data.filter(|data| !data.is_empty());
    draft.validate().map_err(|refusal| refusal.to_string())?;
    Ok(ForeignInvite { token, draft, created_at, expires_at, source })
}

/// The properties in the additional data; what Vestibule has no name for stays in `data`.
fn draft_of(mut data: Map<String, Value>, host: &Host) -> Result<Draft, String> {
    let groups = names(data.remove("groups")).ok_or("its groups are not names")?;
    let roles = names(data.remove("roles")).ok_or("its roles are not names")?;
    let mut draft = Draft { groups, roles, ..Draft::default() };
    if let Some(Value::String(note)) = data.get("note") {
        draft.note = Some(note.clone());
        data.remove("note");
    }
    if let Some(account) = data.remove("allow_reset") {
        let account = account.as_str().ok_or("the account whose password it resets is not a name")?;
        let username = Username::parse_at(account, host).map_err(|error| error.to_string())?;
        draft.kind = Kind::PasswordReset;
        draft.username = Some(username);
        (draft.groups, draft.roles) = (Vec::new(), Vec::new());
    }
    draft.data = Some(data);
    Ok(draft)
}

/// The localpart of an address at `host`; `None` for the host itself.
fn localpart(address: &str, host: &Host) -> Result<Option<Username>, String> {
    match address.split_once('@') {
        Some(_) => Username::parse_at(address, host).map(Some).map_err(|error| error.to_string()),
        None if Host::parse(address).as_ref() == Ok(host) => Ok(None),
        None => Err(format!("it is for {address:?}, not for {host}")),
    }
}

/// An invite to become a contact, which the store of a user holds.
fn contact_invite(
    username: &str,
    token: &str,
    expires: &Value,
    now: Timestamp,
) -> Result<ForeignInvite, String> {
    let token = parse_token(token)?;
    let inviter = Username::parse(username).map_err(|error| error.to_string())?;
    let expires_at = time(Some(expires)).ok_or("it has no expiry")?;
    let draft = Draft { kind: Kind::Contact, inviter: Some(inviter), ..Draft::default() };
    Ok(ForeignInvite { token, draft, created_at: now, expires_at, source: Source::import() })
}

fn limit_expiry(conversion: &mut Conversion, now: Timestamp) {
    let latest = now.plus(MAX_EXPIRY);
    let too_late = conversion.invites.iter_mut().filter(|invite| invite.record.expires_at > latest);
    let shortened = too_late.map(|invite| invite.record.expires_at = latest).count();
    if shortened > 0 {
        conversion.notes.push(format!(
            "{} with an expiry more than ten years away: it is now ten years",
            invites(shortened)
        ));
    }
}

/// Prosody has any number of invites for one username; here one invite reserves it. The newest stays.
fn keep_one_per_username(conversion: &mut Conversion) {
    let mut newest: HashMap<Username, (Timestamp, Timestamp)> = HashMap::new();
    let reserved = |invite: &ForeignInvite| match invite.draft.kind {
        Kind::PasswordReset => None,
        _ => invite.draft.username.clone(),
    };
    let age = |invite: &ForeignInvite| (invite.created_at, invite.expires_at);
    for Named { record: invite, .. } in &conversion.invites {
        if let Some(username) = reserved(invite) {
            let kept = newest.entry(username).or_insert_with(|| age(invite));
            *kept = age(invite).max(*kept);
        }
    }
    let mut taken = HashSet::new();
    let (kept, older): (Vec<_>, Vec<_>) =
        std::mem::take(&mut conversion.invites).into_iter().partition(|Named { record: invite, .. }| {
            reserved(invite).is_none_or(|username| newest[&username] == age(invite) && taken.insert(username))
        });
    conversion.invites = kept;
    conversion.rejected.extend(older.into_iter().map(|Named { name, record: invite }| {
        let username = invite.draft.username.map(|name| name.to_string()).unwrap_or_default();
        let reason = format!("a newer invite reserves the username {username}, and only one invite can");
        Rejected { record: name, reason }
    }));
}

#[cfg(test)]
mod tests;

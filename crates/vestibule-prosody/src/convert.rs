//! Converts records of Prosody to invites and keys.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use serde_json::{Map, Value};
use vestibule_core::{
    Draft, ForeignInvite, Host, InviteId, KeyId, KeyRecord, Kind, MAX_EXPIRY, NewKey, Scopes, SecretHash,
    Source, Timestamp, Token, Username, hex,
};

use crate::{
    fields::{flag, list, text, time},
    records::Records,
};

/// What can be imported of some records, and what cannot.
#[derive(Debug, Default)]
pub struct Conversion {
    /// Invites that can still be redeemed.
    pub invites: Vec<ForeignInvite>,
    /// Keys.
    pub keys: Vec<KeyRecord>,
    /// Number of invites that have expired, which are left out.
    pub expired: usize,
    /// Records that are left out because they are not understood.
    pub rejected: Vec<Rejected>,
    /// Properties that were adapted, in words.
    pub notes: Vec<String>,
}

/// The name of a record, without a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordName {
    /// An invite; without an id if its token is malformed.
    Invite(Option<InviteId>),
    /// A key; without an id if that is malformed.
    Key(Option<KeyId>),
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invite(Some(id)) => write!(f, "invite {id}"),
            Self::Invite(None) => f.write_str("invite with a malformed token"),
            Self::Key(Some(id)) => write!(f, "key {id}"),
            Self::Key(None) => f.write_str("key with a malformed id"),
        }
    }
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
    let mut found = Vec::new();
    for (token, record) in records.invites {
        let invite = account_invite(&token, record, host, now);
        found.push((token, invite));
    }
    // An invite to register and become a contact stands in both stores.
    let contacts = records.contacts.into_iter().filter(|(_, token, _)| !accounts.contains(token));
    for (username, token, expires) in contacts {
        let invite = contact_invite(&username, &token, &expires, now);
        found.push((token, invite));
    }
    for (token, invite) in found {
        match invite {
            Ok(invite) if invite.expires_at <= now => conversion.expired += 1,
            Ok(invite) => conversion.invites.push(invite),
            Err(reason) => conversion.rejected.push(Rejected { record: name_of(&token), reason }),
        }
    }
    limit_expiry(&mut conversion, now);
    keep_one_per_username(&mut conversion);
    for (id, record) in records.keys {
        match key(&id, &record, host, now) {
            Ok((key, note)) => {
                conversion.keys.push(key);
                conversion.notes.extend(note);
            }
            Err(reason) => {
                let record = RecordName::Key(KeyId::parse(&id).ok());
                conversion.rejected.push(Rejected { record, reason });
            }
        }
    }
    conversion
}

/// Names an invite without its token.
fn name_of(token: &str) -> RecordName {
    RecordName::Invite(Token::parse(token).ok().map(|token| token.lookup_key().id))
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
    let created_at = time(record.get("created_at")).unwrap_or(now);
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
    let groups = list(data.remove("groups")).ok_or("its groups are not a list of names")?;
    let roles = list(data.remove("roles")).ok_or("its roles are not a list of names")?;
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
    let too_late = conversion.invites.iter_mut().filter(|invite| invite.expires_at > latest);
    let shortened = too_late.map(|invite| invite.expires_at = latest).count();
    if shortened > 0 {
        conversion
            .notes
            .push(format!("{shortened} invites that expire later than in ten years now expire then"));
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
    for invite in &conversion.invites {
        if let Some(username) = reserved(invite) {
            let kept = newest.entry(username).or_insert_with(|| age(invite));
            *kept = age(invite).max(*kept);
        }
    }
    let mut taken = HashSet::new();
    let (kept, older): (Vec<_>, Vec<_>) =
        std::mem::take(&mut conversion.invites).into_iter().partition(|invite| {
            reserved(invite).is_none_or(|username| newest[&username] == age(invite) && taken.insert(username))
        });
    conversion.invites = kept;
    conversion.rejected.extend(older.into_iter().map(|invite| {
        let username = invite.draft.username.map(|name| name.to_string()).unwrap_or_default();
        let reason = format!("a newer invite reserves the username {username}, and only one invite can");
        Rejected { record: name_of(invite.token.expose()), reason }
    }));
}

/// An API key, as `prosodyctl mod_invites_api create` stores it, and a note on what is different now.
fn key(id: &str, record: &Value, host: &Host, now: Timestamp) -> Result<(KeyRecord, Option<String>), String> {
    let Value::Object(record) = record else { return Err("it is not a table".to_owned()) };
    let key_id = KeyId::parse(id).map_err(|error| error.to_string())?;
    let secret = match (text(record, "token"), text(record, "sha256")) {
        (Some(secret), _) => SecretHash::of(secret),
        (None, Some(hash)) => {
            let hash = hex::decode(hash).ok_or("its SHA-256 has not 64 hexadecimal digits")?;
            SecretHash::from_bytes(hash)
        }
        (None, None) => return Err("it has no secret".to_owned()),
    };
    let name = text(record, "name").map(str::to_owned);
    let new = NewKey { name, ..NewKey::default() };
    new.validate().map_err(|refusal| refusal.to_string())?;
    let limited = match record.get("allowed_methods") {
        Some(Value::Object(methods)) => !flag(methods, "GET") || !flag(methods, "POST"),
        _ => false,
    };
    let note =
        limited.then(|| format!("key {id} was limited to some HTTP methods; it now works with GET and POST"));
    let key = KeyRecord {
        id: key_id,
        host: host.clone(),
        name: new.name,
        scopes: Scopes::default(),
        created_at: time(record.get("created_at")).unwrap_or(now),
        expires_at: None,
        rate: None,
        last_used_at: None,
        parent: None,
        secret,
    };
    Ok((key, note))
}

#[cfg(test)]
mod tests;

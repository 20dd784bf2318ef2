//! Keys.

use std::sync::Arc;

use vestibule_core::{Action, KeyId, KeyRecord, NewKeyRecord, Principal, Refusal, Scope, Timestamp, rules};

use super::{
    asker::{Asker, ask, key_columns, read_key},
    fault::Fault,
    meter, op,
    record::{Subject, record},
    session::Session,
    shared::Shared,
};

const INSERT: &str =
    concat!("INSERT INTO keys (", key_columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)");

const ONE: &str = concat!("SELECT ", key_columns!(), " FROM keys WHERE id = $1 AND host = $2");

// `UNION` ends at a key that was seen before.
const FAMILY: &str = "WITH RECURSIVE family (id) AS (
        SELECT id FROM keys WHERE id = $1 UNION SELECT keys.id FROM keys JOIN family ON keys.parent = family.id)
    SELECT id FROM family";

const OF_HOST: &str =
    concat!("SELECT ", key_columns!(), " FROM keys WHERE host = $1 ORDER BY created_at, id");

const NOTE: &str = "UPDATE keys AS k SET last_used_at = greatest(u.at, coalesce(k.last_used_at, 0)) \
     FROM unnest($1::text[], $2::bigint[]) AS u (id, at) WHERE k.id = u.id";

pub(super) async fn insert(
    shared: Arc<Shared>,
    by: Principal,
    new: NewKeyRecord,
) -> Result<KeyRecord, Fault> {
    let asker = ask(&shared, &by, Scope::KeysManage, 1).await?;
    let session = op::begin(&shared, &asker).await?;
    let outcome = make(&session, &asker, new).await;
    session.end(outcome).await
}

async fn make(session: &Session, asker: &Asker, new: NewKeyRecord) -> Result<KeyRecord, Fault> {
    let expires_at = rules::key_expires_at(new.expiry, session.now)?;
    let count = session.query_opt("SELECT count(*) FROM keys WHERE host = $1", &[&asker.host_number]).await?;
    let count: i64 = count.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
    if count >= i64::from(rules::MAX_KEYS) {
        return Err(Refusal::LimitReached { what: "keys", limit: rules::MAX_KEYS }.into());
    }
    if let Some(maker) = &asker.key {
        rules::may_make(&maker.record, new.scopes, new.expiry, new.rate, session.now)?;
    }
    let key = KeyRecord {
        id: new.id,
        host: asker.grant.host.clone(),
        name: new.name,
        scopes: new.scopes,
        created_at: session.now,
        expires_at,
        rate: new.rate,
        last_used_at: None,
        parent: asker.key.as_ref().map(|maker| maker.record.id.clone()),
        secret: new.secret,
    };
    session
        .execute(
            INSERT,
            &[
                &key.id.as_str(),
                &asker.host_number,
                &key.secret.as_bytes().as_slice(),
                &key.name,
                &key.scopes.to_string(),
                &key.created_at.as_millis(),
                &key.expires_at.map(Timestamp::as_millis),
                &key.rate.map(|rate| rate.to_string()),
                &key.parent.as_ref().map(KeyId::as_str),
            ],
        )
        .await?;
    let (subject, source) = (Subject::Key(key.id.as_str()), asker.grant.source.as_str());
    record(session, asker.host_number, source, Action::KeyCreated, subject, key.name.as_deref()).await?;
    Ok(key)
}

pub(super) async fn list(shared: Arc<Shared>, by: Principal) -> Result<Vec<KeyRecord>, Fault> {
    let asker = ask(&shared, &by, Scope::KeysManage, 1).await?;
    let session = Session::read(&shared).await?;
    let outcome = async {
        asker.prove(&session).await?;
        let mut keys = Vec::new();
        for row in session.query(OF_HOST, &[&asker.host_number]).await? {
            let Some(key) = shared.readable(read_key(&shared, &row).await)? else { continue };
            let mut key = key.record;
            key.last_used_at = key.last_used_at.max(shared.key_uses.of(&key.id));
            keys.push(key);
        }
        Ok(keys)
    };
    let outcome = outcome.await;
    session.end(outcome).await
}

pub(super) async fn delete(shared: Arc<Shared>, by: Principal, id: KeyId) -> Result<(), Fault> {
    let asker = ask(&shared, &by, Scope::KeysManage, 1).await?;
    let session = op::begin(&shared, &asker).await?;
    let outcome = delete_family(&session, &asker, &id).await;
    let family = session.end(outcome).await?;
    for id in &family {
        shared.known.forget_key(id);
    }
    Ok(())
}

/// Deletes the key and all that descend from it, and answers their ids.
async fn delete_family(session: &Session, asker: &Asker, id: &KeyId) -> Result<Vec<KeyId>, Fault> {
    let row = session.query_opt(ONE, &[&id.as_str(), &asker.host_number]).await?;
    let target = read_key(&session.shared, &row.ok_or(Refusal::NotFound("key"))?).await?;
    if let Some(actor) = &asker.key {
        rules::may_delete(&actor.record, &target.record)?;
    }
    let mut family = Vec::new();
    for row in session.query(FAMILY, &[&id.as_str()]).await? {
        let text: &str = row.try_get(0)?;
        let id = KeyId::parse(text).map_err(|_| Fault::Corrupt(format!("key {text}: id")))?;
        session.execute("DELETE FROM keys WHERE id = $1", &[&text]).await?;
        meter::forget(session, text).await?;
        let (subject, source) = (Subject::Key(text), asker.grant.source.as_str());
        record(session, asker.host_number, source, Action::KeyDeleted, subject, None).await?;
        family.push(id);
    }
    Ok(family)
}

/// Writes down when keys were last used.
pub(super) async fn note_uses(shared: Arc<Shared>) -> Result<(), Fault> {
    let mut uses = shared.key_uses.unwritten();
    if uses.is_empty() {
        return Ok(());
    }
    // In order, so that nodes which do this at the same time do not wait for each other in a circle.
    uses.sort_unstable();
    let (ids, moments): (Vec<_>, Vec<_>) =
        uses.iter().map(|(id, at)| (id.as_str().to_owned(), at.as_millis())).unzip();
    let session = Session::write(&shared, &[]).await?;
    let outcome = session.execute(NOTE, &[&ids, &moments]).await;
    session.end(outcome).await?;
    shared.key_uses.written(&uses);
    Ok(())
}

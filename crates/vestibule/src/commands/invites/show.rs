//! `invites show`: one invite and who came in by it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;
use vestibule_web::api::{InviteView, RedemptionView};

use super::{find, not_found};
use crate::{config::Settings, failure::Failure, wiring};

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    invite: InviteView,
    redemptions: Vec<RedemptionView>,
}

/// Prints one invite and who came in by it.
pub(in crate::commands) async fn show(settings: &Settings, host: &str, wanted: &str) -> Result<(), Failure> {
    let by = wiring::operator(host)?;
    let desk = wiring::open_desk(settings).await?;
    let links = wiring::remembered_links(settings, &desk).await?;
    let id = find(&desk, &by, wanted).await?;
    let (invite, redemptions) = desk.store().invite(&by, id).await?.ok_or_else(not_found)?;
    let redemptions = redemptions.iter().map(RedemptionView::from).collect();
    let view = json!(Shown { invite: InviteView::stored(invite, &desk, &links), redemptions });
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

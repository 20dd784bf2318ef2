//! `invites show`: one invite and its redemptions.

use serde::Serialize;
use serde_json::json;
use vestibule_core::{InviteId, InviteService, Principal, RedemptionQuery};
use vestibule_web::v1::{InviteView, RedemptionView};

use super::{find, not_found};
use crate::{
    bootstrap,
    cli::InviteArgs,
    cli_error::CliError,
    config::Settings,
    fields::{Lists, print_fields},
};

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    invite: InviteView,
    /// Time until which it refuses registrations, because too many have failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    refuses_until: Option<String>,
    redemptions: Vec<RedemptionView>,
}

/// Page size of redemptions.
const PAGE: u32 = 500;

/// All redemptions of an invite; `None` if there is no such invite.
async fn all_redemptions(
    invite_service: &InviteService,
    by: &Principal,
    id: InviteId,
) -> Result<Option<Vec<RedemptionView>>, CliError> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let query = RedemptionQuery { before, limit: PAGE };
        let Some(page) = invite_service.store().redemptions(by, id, query).await? else { return Ok(None) };
        all.extend(page.items.iter().map(RedemptionView::from));
        before = page.next;
        if before.is_none() {
            return Ok(Some(all));
        }
    }
}

/// Prints one invite and its redemptions.
pub(in crate::commands) async fn show(settings: &Settings, args: &InviteArgs) -> Result<(), CliError> {
    let (host, wanted) = args.split();
    let (invite_service, by) = bootstrap::open_about(settings, host, wanted).await?;
    let links = bootstrap::remembered_links(settings, &invite_service).await?;
    let id = find(&invite_service, &by, wanted).await?;
    let found = invite_service.store().invite(&by, id).await?.ok_or_else(|| not_found(wanted))?;
    let redemptions = all_redemptions(&invite_service, &by, id).await?.ok_or_else(|| not_found(wanted))?;
    let view = json!(Shown {
        invite: InviteView::stored(found.invite, &invite_service, &links),
        refuses_until: found.exhausted_until.map(|until| until.to_string()),
        redemptions,
    });
    Ok(print_fields(&view, Lists::Json, settings.json)?)
}

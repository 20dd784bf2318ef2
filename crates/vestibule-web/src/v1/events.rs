//! `GET /v1/events`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use vestibule_core::{Event, EventQuery};

use super::{caller::Caller, enum_schemas, fields::FieldReader, params::Params, problem::Problem};
use crate::AppState;

/// The maximum id of an event, 2^40.
const MAX_ID: i64 = 1_099_511_627_776;

/// Selection of events.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListEventsQuery {
    /// Maximum number of items.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 500, default = 50)]
    limit: Option<String>,
    /// Only events after this one: the `next_cursor` of the previous page, or the `id` of any event.
    #[param(value_type = i64, required = false, minimum = 0, maximum = 1_099_511_627_776_i64)]
    cursor: Option<String>,
}

/// One entry of the audit log.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventView {
    /// Number in the log of the host, starting at 1.
    id: i64,
    /// Time of the event.
    #[schema(format = DateTime)]
    at: String,
    /// The host.
    host: String,
    /// Originator: `api/token/ID` for a key, `cli`, `service`, `page` for the holder of an invite.
    source: String,
    /// Action of the event.
    #[schema(schema_with = enum_schemas::action)]
    action: &'static str,
    /// The `id` of the invite or key.
    subject: String,
    /// Details of the action, such as the address that redeemed an invite.
    #[schema(required)]
    detail: Option<String>,
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        Self {
            id: event.seq,
            at: event.at.to_string(),
            host: event.host.to_string(),
            source: event.source.to_string(),
            action: event.action.as_str(),
            subject: event.subject,
            detail: event.detail,
        }
    }
}

/// A page of the audit log.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventPage {
    /// Oldest first.
    items: Vec<EventView>,
    /// The `cursor` of the next page; `null` on the last page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Read the audit log
#[utoipa::path(
    get, path = "/v1/events", tag = "events", operation_id = "list_events",
    description = "Scope `invites:manage`. Lists all changes of invites and keys, oldest first. To follow the log, \
        pass the `id` of the last event seen as `cursor`.",
    params(ListEventsQuery),
    responses((status = 200, description = "A page.", body = EventPage)),
)]
async fn handle(
    State(state): State<AppState>,
    caller: Caller,
    Params(params): Params<ListEventsQuery>,
) -> Result<Json<EventPage>, Problem> {
    let mut fields = FieldReader::default();
    let expected = "the next_cursor of the previous page, or the id of an event";
    let after: Option<i64> = fields.param("cursor", params.cursor.as_deref(), expected);
    if after.is_some_and(|id| !(0..=MAX_ID).contains(&id)) {
        fields.refuse("cursor", format!("expected {expected}"));
    }
    let query = EventQuery { after: after.unwrap_or(0), limit: fields.limit(params.limit.as_deref()) };
    fields.finish()?;
    let page = state.invite_service.store().events(&caller.0, query).await?;
    let items = page.items.into_iter().map(EventView::from).collect();
    Ok(Json(EventPage { items, next_cursor: page.next.map(|seq| seq.to_string()) }))
}

/// `/v1/events`.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(handle))
}

//! Reads all invites that satisfy a filter, page by page.

use vestibule_core::{Cursor, Invite, InviteFilter, InviteQuery, InviteService, Principal};

use crate::{cli::FilterArgs, cli_error::CliError};

/// Page size.
const PAGE: u32 = 1_000;

/// The pages of a list.
pub(super) struct Pages<'a> {
    invite_service: &'a InviteService,
    by: &'a Principal,
    pub(super) filter: InviteFilter,
    before: Option<Cursor>,
    is_over: bool,
}

impl<'a> Pages<'a> {
    /// The invites of the host of an operator.
    pub(super) fn new(
        invite_service: &'a InviteService,
        by: &'a Principal,
        args: &FilterArgs,
    ) -> Result<Self, CliError> {
        let filter = match by {
            Principal::Operator { host, .. } => args.filter(host)?,
            Principal::Key(_) | Principal::Session(_) => InviteFilter::default(),
        };
        Ok(Self { invite_service, by, filter, before: None, is_over: false })
    }

    /// The next page; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Invite>>, CliError> {
        if self.is_over {
            return Ok(None);
        }
        let query = InviteQuery { filter: self.filter.clone(), before: self.before, limit: PAGE };
        let page = self.invite_service.store().invites(self.by, query).await?;
        self.before = page.next;
        self.is_over = page.next.is_none();
        Ok(Some(page.items))
    }
}

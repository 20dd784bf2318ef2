//! What `invites create` prints of each invite.

use std::io::{self, BufWriter, StdoutLock, Write};

use serde_json::json;
use vestibule_core::{InviteService, MintedInvite};
use vestibule_web::{
    Links,
    v1::{CsvWriter, InviteView},
};

use super::json_list::JsonList;

/// What is printed, and where.
pub(super) enum Printer {
    /// A link a line.
    Links(BufWriter<StdoutLock<'static>>),
    /// An array.
    Json(BufWriter<StdoutLock<'static>>, JsonList),
    /// A header and a row an invite.
    Csv(Box<CsvWriter<StdoutLock<'static>>>),
}

impl Printer {
    pub(super) fn new(json: bool, csv: bool) -> io::Result<Self> {
        let out = io::stdout().lock();
        Ok(match (json, csv) {
            (_, true) => Self::Csv(Box::new(CsvWriter::new(out)?)),
            (true, false) => Self::Json(BufWriter::new(out), JsonList::new(true)),
            (false, false) => Self::Links(BufWriter::new(out)),
        })
    }

    /// Prints the invites of a batch, and hands them on at once: they are on disk.
    pub(super) fn batch(
        &mut self,
        batch: &[MintedInvite],
        links: &Links,
        invite_service: &InviteService,
    ) -> io::Result<()> {
        let view = |minted: &MintedInvite| {
            InviteView::new(minted.invite.clone(), Some(&minted.token), links, invite_service.now())
        };
        match self {
            Self::Links(out) => {
                batch.iter().try_for_each(|one| writeln!(out, "{}", links.link(&one.invite, &one.token)))?;
                out.flush()
            }
            Self::Json(out, list) => {
                batch.iter().try_for_each(|one| list.item(out, &json!(view(one))))?;
                out.flush()
            }
            Self::Csv(rows) => {
                batch.iter().try_for_each(|one| rows.write(&view(one)))?;
                rows.flush()
            }
        }
    }

    /// Prints what stands behind the last invite.
    pub(super) fn end(mut self) -> io::Result<()> {
        match &mut self {
            Self::Links(out) => out.flush(),
            Self::Json(out, list) => list.end(out),
            Self::Csv(rows) => rows.flush(),
        }
    }
}

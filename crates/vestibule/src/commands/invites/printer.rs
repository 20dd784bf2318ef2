//! Output of `invites create`.

use std::io::{self, BufWriter, StdoutLock, Write};

use serde_json::json;
use vestibule_core::{InviteService, MintedInvite};
use vestibule_web::{
    Links,
    v1::{CsvWriter, InviteView},
};

use super::json_list::JsonList;

/// An output format and its writer.
pub(super) enum Printer {
    /// One link per line.
    Links(BufWriter<StdoutLock<'static>>),
    /// A JSON array.
    Json(BufWriter<StdoutLock<'static>>, JsonList),
    /// CSV: a header, and one row per invite.
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

    /// Prints the invites of a batch, which are already on disk, and flushes.
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

    /// Ends the output.
    pub(super) fn end(mut self) -> io::Result<()> {
        match &mut self {
            Self::Links(out) => out.flush(),
            Self::Json(out, list) => list.end(out),
            Self::Csv(rows) => rows.flush(),
        }
    }
}

//! `events`: the audit log of a host.

use std::{
    io::{self, Write},
    thread,
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
};
use serde_json::json;
use tokio::{sync::oneshot, time::sleep};
use vestibule_core::{Action, Event, EventQuery};

use super::serve::stop_signal;
use crate::{
    bootstrap,
    cli::EventsArgs,
    cli_error::CliError,
    config::Settings,
    table::{Cell, Style, Table},
    terminal::escape_json_for_terminal,
};

/// Page size.
const PAGE: u32 = 500;

/// Interval at which the log is read while it is followed.
const INTERVAL: Duration = Duration::from_millis(500);

/// The heading on a terminal.
const HEADING: [&str; 6] = ["ID", "TIME", "ACTION", "SUBJECT", "SOURCE", "DETAIL"];

/// Prints the events, oldest first, and those that follow if asked for.
pub(super) async fn run(settings: &Settings, args: &EventsArgs) -> Result<(), CliError> {
    let (invite_service, by) = bootstrap::open_for(settings, args.host.as_deref()).await?;
    let mut printer = Printer::new(settings.json);
    let mut after = args.after;
    let stop = stop_signal()?;
    tokio::pin!(stop);
    let mut closed = None;
    loop {
        let query = EventQuery { after, limit: PAGE };
        let page = invite_service.store().events(&by, query).await?;
        for event in &page.items {
            after = after.max(event.seq);
            printer.print(event)?;
        }
        if let Some(next) = page.next {
            // The last events of the page can be unreadable.
            after = after.max(next);
            continue;
        }
        printer.flush()?;
        if !args.follow {
            return Ok(());
        }
        let closed = closed.get_or_insert_with(output_closed);
        tokio::select! {
            () = sleep(INTERVAL) => {}
            () = &mut stop => return Ok(()),
            Ok(()) = closed => return Err(io::Error::from(io::ErrorKind::BrokenPipe).into()),
        }
    }
}

/// Receives a message when the reader of the standard output is gone, as `head` after its lines. A write would find out
/// only at the next event.
fn output_closed() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    // The call blocks for as long as there is a reader. The thread ends with the process.
    thread::spawn(move || {
        let output = io::stdout();
        let is_closed = loop {
            // Errors and hang-ups are reported without being asked for.
            let mut polled = [PollFd::new(&output, PollFlags::empty())];
            match poll(&mut polled, None) {
                Ok(_) => break polled[0].revents().intersects(PollFlags::ERR | PollFlags::HUP),
                Err(Errno::INTR) => {}
                Err(_) => break false,
            }
        };
        if is_closed {
            // Nobody waits if the command is ending.
            let _ = sender.send(());
        }
    });
    receiver
}

/// Prints events as a table, or as one JSON object per line.
enum Printer {
    Table(Table<io::Stdout>),
    Json(io::Stdout),
}

impl Printer {
    fn new(json: bool) -> Self {
        if json { Self::Json(io::stdout()) } else { Self::Table(Table::new(io::stdout(), &HEADING)) }
    }

    fn print(&mut self, event: &Event) -> io::Result<()> {
        match self {
            Self::Table(table) => table.row(row(event)),
            Self::Json(out) => writeln!(out, "{}", escape_json_for_terminal(&view(event))),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Table(table) => table.flush(),
            Self::Json(out) => out.flush(),
        }
    }
}

fn row(event: &Event) -> Vec<Cell> {
    let style = match event.action {
        Action::InviteRedeemed => Style::Good,
        Action::InviteRevoked | Action::KeyDeleted | Action::MemberStopped => Style::Bad,
        Action::InviteOverused | Action::InviteRenewalRequested => Style::Warning,
        Action::InvitePurged => Style::Dim,
        _ => Style::Plain,
    };
    vec![
        Cell::new(event.seq.to_string()),
        Cell::new(event.at.to_string()),
        Cell::styled(event.action.as_str(), style),
        Cell::new(&event.subject),
        Cell::new(event.source.as_str()),
        Cell::new(event.detail.as_deref().unwrap_or_default()),
    ]
}

/// An event as in the API.
fn view(event: &Event) -> serde_json::Value {
    json!({
        "id": event.seq,
        "at": event.at.to_string(),
        "host": event.host.as_str(),
        "source": event.source.as_str(),
        "action": event.action.as_str(),
        "subject": event.subject,
        "detail": event.detail,
    })
}

//! Sheets of invites to print and cut apart.

mod card;
mod html;
mod layout;
mod pdf;

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use vestibule_core::Invite;

use crate::{
    cli_error::CliError,
    terminal::escape_for_terminal,
    typography::{Fonts, debian_package},
};
use card::Card;
use layout::Typesetter;

/// The most invites of one sheet, so that browsers and printers can handle it.
pub(crate) const MOST: u32 = 100_000;

/// The most characters without a font that are listed.
const MOST_MISSING: usize = 20;

/// The file of a sheet and its format, by extension.
#[derive(Clone, Debug)]
pub(crate) struct SheetFile {
    path: PathBuf,
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Html,
    Pdf,
}

impl SheetFile {
    /// Parses a file name.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let path = PathBuf::from(text);
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let format = match ending.as_deref() {
            Some("html") => Format::Html,
            Some("pdf") => Format::Pdf,
            _ => return Err("a sheet is a PDF or a web page: choose a file that ends in .pdf or .html"),
        };
        Ok(Self { path, format })
    }

    /// Creates the file, which must not exist, readable by its owner only, since anyone with a link can use it.
    pub(crate) fn create(self, host: &str, site: Option<&str>) -> Result<Sheet, CliError> {
        let shown = self.path.display();
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path);
        let file = made.map_err(|error| {
            CliError::message(match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    format!("{shown} already exists; remove it, or choose another file with --qr-sheet")
                }
                _ => format!("cannot create the sheet {shown}: {error}; choose another file with --qr-sheet"),
            })
        })?;
        let title = format!("Invites to {}", site.unwrap_or(host));
        let site = site.map(str::to_owned);
        // The file stays empty until there is an invite, and is removed if there is none.
        let (waiting, typesetter) = (Vec::new(), Typesetter::new(Fonts::new()));
        let state = State::Empty { file, title };
        Ok(Sheet { file: self, site, waiting, typesetter, state, kept: false })
    }
}

/// A sheet being written.
///
/// Errors do not interrupt the creation of invites: after an error it ignores further cards and reports the error
/// when finished.
pub(crate) struct Sheet {
    file: SheetFile,
    site: Option<String>,
    /// Cards of the unfinished page.
    waiting: Vec<Card>,
    typesetter: Typesetter,
    state: State,
    /// Whether the file is complete and kept.
    kept: bool,
}

enum State {
    Empty { file: File, title: String },
    Pages(Pages),
    Failed(io::Error),
}

enum Pages {
    Html(html::Html<BufWriter<File>>),
    Pdf(Box<pdf::Pdf<BufWriter<File>>>),
}

impl Sheet {
    /// Adds the card of an invite.
    pub(crate) fn add(&mut self, invite: &Invite, link: &str) {
        self.waiting.push(Card::new(invite, link, self.site.as_deref()));
        if self.waiting.len() == layout::CARDS {
            self.write_page();
        }
    }

    /// Writes the rest. A sheet without cards, or a failed one, leaves no file behind.
    pub(crate) fn finish(mut self) -> Result<(), CliError> {
        if !self.waiting.is_empty() {
            self.write_page();
        }
        let ended = match std::mem::replace(&mut self.state, State::Failed(io::ErrorKind::Other.into())) {
            State::Empty { .. } => return Ok(()),
            State::Pages(Pages::Html(html)) => html.finish(),
            State::Pages(Pages::Pdf(pdf)) => pdf.finish(),
            State::Failed(error) => Err(error),
        };
        ended.map_err(|error| {
            CliError::message(format!(
                "the invites were created and their links are printed, but the sheet {} could not be written: {error}",
                self.file.path.display()
            ))
        })?;
        self.kept = true;
        if let Some(warning) = self.missing_fonts() {
            eprintln!("{}", escape_for_terminal(&warning));
        }
        Ok(())
    }

    /// What the sheet leaves out for want of a font.
    fn missing_fonts(&self) -> Option<String> {
        let missing = self.typesetter.fonts.missing();
        let packages: BTreeSet<_> = missing.iter().copied().map(debian_package).collect();
        (!missing.is_empty()).then(|| {
            format!(
                "Warning: no font of this system has {}. The sheet {} leaves out the names with these characters and \
                 shows hosts as xn--...; its links and codes are complete. Install a font (on Debian: {}), or choose a \
                 file that ends in .html.",
                missing.iter().take(MOST_MISSING).collect::<String>(),
                self.file.path.display(),
                packages.into_iter().collect::<Vec<_>>().join(" "),
            )
        })
    }

    fn write_page(&mut self) {
        let cards = std::mem::take(&mut self.waiting);
        let before = std::mem::replace(&mut self.state, State::Failed(io::ErrorKind::Other.into()));
        let begun = match before {
            State::Empty { file, title } => Pages::begin(self.file.format, file, &title),
            State::Pages(pages) => Ok(pages),
            State::Failed(error) => Err(error),
        };
        self.state = match begun.and_then(|pages| pages.with(&cards, &mut self.typesetter)) {
            Ok(pages) => State::Pages(pages),
            Err(error) => State::Failed(error),
        };
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        if !self.kept {
            // An incomplete sheet misleads, and an empty file blocks the next attempt.
            let _ = fs::remove_file(&self.file.path);
        }
    }
}

impl Pages {
    fn begin(format: Format, file: File, title: &str) -> io::Result<Self> {
        let out = BufWriter::new(file);
        match format {
            Format::Html => html::Html::new(out, title).map(Self::Html),
            Format::Pdf => Ok(Self::Pdf(Box::new(pdf::Pdf::new(out, title)))),
        }
    }

    fn with(mut self, cards: &[Card], typesetter: &mut Typesetter) -> io::Result<Self> {
        match &mut self {
            Self::Html(html) => html.page(cards, typesetter)?,
            Self::Pdf(pdf) => pdf.page(cards, typesetter)?,
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;

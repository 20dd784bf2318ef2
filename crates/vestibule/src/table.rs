//! Tables on stdout: aligned columns with a heading on a terminal, lines with tabs for other programs.

use std::{
    borrow::Cow,
    env,
    io::{self, IsTerminal, Write},
};

use unicode_width::UnicodeWidthStr;

use crate::terminal::escape_for_terminal;

/// Rows that are aligned at once, so that a long list appears before its end is known.
const CHUNK: usize = 500;

/// The space between two columns.
const GAP: usize = 2;

/// The style of a cell on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    /// It works.
    Good,
    /// It will soon not work, or does not any more by itself.
    Warning,
    /// Somebody ended it.
    Bad,
    /// It is over.
    Dim,
    Heading,
}

impl Style {
    /// The parameter of SGR (ECMA-48 section 8.3.117).
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Good => Some("32"),
            Self::Warning => Some("33"),
            Self::Bad => Some("31"),
            Self::Dim => Some("2"),
            Self::Heading => Some("1"),
        }
    }
}

/// One value of a row. Its text is escaped.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        Self::styled(text, Style::Plain)
    }

    pub(crate) fn styled(text: impl AsRef<str>, style: Style) -> Self {
        let text = match escape_for_terminal(text.as_ref()) {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(text) => text,
        };
        Self { text, style }
    }
}

/// How a table is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// One tab between two values, no heading.
    Tabs,
    Aligned {
        colors: bool,
    },
}

/// A table that is written row by row.
pub(crate) struct Table<W: Write> {
    out: W,
    layout: Layout,
    heading: Vec<Cell>,
    /// Rows that wait for their alignment.
    rows: Vec<Vec<Cell>>,
    is_first_chunk: bool,
}

impl<W: Write> Table<W> {
    /// A table on stdout, which `out` writes to.
    pub(crate) fn new(out: W, heading: &[&str]) -> Self {
        let layout = if io::stdout().is_terminal() {
            let is_unset = |name| env::var_os(name).is_none_or(|value| value.is_empty());
            let is_dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
            Layout::Aligned { colors: is_unset("NO_COLOR") && !is_dumb }
        } else {
            Layout::Tabs
        };
        Self::with_layout(out, heading, layout)
    }

    fn with_layout(out: W, heading: &[&str], layout: Layout) -> Self {
        let heading = heading.iter().map(|name| Cell::styled(name, Style::Heading)).collect();
        Self { out, layout, heading, rows: Vec::new(), is_first_chunk: true }
    }

    /// Whether the columns are aligned, for people.
    pub(crate) fn is_aligned(&self) -> bool {
        self.layout != Layout::Tabs
    }

    pub(crate) fn row(&mut self, row: Vec<Cell>) -> io::Result<()> {
        if self.layout == Layout::Tabs {
            let texts: Vec<_> = row.iter().map(|cell| cell.text.as_str()).collect();
            return writeln!(self.out, "{}", texts.join("\t"));
        }
        self.rows.push(row);
        if self.rows.len() >= CHUNK { self.align() } else { Ok(()) }
    }

    /// Writes the rows so far.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.align()?;
        self.out.flush()
    }

    fn align(&mut self) -> io::Result<()> {
        let Layout::Aligned { colors } = self.layout else { return Ok(()) };
        let mut rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut widths: Vec<usize> = self.heading.iter().map(|cell| cell.text.width()).collect();
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.text.width());
            }
        }
        if std::mem::take(&mut self.is_first_chunk) {
            rows.insert(0, self.heading.clone());
        }
        for row in rows {
            let mut line = String::new();
            let mut missing = 0;
            for (cell, width) in row.iter().zip(&widths) {
                // Nothing is padded at the end of a line.
                line.extend(std::iter::repeat_n(' ', missing));
                match cell.style.code().filter(|_| colors && !cell.text.is_empty()) {
                    Some(code) => line.extend(["\u{1b}[", code, "m", &cell.text, "\u{1b}[0m"]),
                    None => line.push_str(&cell.text),
                }
                missing = width - cell.text.width() + GAP;
            }
            writeln!(self.out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(layout: Layout) -> String {
        let mut out = Vec::new();
        let mut table = Table::with_layout(&mut out, &["ID", "STATE", "NOTE"], layout);
        for (state, style, note) in
            [("pending", Style::Good, "日本"), ("used", Style::Dim, ""), ("x", Style::Plain, "a\nb")]
        {
            table.row(vec![Cell::new("01"), Cell::styled(state, style), Cell::new(note)]).unwrap();
        }
        table.flush().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_aligned_for_people_and_separated_by_tabs_for_programs() {
        assert_eq!(print(Layout::Tabs), "01\tpending\t日本\n01\tused\t\n01\tx\ta\\nb\n");
        let aligned = "ID  STATE    NOTE\n01  pending  日本\n01  used\n01  x        a\\nb\n";
        assert_eq!(print(Layout::Aligned { colors: false }), aligned);
        let colored = print(Layout::Aligned { colors: true });
        assert!(colored.starts_with("\u{1b}[1mID\u{1b}[0m  \u{1b}[1mSTATE\u{1b}[0m"), "{colored}");
        assert!(colored.contains("01  \u{1b}[32mpending\u{1b}[0m  日本\n"), "{colored}");
    }

    #[test]
    fn an_empty_table_has_no_heading() {
        let mut out = Vec::new();
        Table::with_layout(&mut out, &["ID"], Layout::Aligned { colors: true }).flush().unwrap();
        assert!(out.is_empty());
    }
}

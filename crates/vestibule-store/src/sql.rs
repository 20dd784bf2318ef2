//! The texts of statements.
//!
//! Engines execute texts of type [`Sql`], and [`statements!`] makes them. So the tests know every statement of an engine,
//! and its snapshot shows a change of it, also one that comes from a shared fragment.

/// The text of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sql(&'static str);

impl Sql {
    /// For [`statements!`] alone, which registers the text.
    pub(crate) const fn registered(text: &'static str) -> Self {
        Self(text)
    }

    pub(crate) const fn text(self) -> &'static str {
        self.0
    }
}

/// Defines the statements of a module as constants, and lists them for the tests of the engine.
macro_rules! statements {
    ($($(#[$attribute:meta])* $visibility:vis const $name:ident: Sql = $text:expr;)+) => {
        $(
            $(#[$attribute])*
            $visibility const $name: $crate::sql::Sql = $crate::sql::Sql::registered($text);
        )+

        /// The statements of this module, by name.
        #[cfg(test)]
        pub(crate) const STATEMENTS: &[(&str, $crate::sql::Sql)] = &[$((stringify!($name), $name)),+];
    };
}
pub(crate) use statements;

#[cfg(test)]
pub(crate) mod snapshots {
    //! Snapshots of statements, one file per module.

    use std::{collections::BTreeSet, fmt::Write, path::Path};

    /// Where a line of a statement begins that is written in one line.
    const CLAUSES: [&str; 6] = [" FROM ", " WHERE ", " AND ", " ORDER BY ", " VALUES ", " ON CONFLICT "];

    /// A statement with its name and notes about it. Whitespace is laid out for the reader.
    pub(crate) fn show(name: &str, text: &str, notes: &[String]) -> String {
        let mut shown = format!("-- {name}\n{}\n", layout(text));
        for note in notes {
            let _ = writeln!(shown, "--   {note}");
        }
        shown
    }

    fn layout(text: &str) -> String {
        let text = text.trim();
        if !text.contains('\n') {
            let line = |text: String, clause: &&str| text.replace(clause, &format!("\n {clause}"));
            return CLAUSES.iter().fold(text.to_owned(), line);
        }
        let indentation = |line: &str| line.len() - line.trim_start().len();
        let least = text.lines().skip(1).map(indentation).min().unwrap_or(0);
        let dedented = |(number, line): (usize, &str)| match number {
            0 => line.to_owned(),
            _ => format!("  {}", split_at_joints(line[least..].trim_end())),
        };
        text.lines().enumerate().map(dedented).collect::<Vec<_>>().join("\n")
    }

    /// Begins a line where a fragment was joined to the text after it, which is indented.
    fn split_at_joints(line: &str) -> String {
        let text = line.trim_start();
        let indentation = &line[..line.len() - text.len()];
        let parts: Vec<_> = text.split("      ").map(str::trim).filter(|part| !part.is_empty()).collect();
        format!("{indentation}{}", parts.join(&format!("\n  {indentation}  ")))
    }

    /// Asserts that a folder has no snapshot but these, so that none outlives its module.
    pub(crate) fn assert_no_others(folder: &Path, names: impl Iterator<Item = &'static str>) {
        let expected: BTreeSet<_> = names.map(str::to_owned).collect();
        let found: BTreeSet<_> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".snap").map(str::to_owned))
            .collect();
        assert_eq!(found, expected);
    }
}

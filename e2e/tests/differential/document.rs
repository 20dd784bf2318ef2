//! `docs/differences.md` has the same rows as `MEANT`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::compare::Tally;
use crate::meant::MEANT;

/// A row of the table.
type Row = [String; 5];

pub(crate) fn compare(tally: &mut Tally) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/differences.md");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let documented: BTreeSet<Row> = text.lines().filter_map(row).collect();
    let meant: BTreeSet<Row> = MEANT
        .iter()
        .map(|row| [row.request, row.aspect, row.original, row.ours, row.reason].map(str::to_owned))
        .collect();
    for row in meant.difference(&documented) {
        tally.fault(format!("docs/differences.md lacks: | {} |", row.join(" | ")));
    }
    for row in documented.difference(&meant) {
        tally.fault(format!("only docs/differences.md has: | {} |", row.join(" | ")));
    }
    for row in MEANT.iter().filter(|row| row.reason.is_empty()) {
        tally.fault(format!("no reason is given: {row}"));
    }
}

/// Returns the cells of a table row with five cells, except the header and the line of dashes.
fn row(line: &str) -> Option<Row> {
    let cells = cells(line);
    if cells.len() != 5 || cells[0] == "request" || cells[0].starts_with("--") {
        return None;
    }
    Some(std::array::from_fn(|at| cells[at].to_owned()))
}

fn cells(line: &str) -> Vec<&str> {
    line.trim()
        .strip_prefix('|')
        .and_then(|line| line.strip_suffix('|'))
        .map_or_else(Vec::new, |line| line.split('|').map(str::trim).collect())
}

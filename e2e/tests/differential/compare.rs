//! Compares observed differences with the documented ones.

use std::collections::{BTreeSet, HashSet};

use crate::meant::{ANY, MEANT, Meant};
use crate::observe::{ABSENT, Aspects};

/// The results so far.
#[derive(Default)]
pub(crate) struct Tally {
    seen: usize,
    /// The observed pairs of a row of `MEANT` and a request.
    occurred: HashSet<(usize, String)>,
    faults: Vec<String>,
}

impl Tally {
    /// Compares all aspects of the two answers to one request.
    pub(crate) fn compare(&mut self, request: &str, original: &Aspects, ours: &Aspects) {
        self.seen += 1;
        let names: BTreeSet<&String> = original.keys().chain(ours.keys()).collect();
        for aspect in names {
            let value = |of: &Aspects| of.get(aspect).map_or_else(|| ABSENT.to_owned(), Clone::clone);
            let (theirs, mine) = (value(original), value(ours));
            if theirs != mine {
                self.difference(request, aspect, &theirs, &mine);
            }
        }
    }

    fn difference(&mut self, request: &str, aspect: &str, theirs: &str, mine: &str) {
        let row = MEANT.iter().position(|row| {
            row.covers(request) && (row.aspect, row.original, row.ours) == (aspect, theirs, mine)
        });
        match row {
            Some(row) => {
                self.occurred.insert((row, request.to_owned()));
            }
            None => self.fault(format!("not meant: {request} | {aspect} | {theirs} | {mine}")),
        }
    }

    pub(crate) fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    /// Panics with all faults, if there are any.
    pub(crate) fn report(mut self) {
        for (index, row) in MEANT.iter().enumerate() {
            for request in row.requests() {
                let met =
                    self.occurred.iter().any(|(at, met)| *at == index && (request == ANY || met == request));
                if !met {
                    self.faults.push(format!("does not occur any more: {request} | {row}"));
                }
            }
        }
        let count = self.faults.len();
        assert!(count == 0, "{count} faults in {} comparisons:\n{}", self.seen, self.faults.join("\n"));
    }
}

impl Meant {
    /// Returns the names of its requests.
    pub(crate) fn requests(&self) -> impl Iterator<Item = &'static str> {
        self.request.split("; ")
    }

    fn covers(&self, request: &str) -> bool {
        self.requests().any(|name| name == ANY || name == request)
    }
}

impl std::fmt::Display for Meant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} | {} | {}", self.aspect, self.original, self.ours)
    }
}

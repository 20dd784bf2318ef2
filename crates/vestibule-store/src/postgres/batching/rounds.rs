//! Distributes items over statements.

use std::collections::HashMap;

use crate::{
    postgres::statements::batch_statement::{ConflictKey, Param},
    sql::Sql,
};

/// A statement with its parameters.
pub(super) struct RoundStatement {
    pub(super) sql: Sql,
    pub(super) params: Vec<Param>,
    /// The indexes of its items in their group, in order of item numbers.
    pub(super) item_indexes: Vec<usize>,
}

/// Partitions items into the fewest rounds such that the items of a round have disjoint conflict keys.
pub(super) fn rounds(items: impl Iterator<Item = (usize, Vec<ConflictKey>)>) -> Vec<Vec<usize>> {
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    // The first round in which a conflict key is free.
    let mut free: HashMap<ConflictKey, usize> = HashMap::new();
    for (index, conflict_keys) in items {
        let round = conflict_keys.iter().filter_map(|touched| free.get(touched)).copied().max().unwrap_or(0);
        if rounds.len() == round {
            rounds.push(Vec::new());
        }
        rounds[round].push(index);
        free.extend(conflict_keys.into_iter().map(|touched| (touched, round + 1)));
    }
    rounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounds_have_disjoint_conflict_keys_and_keep_order(
            items in prop::collection::vec(prop::collection::btree_set(0_u8..6, 0..3), 0..40),
        ) {
            let conflict_keys = |index: usize| items[index].iter().map(|key| vec![*key]).collect();
            let rounds = rounds((0..items.len()).map(|index| (index, conflict_keys(index))));
            let mut seen: Vec<usize> = rounds.concat();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..items.len()).collect::<Vec<_>>());
            let round_of = |index: usize| rounds.iter().position(|round| round.contains(&index)).unwrap();
            for later in 0..items.len() {
                for earlier in 0..later {
                    if !items[earlier].is_disjoint(&items[later]) {
                        prop_assert!(round_of(earlier) < round_of(later));
                    }
                }
            }
            // The fewest: each item conflicts with one of the round before.
            for (before, round) in rounds.iter().zip(rounds.iter().skip(1)) {
                for item in round {
                    prop_assert!(before.iter().any(|other| !items[*other].is_disjoint(&items[*item])));
                }
            }
            prop_assert!(rounds.iter().all(|round| !round.is_empty()));
        }
    }
}

//! A linearizability checker: Wing and Gong's search with Lowe's cache of visited states, as in Porcupine. A history
//! is linearizable if there is an order of its operations, each between its call and its return, in which every
//! answer is that of a sequential model.

use std::{collections::HashSet, hash::Hash};

/// The sequential specification.
pub(crate) trait Model {
    type State: Clone + Eq + Hash;
    type Op;
    type Answer: PartialEq;

    /// Returns the state after the operation, and its answer.
    fn step(state: &Self::State, op: &Self::Op) -> (Self::State, Self::Answer);
}

/// One call of an operation.
pub(crate) struct Call<M: Model> {
    pub(crate) op: M::Op,
    pub(crate) called: u64,
    /// The time and the answer of the return; `None` if the outcome is unknown.
    pub(crate) returned: Option<(u64, M::Answer)>,
}

/// Returns whether the history is linearizable.
pub(crate) fn is_linearizable<M: Model>(begin: M::State, history: &[Call<M>]) -> bool {
    assert!(history.len() <= 128, "a history of {}", history.len());
    let known = history.iter().enumerate().filter(|(_, call)| call.returned.is_some());
    let wanted = known.fold(0_u128, |all, (index, _)| all | 1 << index);
    let mut seen = HashSet::new();
    let mut open = vec![(0_u128, begin)];
    while let Some((done, state)) = open.pop() {
        if done & wanted == wanted {
            return true;
        }
        if !seen.insert((done, state.clone())) {
            continue;
        }
        let waiting = |index: &usize| done & (1 << index) == 0;
        // An operation that was called after another one had returned comes after it.
        let first_return = (0..history.len())
            .filter(waiting)
            .filter_map(|index| history[index].returned.as_ref().map(|(at, _)| *at))
            .min()
            .unwrap_or(u64::MAX);
        for index in (0..history.len()).filter(waiting) {
            let call = &history[index];
            if call.called > first_return {
                continue;
            }
            let (after, answer) = M::step(&state, &call.op);
            // An operation with an unknown outcome may have had any answer, or no effect.
            if call.returned.as_ref().is_none_or(|(_, known)| *known == answer) {
                open.push((done | 1 << index, after));
            }
        }
    }
    false
}

mod tests {
    use super::*;

    /// A number that can be set and read.
    struct Register;

    impl Model for Register {
        type State = u8;
        type Op = Option<u8>;
        type Answer = u8;

        fn step(state: &u8, op: &Option<u8>) -> (u8, u8) {
            let after = op.unwrap_or(*state);
            (after, after)
        }
    }

    fn call(op: Option<u8>, called: u64, returned: Option<(u64, u8)>) -> Call<Register> {
        Call { op, called, returned }
    }

    #[test]
    fn the_checker_accepts_valid_and_rejects_invalid_histories() {
        // A read after a write must not return the old value; a read during the write can.
        let write = |end| call(Some(1), 1, Some((end, 1)));
        assert!(is_linearizable(0, &[write(2), call(None, 3, Some((4, 1)))]));
        assert!(!is_linearizable(0, &[write(2), call(None, 3, Some((4, 0)))]));
        assert!(is_linearizable(0, &[write(5), call(None, 3, Some((4, 0)))]));
        // Once visible, the new value remains visible.
        let reads = [call(None, 2, Some((3, 1))), call(None, 4, Some((5, 0)))];
        assert!(!is_linearizable(0, &[vec![write(9)], reads.into()].concat_all()));
        // A write with an unknown outcome can take effect late or never, but not twice.
        assert!(is_linearizable(0, &[call(Some(1), 1, None), call(None, 3, Some((4, 0)))]));
        let late = [call(None, 3, Some((4, 0))), call(None, 5, Some((6, 1)))];
        assert!(is_linearizable(0, &[vec![call(Some(1), 1, None)], late.into()].concat_all()));
        let gone = [call(None, 3, Some((4, 1))), call(None, 5, Some((6, 0)))];
        assert!(!is_linearizable(0, &[vec![call(Some(1), 1, None)], gone.into()].concat_all()));
    }

    trait Concat<T> {
        fn concat_all(self) -> Vec<T>;
    }

    impl<T> Concat<T> for [Vec<T>; 2] {
        fn concat_all(self) -> Vec<T> {
            self.into_iter().flatten().collect()
        }
    }
}

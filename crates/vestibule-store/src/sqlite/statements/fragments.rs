//! Conditions that several statements share, as SQL.

/// The condition that an invite is not part of a batch in progress.
macro_rules! visible {
    () => {
        "NOT EXISTS (SELECT 1 FROM batches AS b \
         WHERE b.first_place <= invites.place AND b.last_place >= invites.place)"
    };
}
pub(super) use visible;

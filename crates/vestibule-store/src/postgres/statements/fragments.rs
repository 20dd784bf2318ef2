//! Conditions and values that several statements share, as pieces of SQL.

/// The highest row key in a table, `invites` or `events`, of the host that is a statement's third parameter. The host
/// is locked, so the next row key stays free.
macro_rules! last_row_key {
    ($table:literal) => {
        concat!(
            "coalesce((SELECT place FROM ",
            $table,
            " WHERE place > ($3::bigint << 40) AND place < (($3::bigint + 1) << 40) \
             ORDER BY place DESC LIMIT 1), $3::bigint << 40)"
        )
    };
}
pub(super) use last_row_key;

/// The condition that an invite is pending. It equals `rules::state`; the storage suite compares the two.
macro_rules! pending {
    ($invite:literal, $now:literal) => {
        concat!(
            $invite,
            ".expires_at > ",
            $now,
            " AND ",
            $invite,
            ".revoked_at IS NULL AND (",
            $invite,
            ".max_uses IS NULL OR ",
            $invite,
            ".uses < ",
            $invite,
            ".max_uses)"
        )
    };
}
pub(super) use pending;

/// The condition that an invite is not part of a batch in progress.
macro_rules! visible {
    () => {
        "NOT EXISTS (SELECT FROM batches AS b \
         WHERE b.first_place <= invites.place AND b.last_place >= invites.place)"
    };
}
pub(super) use visible;

/// The condition that the key of the item `a` still exists, or that it has none. `$3` is the number of the host.
macro_rules! key_exists {
    () => {
        "(a.key IS NULL OR (SELECT k.id FROM keys AS k WHERE k.id = a.key AND k.secret = a.secret \
         AND k.host = $3) IS NOT NULL)"
    };
}
pub(super) use key_exists;

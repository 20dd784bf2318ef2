//! The prepared statements that a transaction has used.
//!
//! The cache of a connection finds a statement by its text: it hashes the whole text when the statement is taken and
//! again when it is returned. A batch runs the same few statements for each of its jobs, so the transaction keeps them
//! and finds them by the address of their text.

use std::{
    cell::RefCell,
    ops::{Deref, DerefMut},
    ptr,
};

use rusqlite::{CachedStatement, Connection, ToSql};

use crate::sql::Sql;

/// Statements that are not in use at the moment. They return to the cache of the connection with the transaction.
#[derive(Default)]
pub(super) struct UsedStatements<'connection>(RefCell<Vec<(Sql, CachedStatement<'connection>)>>);

impl<'connection> UsedStatements<'connection> {
    /// Takes a statement, or prepares it when it is first used or in use already.
    pub(super) fn take(
        &self,
        sql: Sql,
        connection: &'connection Connection,
    ) -> rusqlite::Result<UsedStatement<'_, 'connection>> {
        let found = self.find(sql).map(|index| self.0.borrow_mut().swap_remove(index).1);
        let statement = match found {
            Some(statement) => statement,
            None => connection.prepare_cached(sql.text())?,
        };
        Ok(UsedStatement { sql, statement: Some(statement), unused: self })
    }

    /// The compiler may have placed a text at several addresses.
    fn find(&self, sql: Sql) -> Option<usize> {
        let unused = self.0.borrow();
        let same_address = unused.iter().position(|(other, _)| ptr::eq(other.text(), sql.text()));
        same_address.or_else(|| unused.iter().position(|(other, _)| *other == sql))
    }
}

/// A statement in use.
pub(super) struct UsedStatement<'transaction, 'connection> {
    sql: Sql,
    /// `None` only during the drop.
    statement: Option<CachedStatement<'connection>>,
    unused: &'transaction UsedStatements<'connection>,
}

impl UsedStatement<'_, '_> {
    /// Executes a statement with named parameters, which are given in the order in which the text first names them.
    ///
    /// The names are for the reader, and for the assertion that the order is right: to look each of them up at every
    /// call costs more than the statement.
    pub(super) fn execute_named(&mut self, values: &[(&str, &dyn ToSql)]) -> rusqlite::Result<usize> {
        for (index, (name, value)) in (1..).zip(values) {
            debug_assert_eq!(self.parameter_name(index), Some(*name));
            self.raw_bind_parameter(index, value)?;
        }
        debug_assert_eq!(self.parameter_count(), values.len());
        self.raw_execute()
    }
}

impl<'connection> Deref for UsedStatement<'_, 'connection> {
    type Target = CachedStatement<'connection>;

    fn deref(&self) -> &Self::Target {
        match &self.statement {
            Some(statement) => statement,
            None => unreachable!("a statement is returned when it is dropped"),
        }
    }
}

impl DerefMut for UsedStatement<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match &mut self.statement {
            Some(statement) => statement,
            None => unreachable!("a statement is returned when it is dropped"),
        }
    }
}

impl Drop for UsedStatement<'_, '_> {
    fn drop(&mut self) {
        if let Some(statement) = self.statement.take() {
            self.unused.0.borrow_mut().push((self.sql, statement));
        }
    }
}

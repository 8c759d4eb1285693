//! Accounts (利用者) and tokens: who may sign in, with what proves it.

use domain::{Account, Role};
use rusqlite::params;

use super::db::{Columns, count, written};
use super::{Change, View};
use crate::{KeptAccount, KeptToken, StoreError};

const COLUMNS: &str = "login, name, role, ends, disabled, must_change, last_login, password, \
                       second_factor, last_step, recovery";

const TOKEN_COLUMNS: &str = "digest, name, role, ends, created_at, created_by";

impl Change {
    /// Keeps an account, in place of the one of its login.
    pub fn set_account(&mut self, kept: &KeptAccount) -> Result<(), StoreError> {
        let account = &kept.account;
        self.run_sql(
            "INSERT INTO account (facility, login, name, role, ends, disabled, must_change, last_login, password,
                                  second_factor, last_step, recovery)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (facility, login) DO UPDATE
             SET name = excluded.name, role = excluded.role, ends = excluded.ends, disabled = excluded.disabled,
                 must_change = excluded.must_change, last_login = excluded.last_login, password = excluded.password,
                 second_factor = excluded.second_factor, last_step = excluded.last_step,
                 recovery = excluded.recovery",
            params![
                self.view.facility,
                account.login,
                account.name,
                account.role.key(),
                account.ends.as_ref().map(written),
                i64::from(account.is_disabled),
                i64::from(account.must_change),
                account.last_login.map(jiff::Timestamp::as_millisecond),
                kept.password,
                kept.second_factor,
                count(kept.last_step),
                kept.recovery,
            ],
        )
    }

    /// Keeps a token.
    pub fn add_token(&mut self, token: &KeptToken) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO token (facility, digest, name, role, ends, created_at, created_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.view.facility,
                token.digest.0,
                token.name,
                token.role.key(),
                written(&token.ends),
                token.created_at.as_millisecond(),
                token.created_by,
            ],
        )
    }

    /// Takes a token out, and says whether it was there.
    pub fn remove_token(&mut self, digest: domain::Digest) -> Result<bool, StoreError> {
        let removed = self.view.db.run(
            "DELETE FROM token WHERE facility = ?1 AND digest = ?2",
            params![self.view.facility, digest.0],
        )?;
        Ok(removed != 0)
    }

    /// Gives the facility its name.
    pub fn set_facility_name(&mut self, name: &str) -> Result<(), StoreError> {
        self.run_sql(
            "UPDATE facility SET name = ?2 WHERE number = ?1",
            params![self.view.facility, name],
        )
    }
}

impl View {
    /// The account of this login.
    pub fn account(&self, login: &str) -> Result<Option<KeptAccount>, StoreError> {
        self.db.one(
            &format!("SELECT {COLUMNS} FROM account WHERE facility = ?1 AND login = ?2"),
            params![self.facility, login],
            account,
        )
    }

    /// Every account, by login.
    pub fn accounts(&self) -> Result<Vec<KeptAccount>, StoreError> {
        self.db.all(
            &format!("SELECT {COLUMNS} FROM account WHERE facility = ?1 ORDER BY login"),
            [self.facility],
            account,
        )
    }

    /// The token with this digest.
    pub fn token(&self, digest: domain::Digest) -> Result<Option<KeptToken>, StoreError> {
        self.db.one(
            &format!("SELECT {TOKEN_COLUMNS} FROM token WHERE facility = ?1 AND digest = ?2"),
            params![self.facility, digest.0],
            token,
        )
    }

    /// Every token, the oldest first.
    pub fn tokens(&self) -> Result<Vec<KeptToken>, StoreError> {
        self.db.all(
            &format!(
                "SELECT {TOKEN_COLUMNS} FROM token WHERE facility = ?1 ORDER BY created_at, digest"
            ),
            [self.facility],
            token,
        )
    }

    /// The name of the facility; empty where nobody gave it one.
    pub fn facility_name(&self) -> Result<String, StoreError> {
        let name = self.db.one(
            "SELECT name FROM facility WHERE number = ?1",
            [self.facility],
            |mut row| row.string(),
        )?;
        Ok(name.unwrap_or_default())
    }
}

fn account(mut row: Columns<'_>) -> Result<KeptAccount, StoreError> {
    Ok(KeptAccount {
        account: Account {
            login: row.string()?,
            name: row.string()?,
            role: row.word(Role::from_key)?,
            ends: row.optional_date()?,
            is_disabled: row.integer()? != 0,
            must_change: row.integer()? != 0,
            last_login: row.optional_timestamp()?,
            has_second_factor: false,
        },
        password: row.string()?,
        second_factor: row.optional_bytes()?.map(<[u8]>::to_vec),
        last_step: row.number()?,
        recovery: row.string()?,
    }
    .with_factor())
}

fn token(mut row: Columns<'_>) -> Result<KeptToken, StoreError> {
    Ok(KeptToken {
        digest: row.digest()?,
        name: row.string()?,
        role: row.word(Role::from_key)?,
        ends: row.date()?,
        created_at: row.timestamp()?,
        created_by: row.string()?,
    })
}

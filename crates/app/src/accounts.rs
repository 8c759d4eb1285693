//! Accounts: who may sign in at the desk, and how they prove it.
//!
//! Passwords are hashed with argon2id, the second factor is TOTP (RFC 6238) with a guard against replay, and recovery codes count
//! once. How often somebody may try is the matter of whoever takes the tries.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::{Account, Digest, Message, Role, msg};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use store::{KeptAccount, KeptToken, View};
use totp_rs::{Builder, Secret, Totp};

use crate::{Act, App, AppError};

/// Shortest password, in characters: a length that the ministry's guideline accepts without forced changes (13 or more, or 8 with
/// a second factor). One rule for all is easier to keep.
pub const LEAST_PASSWORD: usize = 13;

/// Longest password that is hashed at all, in bytes.
const MOST_PASSWORD: usize = 512;

/// Recovery codes that are printed when a second factor is enrolled.
const RECOVERY_CODES: usize = 10;

/// What stands in authenticators beside the login.
const ISSUER: &str = "Mimawari";

/// An account as an administrator writes it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What is typed to sign in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The last day.
    pub ends: Option<Date>,
}

/// An account as pages and scripts see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountView {
    /// What is typed to sign in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The role, by key.
    pub role: String,
    /// The last day.
    pub ends: Option<String>,
    /// `active`, `ended` or `disabled`.
    pub state: String,
    /// Whether a second factor is enrolled.
    pub second_factor: bool,
    /// When the person last signed in (RFC 3339, UTC).
    pub last_login: Option<String>,
}

/// A token as pages see it; the token itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenView {
    /// SHA-256 of the token.
    pub digest: String,
    /// What it is for.
    pub name: String,
    /// What it may do, by key of a role.
    pub role: String,
    /// The last day.
    pub ends: String,
    /// When it was made (RFC 3339, UTC).
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
}

/// What came of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// The account or the password is wrong; which of them is not told.
    Refused,
    /// The password is right, and the code of the second factor is still to come.
    CodeNeeded,
    /// The person is in.
    In(Account),
}

/// A second factor that is being enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base 32, to be typed where the picture cannot be read.
    pub secret: String,
    /// The address that authenticators read from a QR code.
    pub uri: String,
}

impl App {
    /// Whether nobody has an account yet: the first start.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn is_new(&self) -> Result<bool, AppError> {
        Ok(self.facility()?.read(View::accounts)?.is_empty())
    }

    /// The name of the facility; empty where nobody gave it one.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn facility_name(&self) -> Result<String, AppError> {
        Ok(self.facility()?.read(View::facility_name)?)
    }

    /// Gives the facility its name.
    ///
    /// # Errors
    ///
    /// [`AppError::Account`] where it is empty, and what the store says.
    pub fn set_facility_name(&self, name: &str, act: &Act) -> Result<(), AppError> {
        let name = a_name(name, msg!("app.facility_name"))?;
        let entry = act.entry("facility.name", String::new(), &json!({ "name": name }));
        self.facility()?.change(entry, |change| Ok(change.set_facility_name(&name)?))
    }

    /// Makes the first account, an administrator's, and names the facility.
    ///
    /// # Errors
    ///
    /// [`AppError::Account`] where there is an account already, or something does not fit; and what the store says.
    pub fn found(
        &self,
        facility: &str,
        new: &NewAccount,
        password: &str,
        act: &Act,
    ) -> Result<(), AppError> {
        let facility = a_name(facility, msg!("app.facility_name"))?;
        let kept = open_account(new, password, false)?;
        let detail = json!({ "name": kept.account.name, "role": kept.account.role.key() });
        let entry = act.entry("account.first", format!("account:{}", new.login), &detail);
        self.facility()?.change(entry, |change| {
            if !change.view().accounts()?.is_empty() {
                return Err(AppError::Account(msg!("app.account_not_first")));
            }
            change.set_facility_name(&facility)?;
            Ok(change.set_account(&kept)?)
        })
    }

    /// Makes an account, and gives the password with which its person signs in the first time.
    ///
    /// # Errors
    ///
    /// [`AppError::Account`] where it does not fit or is there already; and what the store says.
    pub fn add_account(&self, new: &NewAccount, act: &Act) -> Result<String, AppError> {
        let password = first_password()?;
        let kept = open_account(new, &password, true)?;
        let detail = json!({
            "name": kept.account.name,
            "role": kept.account.role.key(),
            "ends": kept.account.ends.map(|day| day.to_string()),
        });
        let entry = act.entry("account.add", format!("account:{}", new.login), &detail);
        self.facility()?.change(entry, |change| {
            if change.view().account(&new.login)?.is_some() {
                let message = msg!("app.account_taken", login = new.login.as_str());
                return Err(AppError::Account(message));
            }
            Ok::<_, AppError>(change.set_account(&kept)?)
        })?;
        Ok(password)
    }

    /// Gives an account a new first password, takes its second factor away and opens it again: for who forgot or lost them.
    ///
    /// # Errors
    ///
    /// [`AppError::NoAccount`], and what the store says.
    pub fn reset_account(&self, login: &str, act: &Act) -> Result<String, AppError> {
        let password = first_password()?;
        let hash = hashed(&password)?;
        let entry = act.entry("account.reset", format!("account:{login}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let mut kept = kept_account(change.view(), login)?;
            kept.password = hash;
            kept.second_factor = None;
            kept.recovery = String::new();
            kept.account.must_change = true;
            kept.account.is_disabled = false;
            Ok::<_, AppError>(change.set_account(&kept)?)
        })?;
        Ok(password)
    }

    /// Changes the name, role and last day of an account, and whether it is switched off.
    ///
    /// # Errors
    ///
    /// [`AppError::NoAccount`]; [`AppError::Account`] where no administrator would be left who can sign in; and what the store says.
    pub fn change_account(
        &self,
        new: &NewAccount,
        disabled: bool,
        act: &Act,
    ) -> Result<(), AppError> {
        let name = a_name(&new.name, msg!("app.account_name"))?;
        check_end(new)?;
        let detail = json!({
            "name": name,
            "role": new.role.key(),
            "ends": new.ends.map(|day| day.to_string()),
            "disabled": disabled,
        });
        let today = engine::known::JAPAN.to_datetime(act.now).date();
        let entry = act.entry("account.change", format!("account:{}", new.login), &detail);
        self.facility()?.change(entry, |change| {
            let mut kept = kept_account(change.view(), &new.login)?;
            kept.account.name = name;
            kept.account.role = new.role;
            kept.account.ends = new.ends;
            kept.account.is_disabled = disabled;
            change.set_account(&kept)?;
            an_administrator_stays(change.view(), today)
        })
    }

    /// Every account, by login.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn accounts(&self, today: Date) -> Result<Vec<AccountView>, AppError> {
        let kept = self.facility()?.read(View::accounts)?;
        Ok(kept.iter().map(|kept| account_view(&kept.account, today)).collect())
    }

    /// The account of this login, where it can be used on `today`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn open_account(&self, login: &str, today: Date) -> Result<Option<Account>, AppError> {
        let kept = self.facility()?.read(|view| view.account(login))?;
        Ok(kept.map(|kept| kept.account).filter(|account| account.is_open(today)))
    }

    /// Whether `password`, and `code` where a second factor is enrolled, are those of the account; being in is recorded.
    ///
    /// It takes as long for a login that is not there as for a wrong password.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn sign_in(
        &self,
        login: &str,
        password: &str,
        code: Option<&str>,
        act: &Act,
    ) -> Result<SignIn, AppError> {
        let today = engine::known::JAPAN.to_datetime(act.now).date();
        let kept = self.facility()?.read(|view| view.account(login))?;
        let kept = kept.filter(|kept| kept.account.is_open(today));
        let hash = kept.as_ref().map_or_else(nobody, |kept| kept.password.clone());
        let is_right = is_password(password, &hash);
        let Some(kept) = kept.filter(|_| is_right) else { return Ok(SignIn::Refused) };
        if kept.second_factor.is_some() && code.is_none() {
            return Ok(SignIn::CodeNeeded);
        }
        let entry = act.entry("login", format!("account:{login}"), &json!({}));
        let outcome = self.facility()?.change(entry, |change| {
            let mut kept = kept_account(change.view(), login)?;
            // Whoever used the code meanwhile has used it up.
            if !takes_code(&mut kept, code, act.now) {
                return Err(AppError::Account(msg!("app.code_wrong")));
            }
            kept.account.last_login = Some(act.now);
            change.set_account(&kept)?;
            Ok(kept.account)
        });
        match outcome {
            Ok(account) => Ok(SignIn::In(account)),
            Err(AppError::Account(_)) => Ok(SignIn::Refused),
            Err(error) => Err(error),
        }
    }

    /// Records that somebody could not sign in, or signed out; nothing else changes.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn note_login(
        &self,
        what: &str,
        login: &str,
        from: &str,
        act: &Act,
    ) -> Result<(), AppError> {
        // What was typed may be a password in the wrong field: only names of accounts that are there are recorded.
        let known = self.facility()?.read(|view| view.account(login))?.is_some();
        let subject = if known { format!("account:{login}") } else { "account:?".to_owned() };
        let entry = act.entry(what, subject, &json!({ "from": from }));
        Ok(self.facility()?.record(entry)?)
    }

    /// Changes the password of whoever knows the old one.
    ///
    /// # Errors
    ///
    /// [`AppError::Account`] where the old one is wrong or the new one does not fit; and what the store says.
    pub fn change_password(
        &self,
        login: &str,
        old: &str,
        new: &str,
        act: &Act,
    ) -> Result<(), AppError> {
        let known = self.facility()?.read(|view| kept_account(view, login))?;
        if !is_password(old, &known.password) {
            return Err(AppError::Account(msg!("app.password_wrong")));
        }
        if old == new {
            return Err(AppError::Account(msg!("app.password_same")));
        }
        let hash = hashed(fitting(new, login)?)?;
        let entry = act.entry("account.password", format!("account:{login}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let mut kept = kept_account(change.view(), login)?;
            kept.password = hash;
            kept.account.must_change = false;
            Ok(change.set_account(&kept)?)
        })
    }

    /// A new secret to enrol as a second factor; it counts when [`App::enrol`] has seen a code of it.
    ///
    /// # Errors
    ///
    /// Where the system has no randomness to give.
    pub fn begin_enrolment(&self, login: &str) -> Result<Enrolment, AppError> {
        let secret = random::<20>()?;
        let totp = totp(&secret, login)?;
        Ok(Enrolment {
            secret: Secret::from(secret.as_slice()).to_base32(),
            uri: totp.to_url().unwrap_or_default(),
        })
    }

    /// The address that authenticators read from a QR code, for a secret of [`App::begin_enrolment`].
    ///
    /// # Errors
    ///
    /// [`AppError::Account`] where it is no secret.
    pub fn enrolment_uri(&self, login: &str, secret: &str) -> Result<String, AppError> {
        let wrong = |_| AppError::Account(msg!("app.code_wrong"));
        let secret = Secret::try_from_base32(secret).map_err(wrong)?;
        Ok(totp(secret.as_ref(), login)?.to_url().unwrap_or_default())
    }

    /// Enrols a second factor whose `code` is right now, and gives the recovery codes, which are shown once.
    ///
    /// # Errors
    ///
    /// [`AppError::Account`] where the code is wrong; and what the store says.
    pub fn enrol(
        &self,
        login: &str,
        secret: &str,
        code: &str,
        act: &Act,
    ) -> Result<Vec<String>, AppError> {
        let wrong = || AppError::Account(msg!("app.code_wrong"));
        let parsed = Secret::try_from_base32(secret).map_err(|_| wrong())?;
        let bytes = parsed.as_ref().to_vec();
        let step = totp(&bytes, login)?.check(&digits(code), seconds(act.now)).ok_or_else(wrong)?;
        let codes: Vec<String> =
            (0..RECOVERY_CODES).map(|_| recovery_code()).collect::<Result<_, _>>()?;
        let digests: Vec<String> = codes.iter().map(|code| code_digest(code)).collect();
        let entry = act.entry("account.second_factor", format!("account:{login}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let mut kept = kept_account(change.view(), login)?;
            kept.second_factor = Some(bytes);
            kept.last_step = step;
            kept.recovery = digests.join(" ");
            Ok::<_, AppError>(change.set_account(&kept)?)
        })?;
        Ok(codes)
    }

    /// Makes a token for scripts, and gives it; it is shown once.
    ///
    /// # Errors
    ///
    /// [`AppError::Account`] where the name is empty or the day is over; and what the store says.
    pub fn add_token(
        &self,
        name: &str,
        role: Role,
        ends: Date,
        act: &Act,
    ) -> Result<String, AppError> {
        let name = a_name(name, msg!("app.token_name"))?;
        if ends < engine::known::JAPAN.to_datetime(act.now).date() {
            return Err(AppError::Account(msg!("app.account_over", until = ends)));
        }
        let token = format!("mmw_{}", hex(&random::<32>()?));
        let kept = KeptToken {
            digest: Digest::of(token.as_bytes()),
            name: name.clone(),
            role,
            ends,
            created_at: act.now,
            created_by: act.actor.to_string(),
        };
        let detail = json!({ "name": name, "role": role.key(), "ends": ends.to_string() });
        let entry = act.entry("token.add", format!("token:{}", kept.digest), &detail);
        self.facility()?.change(entry, |change| Ok::<_, AppError>(change.add_token(&kept)?))?;
        Ok(token)
    }

    /// Every token, the oldest first.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn tokens(&self) -> Result<Vec<TokenView>, AppError> {
        let tokens = self.facility()?.read(View::tokens)?;
        let view = |token: KeptToken| TokenView {
            digest: token.digest.to_string(),
            name: token.name,
            role: token.role.key().to_owned(),
            ends: token.ends.to_string(),
            created_at: token.created_at.to_string(),
            created_by: token.created_by,
        };
        Ok(tokens.into_iter().map(view).collect())
    }

    /// Takes a token away.
    ///
    /// # Errors
    ///
    /// [`AppError::NoAccount`] where there is none of this digest; and what the store says.
    pub fn remove_token(&self, digest: &str, act: &Act) -> Result<(), AppError> {
        let missing = || AppError::NoAccount(digest.to_owned());
        let parsed: Digest = digest.parse().map_err(|_| missing())?;
        let entry = act.entry("token.remove", format!("token:{parsed}"), &json!({}));
        self.facility()?.change(entry, |change| {
            if change.remove_token(parsed)? { Ok(()) } else { Err(missing()) }
        })
    }

    /// Name and role of the token, where it is one and can be used on `today`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn open_token(&self, token: &str, today: Date) -> Result<Option<(String, Role)>, AppError> {
        let kept = self.facility()?.read(|view| view.token(Digest::of(token.as_bytes())))?;
        Ok(kept.filter(|kept| today <= kept.ends).map(|kept| (kept.name, kept.role)))
    }
}

/// An account as pages see it.
fn account_view(account: &Account, today: Date) -> AccountView {
    let state = match account.is_open(today) {
        true => "active",
        false if account.is_disabled => "disabled",
        false => "ended",
    };
    AccountView {
        login: account.login.clone(),
        name: account.name.clone(),
        role: account.role.key().to_owned(),
        ends: account.ends.map(|day| day.to_string()),
        state: state.to_owned(),
        second_factor: account.has_second_factor,
        last_login: account.last_login.map(|at| at.to_string()),
    }
}

fn kept_account(view: &View, login: &str) -> Result<KeptAccount, AppError> {
    view.account(login)?.ok_or_else(|| AppError::NoAccount(login.to_owned()))
}

fn open_account(
    new: &NewAccount,
    password: &str,
    must_change: bool,
) -> Result<KeptAccount, AppError> {
    if !Account::is_login(&new.login) {
        return Err(AppError::Account(msg!("app.account_login")));
    }
    check_end(new)?;
    let account = Account {
        login: new.login.clone(),
        name: a_name(&new.name, msg!("app.account_name"))?,
        role: new.role,
        ends: new.ends,
        is_disabled: false,
        must_change,
        has_second_factor: false,
        last_login: None,
    };
    let password = if must_change { password } else { fitting(password, &new.login)? };
    Ok(KeptAccount {
        account,
        password: hashed(password)?,
        second_factor: None,
        last_step: 0,
        recovery: String::new(),
    })
}

fn check_end(new: &NewAccount) -> Result<(), AppError> {
    if new.role == Role::Inspector && new.ends.is_none() {
        return Err(AppError::Account(msg!("app.account_inspector_end")));
    }
    Ok(())
}

/// Somebody must always be able to let others in.
fn an_administrator_stays(view: &View, today: Date) -> Result<(), AppError> {
    let stays = view.accounts()?.iter().any(|kept| {
        kept.account.role == Role::Administrator
            && kept.account.is_open(today)
            && kept.account.ends.is_none()
    });
    if stays { Ok(()) } else { Err(AppError::Account(msg!("app.account_last_administrator"))) }
}

fn a_name(text: &str, otherwise: Message) -> Result<String, AppError> {
    let name = text.trim();
    let fits =
        !name.is_empty() && name.chars().count() <= 100 && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(AppError::Account(otherwise)) }
}

fn fitting<'p>(password: &'p str, login: &str) -> Result<&'p str, AppError> {
    let distinct = password.chars().collect::<std::collections::BTreeSet<_>>().len();
    let message = if password.chars().count() < LEAST_PASSWORD {
        msg!("app.password_short", least = LEAST_PASSWORD)
    } else if password.len() > MOST_PASSWORD {
        msg!("app.password_long")
    } else if distinct < 5
        || password.to_lowercase().contains(&login.to_lowercase()) && login.len() > 3
    {
        msg!("app.password_plain")
    } else {
        return Ok(password);
    };
    Err(AppError::Account(message))
}

fn hashed(password: &str) -> Result<String, AppError> {
    let hash: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| AppError::Account(msg!("app.no_randomness")))
}

fn is_password(password: &str, hash: &str) -> bool {
    password.len() <= MOST_PASSWORD
        && Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

/// A hash of no password, to spend the same time on a login that is not there.
fn nobody() -> String {
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        .to_owned()
}

/// Uses up `code` where the account has a second factor: a code of the authenticator, or a recovery code.
fn takes_code(kept: &mut KeptAccount, code: Option<&str>, now: Timestamp) -> bool {
    let Some(secret) = &kept.second_factor else { return true };
    let Some(code) = code else { return false };
    let step = totp(secret, &kept.account.login)
        .ok()
        .and_then(|totp| totp.check(&digits(code), seconds(now)))
        .filter(|step| *step > kept.last_step);
    if let Some(step) = step {
        kept.last_step = step;
        return true;
    }
    let digest = code_digest(code);
    let left: Vec<&str> = kept.recovery.split(' ').filter(|known| *known != digest).collect();
    let is_one = left.len() < kept.recovery.split(' ').count();
    let left = left.join(" ");
    if is_one {
        kept.recovery = left;
    }
    is_one
}

fn totp(secret: &[u8], login: &str) -> Result<Totp, AppError> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_issuer(Some(ISSUER))
        .with_account_name(login)
        .build()
        .map_err(|_| AppError::Account(msg!("app.code_wrong")))
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_second()).unwrap_or_default()
}

/// The digits of a code, full width or half, spaces left out.
fn digits(code: &str) -> String {
    domain::fold(code).chars().filter(char::is_ascii_digit).collect()
}

/// SHA-256 of a recovery code, however it was typed.
fn code_digest(code: &str) -> String {
    let typed: String = domain::fold(code).chars().filter(char::is_ascii_alphanumeric).collect();
    Digest::of(typed.as_bytes()).to_string()
}

/// Letters and digits that are not mistaken for each other on paper.
const PLAIN: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

fn plain<const N: usize>() -> Result<String, AppError> {
    let letters = random::<N>()?.map(|byte| PLAIN[usize::from(byte) % 31] as char);
    Ok(letters.iter().collect())
}

/// Such as `k7mp-x3qd-9wtn`: about 60 bits.
fn recovery_code() -> Result<String, AppError> {
    Ok(format!("{}-{}-{}", plain::<4>()?, plain::<4>()?, plain::<4>()?))
}

/// A password that is used once: about 80 bits.
fn first_password() -> Result<String, AppError> {
    Ok(format!("{}-{}-{}-{}", plain::<4>()?, plain::<4>()?, plain::<4>()?, plain::<4>()?))
}

fn random<const N: usize>() -> Result<[u8; N], AppError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| AppError::Account(msg!("app.no_randomness")))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

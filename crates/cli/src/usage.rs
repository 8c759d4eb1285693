//! What is wrong with a command line, in the user's language.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use domain::{Message, msg};
use reference::Catalogue;

use crate::output;

/// Prints help and version, or says what is wrong; gives the exit code.
pub(crate) fn explain(texts: &Catalogue, error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Nothing can be done where even stdout is gone.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(2)
        }
        _ => {
            eprintln!("{}", output::lines(&texts.say(&message(error))));
            eprintln!("{}", texts.text("usage.see_help"));
            ExitCode::from(2)
        }
    }
}

fn message(error: &clap::Error) -> Message {
    let word = |kind| error.get(kind).map(in_words).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument if !word(ContextKind::InvalidArg).starts_with('-') => {
            msg!("usage.not_expected", argument = word(ContextKind::InvalidArg))
        }
        ErrorKind::UnknownArgument => {
            msg!("usage.unknown_argument", argument = word(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidSubcommand => {
            msg!("usage.unknown_command", command = word(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => {
            msg!("usage.missing", argument = word(ContextKind::InvalidArg))
        }
        ErrorKind::MissingSubcommand => msg!("usage.missing_command"),
        ErrorKind::ArgumentConflict => {
            msg!(
                "usage.conflict",
                one = word(ContextKind::InvalidArg),
                other = word(ContextKind::PriorArg)
            )
        }
        ErrorKind::InvalidValue if word(ContextKind::InvalidValue).is_empty() => {
            msg!("usage.no_value", argument = word(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue => msg!(
            "usage.invalid_choice",
            argument = word(ContextKind::InvalidArg),
            value = word(ContextKind::InvalidValue),
            choices = word(ContextKind::ValidValue)
        ),
        ErrorKind::ValueValidation => {
            msg!(
                "usage.invalid_value",
                argument = word(ContextKind::InvalidArg),
                value = word(ContextKind::InvalidValue)
            )
        }
        _ => msg!("usage.wrong"),
    }
}

fn in_words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        other => other.to_string(),
    }
}

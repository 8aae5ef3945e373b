//! What a task comes to.

use std::process::ExitCode;

/// The error of a task that could not do its work, as opposed to one that did
/// and found something wrong: that is [`Outcome::Failed`].
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// The result of the parts of a task.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// How a task ended, told to the caller through the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything that was asked for holds (status 0).
    Passed,
    /// Something does not hold, and was reported (status 1).
    Failed,
    /// What could run holds, but a part needs what this machine has not, such
    /// as a network (status 3). Status 2 is left to errors of usage and set-up.
    Unavailable,
}

impl Outcome {
    /// [`Outcome::Passed`] if `holds`.
    pub(crate) fn passed_if(holds: bool) -> Outcome {
        if holds { Outcome::Passed } else { Outcome::Failed }
    }

    /// The worse of two outcomes; a failure outweighs what was unavailable.
    pub(crate) fn and(self, other: Outcome) -> Outcome {
        match (self, other) {
            (Outcome::Failed, _) | (_, Outcome::Failed) => Outcome::Failed,
            (Outcome::Unavailable, _) | (_, Outcome::Unavailable) => Outcome::Unavailable,
            (Outcome::Passed, Outcome::Passed) => Outcome::Passed,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Passed => ExitCode::SUCCESS,
            Outcome::Failed => ExitCode::FAILURE,
            Outcome::Unavailable => ExitCode::from(3),
        }
    }
}

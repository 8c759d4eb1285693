//! What all matters (用件) share: how their steps are kept, taken and shown, and who comes second.

use domain::{KeptFile, MatterKind, Message, Stepped};
use reference::Catalogue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{MatterStep, StoreError, View};

use crate::{Act, AppError, day_of};

/// A step of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MatterStepView {
    /// Counted from 1.
    pub step: u32,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Who.
    pub by: String,
    /// What, as a sentence.
    pub text: String,
    /// The file that came with it and is kept.
    pub file: Option<String>,
}

/// A matter that is kept as its steps.
pub(crate) trait Matter: Sized {
    /// Which kind.
    const KIND: MatterKind;

    /// What is done with it.
    type Step;

    /// Begins with the first step; none where it cannot begin so.
    fn begun(number: u32, first: Stepped<Self::Step>) -> Option<Self>;

    /// Takes the next step; none where it cannot follow.
    fn taken(&mut self, next: Stepped<Self::Step>) -> Option<()>;

    /// By which it is named.
    fn number(&self) -> u32;

    /// A step as it is kept: JSON, which later programs must still read.
    fn written(step: &Self::Step) -> String;

    /// The step that was kept so; none where none was.
    fn read(body: &str) -> Option<Self::Step>;
}

/// Every matter of this kind, by number.
pub(crate) fn all<M: Matter>(view: &View) -> Result<Vec<M>, StoreError> {
    let mut matters: Vec<M> = Vec::new();
    for kept in view.matters(M::KIND)? {
        let step = read_step::<M>(&kept)?;
        match matters.last_mut().filter(|last| last.number() == kept.number) {
            Some(last) => last.taken(step).ok_or_else(|| damaged::<M>(&kept))?,
            None => {
                matters.push(M::begun(kept.number, step).ok_or_else(|| damaged::<M>(&kept))?);
            }
        }
    }
    Ok(matters)
}

/// The matter of this number; none where there is none.
pub(crate) fn one<M: Matter>(view: &View, number: u32) -> Result<Option<M>, StoreError> {
    let steps = view.matter(M::KIND, number)?;
    let Some((first, rest)) = steps.split_first() else { return Ok(None) };
    let mut matter = M::begun(number, read_step::<M>(first)?).ok_or_else(|| damaged::<M>(first))?;
    for kept in rest {
        matter.taken(read_step::<M>(kept)?).ok_or_else(|| damaged::<M>(kept))?;
    }
    Ok(Some(matter))
}

fn read_step<M: Matter>(kept: &MatterStep) -> Result<Stepped<M::Step>, StoreError> {
    let step = M::read(&kept.body).ok_or_else(|| damaged::<M>(kept))?;
    Ok(Stepped { at: kept.at, day: day_of(kept.at), by: kept.by.clone(), step })
}

/// What is kept was taken once: where it cannot be taken again, it is not what was written.
fn damaged<M: Matter>(step: &MatterStep) -> StoreError {
    let kind = M::KIND.key();
    StoreError::Damaged { what: format!("step {} of {kind} {}", step.step, step.number) }
}

/// The step as somebody takes it now.
pub(crate) fn stepped<S>(step: S, act: &Act) -> Stepped<S> {
    Stepped { at: act.now, day: day_of(act.now), by: act.actor.to_string(), step }
}

/// The step as a row of the store.
pub(crate) fn row<M: Matter>(number: u32, step: u32, what: &M::Step, act: &Act) -> MatterStep {
    let (by, body) = (act.actor.to_string(), M::written(what));
    MatterStep { number, step, at: act.now, by, body }
}

/// Every step as people see it; `told` says it, and `file` gives what came with it.
pub(crate) fn history<S>(
    steps: &[Stepped<S>],
    texts: &Catalogue,
    told: impl Fn(&S) -> Message,
    file: impl Fn(&S) -> Option<&KeptFile>,
) -> Vec<MatterStepView> {
    let view = |(number, stepped): (u32, &Stepped<S>)| MatterStepView {
        step: number,
        at: stepped.at.to_string(),
        by: stepped.by.clone(),
        text: texts.say(&told(&stepped.step)),
        file: file(&stepped.step).map(|file| file.name.clone()),
    };
    (1..).zip(steps).map(view).collect()
}

/// The longest name of a file that is kept, in characters.
const MOST_FILE_NAME: usize = 200;

/// The name of a file as it is kept.
pub(crate) fn file_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(MOST_FILE_NAME).collect()
}

/// A file that came with a step, as it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct File {
    name: String,
    evidence: String,
}

impl File {
    pub(crate) fn of(file: &KeptFile) -> Self {
        Self { name: file.name.clone(), evidence: file.evidence.to_string() }
    }

    pub(crate) fn read(self) -> Option<KeptFile> {
        Some(KeptFile { name: self.name, evidence: self.evidence.parse().ok()? })
    }
}

/// Refuses who saw fewer than `steps` steps: somebody took one meanwhile. Whoever does not say what was seen is let through.
pub(crate) fn check_seen(seen: Option<u32>, steps: usize) -> Result<(), AppError> {
    match seen {
        Some(seen) if seen as usize != steps => Err(AppError::MatterMoved(seen)),
        _ => Ok(()),
    }
}

//! What came of the lists that people laid beside products: each is read and judged once for one state of the advisories, and what
//! came of it is kept while that state lasts. The list itself, which may hold thousands of components, is let go.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Digest, Import};
use engine::advisories::index::Index;
use engine::parts::{AttachedList, JudgedList, Listed};
use reference::makers;
use store::View;

use super::kept::attachments;
use super::lists::{lists, newest_attached, read_again};
use crate::feeds::{self, Advisories};
use crate::{App, AppError};

/// What came of lists, by the digest of each, with what tells one state of the advisories from another.
pub(crate) type Kept = Arc<Mutex<(Option<String>, HashMap<Digest, Arc<JudgedList>>)>>;

impl App {
    /// The lists that people laid beside products, the newest of each release, with what came of them by `advisories`, which are
    /// those of `view`. One that can be read no more holds nothing.
    pub(crate) fn attached_lists(
        &self,
        view: &View,
        advisories: &Advisories,
    ) -> Result<Vec<AttachedList>, AppError> {
        let (lists, attachments) = (lists(view)?, attachments(view)?);
        let attached = newest_attached(&lists, &attachments);
        if attached.is_empty() {
            return Ok(Vec::new());
        }
        let index = advisories.index().and_then(Result::ok);
        let mark = feeds::mark(view)?;
        let mut before = self.judged_before(mark.as_deref());
        let mut now = HashMap::new();
        let mut all = Vec::with_capacity(attached.len());
        for (family, release, list) in attached {
            let evidence = list.import.evidence;
            let judged = match (before.remove(&evidence), &index) {
                (Some(judged), _) => Some(judged),
                (None, Some(index)) => judge(view, &list.import, index)?,
                (None, None) => None,
            };
            if let Some(judged) = &judged {
                now.insert(evidence, Arc::clone(judged));
            }
            all.push(AttachedList { import: list.import.id, family, release, judged });
        }
        *self.judged_lists.lock().unwrap_or_else(PoisonError::into_inner) = (mark, now);
        Ok(all)
    }

    /// What is kept of this state of the advisories.
    fn judged_before(&self, mark: Option<&str>) -> HashMap<Digest, Arc<JudgedList>> {
        let kept = self.judged_lists.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, judged) = &*kept;
        if of.as_deref() == mark { judged.clone() } else { HashMap::new() }
    }
}

/// What comes of the list that `import` brought; none where the index is damaged.
fn judge(
    view: &View,
    import: &Import,
    index: &Index<'_>,
) -> Result<Option<Arc<JudgedList>>, AppError> {
    let Some(reading) = read_again(view, import)? else {
        return Ok(Some(Arc::default()));
    };
    let listed = Listed {
        subject: reading.list.subject.as_ref(),
        components: &reading.list.components,
        advisories: &reading.advisories,
    };
    Ok(JudgedList::of(&listed, index, makers::shipped()).ok().map(Arc::new))
}

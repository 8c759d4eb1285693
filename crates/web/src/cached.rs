//! What is made once for many requests: a picture of the data at one moment of one day.

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use tokio::sync::Mutex;

use crate::problem::Problem;

/// A value with the day and the moment of the data it was made of: on another day the same data may say something else, such as
/// that a decision has ended.
#[derive(Debug)]
pub(crate) struct Cached<T> {
    current: RwLock<Option<(Date, u64, Arc<T>)>>,
    making: Mutex<()>,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self { current: RwLock::default(), making: Mutex::default() }
    }
}

impl<T> Cached<T> {
    /// The value of `moment` on `day`. While somebody else makes it, one of an earlier moment will do if that is not before `least`:
    /// who reads while an import runs need not wait for it, and who changed something sees what was changed. `make` gets the value
    /// of an earlier moment of the day, and may give it again.
    pub(crate) async fn get<F>(
        &self,
        day: Date,
        moment: u64,
        least: u64,
        make: impl FnOnce(Option<Arc<T>>) -> F,
    ) -> Result<Arc<T>, Problem>
    where
        F: Future<Output = Result<Arc<T>, Problem>>,
    {
        if let Some(value) = self.at(day, moment) {
            return Ok(value);
        }
        let _turn = match (self.making.try_lock(), self.at(day, least)) {
            (Ok(turn), _) => turn,
            (Err(_), Some(older)) => return Ok(older),
            (Err(_), None) => self.making.lock().await,
        };
        if let Some(value) = self.at(day, moment) {
            return Ok(value);
        }
        let value = make(self.at(day, 0)).await?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) =
            Some((day, moment, Arc::clone(&value)));
        Ok(value)
    }

    /// The value, if it is of `day`, and of `moment` or later.
    fn at(&self, day: Date, moment: u64) -> Option<Arc<T>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let (of, made, value) = current.as_ref()?;
        (*of == day && *made >= moment).then(|| Arc::clone(value))
    }
}

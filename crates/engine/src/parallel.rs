//! Work on many items at once, on as many cores as there are.
//!
//! The items are cut into runs that follow one another, and the results come back in that order: what comes out never depends on how
//! many cores there were.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};

/// Fewer items than this are not worth a thread of their own.
const LEAST: usize = 2048;

/// More threads than this gain nothing: what is left is work that cannot be shared.
const MOST_THREADS: usize = 8;

/// How many threads are worth starting.
pub fn cores() -> usize {
    // Asked once: on Linux the answer is put together from files.
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| available_parallelism().map_or(1, usize::from).min(MOST_THREADS))
}

/// What `work` makes of each run of `items`, in their order.
pub fn in_runs<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let length = items.len().div_ceil(cores()).max(LEAST);
    let mut runs = items.chunks(length);
    let Some(own) = runs.next() else { return Vec::new() };
    scope(|scope| {
        let work = &work;
        let others: Vec<_> = runs.map(|run| scope.spawn(move || work(run))).collect();
        let mut results = vec![work(own)];
        for other in others {
            results.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    })
}

/// What `work` makes of each of `items`, in their order. Each is much work by itself, and a thread that is done with one takes the next.
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = cores().min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let mut done = scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(some)).collect();
        let mut done = some();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_result_stands_in_the_place_of_its_item() {
        for count in [0, 1, 2, 100] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(each(&items, |item| item * 2), doubled, "{count}");
        }
    }

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, LEAST, LEAST + 1, 10 * LEAST + 7] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(in_runs(&items, <[usize]>::to_vec).concat(), items, "{count}");
        }
    }
}

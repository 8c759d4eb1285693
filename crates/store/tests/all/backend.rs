//! What the suite needs of a database beyond the store's face.

use store::Store;

/// A database that is made for one test and gone after it.
pub(crate) trait Backend {
    /// A new, empty one.
    fn new() -> Self;

    /// Opens the store; more than once is allowed, as several processes do.
    fn open(&self) -> Store;

    /// Does to the stored rows what only a tamperer or a broken disk would do, behind the store's back.
    fn tamper(&self, sql: &str);
}

/// Makes one test of each function named, for one backend.
macro_rules! suite {
    ($backend:ty: $($module:ident { $($test:ident,)* })*) => {
        $($(
            #[test]
            fn $test() {
                $crate::$module::$test(&<$backend as $crate::backend::Backend>::new());
            }
        )*)*
    };
}
pub(crate) use suite;

//! Enumerations whose values have names: in a store, in files, for hosts.

/// Gives an enumeration the names of its values, each written once: `ALL`, `name` and `of_name`.
#[doc(hidden)]
#[macro_export]
macro_rules! named {
    ($type:ident { $($value:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// All values, in their order.
            pub const ALL: [$type; [$($name),+].len()] = [$($type::$value),+];

            /// Returns the name of the value.
            pub fn name(self) -> &'static str {
                match self {
                    $($type::$value => $name),+
                }
            }

            /// Returns the value of this name.
            pub fn of_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.name() == name)
            }
        }
    };
}

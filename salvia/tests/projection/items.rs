//! What may stand on a projection and in it: attributes of others, private types, any name.

use std::rc::Rc;

use salvia::Projection;

use crate::tells_apart;

/// Attributes that other derives and lints take are nothing to this one.
#[test]
fn attributes_of_fields_stay_where_they_are() {
    #[derive(Default, Projection)]
    enum Level {
        #[default]
        #[doc(alias = "least")]
        Low,
        High {
            #[doc(alias = "height")]
            #[cfg(not(any()))]
            by: u32,
            #[cfg(any())]
            never: NoSuchType,
        },
    }
    tells_apart(&Level::default(), &Level::High { by: 1 });
}

/// Attributes that only another derive understands.
#[test]
fn attributes_of_other_derives_may_stand_on_fields() {
    #[salvia::bounded_derive(Clone)]
    #[derive(Projection)]
    struct Marked<'a, T> {
        #[bound_derive]
        handle: Rc<T>,
        text: &'a str,
    }
    let marked = |text| Marked {
        handle: Rc::new(1),
        text,
    };
    tells_apart(&marked("a"), &marked("b"));
    assert_eq!(marked("a").clone().handle, marked("a").handle);
    #[cfg(feature = "serde")]
    {
        #[derive(serde::Serialize, Projection)]
        #[serde(rename_all = "camelCase")]
        enum Renamed<'a> {
            Named {
                #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
                number: Option<u32>,
            },
            Tuple(#[serde(skip)] &'a str),
        }
        tells_apart(&Renamed::Tuple("a"), &Renamed::Tuple("b"));
        let named = |number| Renamed::Named { number };
        tells_apart(&named(None), &named(Some(1)));
    }
}

mod private {
    /// Not to be seen from outside.
    #[derive(salvia::Projection)]
    struct Inner(u32);

    #[derive(salvia::Projection)]
    pub(super) struct Outer {
        inner: Inner,
    }

    pub(super) fn outer(n: u32) -> Outer {
        Outer { inner: Inner(n) }
    }
}

#[test]
fn the_types_of_fields_stay_private() {
    tells_apart(&private::outer(1), &private::outer(2));
}

#[test]
fn names_of_fields_and_variants_are_free() {
    #[derive(Projection)]
    #[expect(non_camel_case_types, reason = "to be in the way")]
    enum Names {
        V0 {
            r#type: u32,
            state: u32,
            kept: u32,
            f: u32,
        },
        r#fn(u32),
        Some(Option<u32>),
    }
    tells_apart(
        &Names::V0 {
            r#type: 1,
            state: 2,
            kept: 3,
            f: 4,
        },
        &Names::r#fn(1),
    );
    tells_apart(&Names::Some(Some(1)), &Names::Some(None));
}

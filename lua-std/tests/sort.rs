//! `table.sort` against sorting in Rust: with and without an order function, of integers,
//! floats, mixtures and strings.

use std::cmp::Ordering;
use std::sync::Arc;

use lua_proto::{BinaryLoader, number::Number};
use lua_vm::{CompareOp, Cx, Error, Lua, Native, Outcome, Value};
use proptest::prelude::*;

/// An element to sort.
#[derive(Debug, Clone, PartialEq)]
enum Element {
    Number(f64, bool),
    Text(Vec<u8>),
}

impl Element {
    fn push(&self, cx: &mut Cx<'_>) -> Result<(), Error> {
        match self {
            Element::Number(value, true) => cx.push_number(Number::Int(*value as i64)),
            Element::Number(value, false) => cx.push_float(*value),
            Element::Text(text) => cx.push_bytes(text)?,
        }
        Ok(())
    }

    fn read(value: Value<'_>) -> Element {
        match value {
            Value::Int(value) => Element::Number(value as f64, true),
            Value::Float(value) => Element::Number(value, false),
            Value::Str(text) => Element::Text(text.to_vec()),
            other => panic!("not an element: {other:?}"),
        }
    }

    fn order(&self, other: &Element) -> Ordering {
        match (self, other) {
            (Element::Number(left, _), Element::Number(right, _)) => left.total_cmp(right),
            (Element::Text(left), Element::Text(right)) => left.cmp(right),
            _ => unreachable!("elements of one kind"),
        }
    }
}

fn less(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let result = cx.compare(CompareOp::Lt, 0, 1)?;
    cx.push_bool(result);
    Ok(cx.returns(1))
}

fn greater(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    let result = cx.compare(CompareOp::Lt, 1, 0)?;
    cx.push_bool(result);
    Ok(cx.returns(1))
}

fn always(cx: &mut Cx<'_>) -> Result<Outcome, Error> {
    cx.push_bool(true);
    Ok(cx.returns(1))
}

static LESS: Native = Native::new("less", less);
static GREATER: Native = Native::new("greater", greater);
static ALWAYS: Native = Native::new("always", always);

fn sort(elements: &[Element], order: Option<&'static Native>) -> Result<Vec<Element>, String> {
    let mut lua = Lua::new(Arc::new(BinaryLoader)).unwrap();
    lua_std::open_all(&mut lua).unwrap();
    let result = lua.with(|cx| {
        cx.push_globals();
        cx.get_field(0, "table")?;
        cx.push_table(elements.len(), 0)?;
        for (index, element) in (1..).zip(elements) {
            element.push(cx)?;
            cx.raw_set_int(2, index)?;
        }
        cx.get_field(1, "sort")?;
        cx.push_slot(2);
        if let Some(order) = order {
            cx.push_native(order);
        }
        cx.call(1 + u32::from(order.is_some()), 0)?;
        Ok((1..=elements.len() as i64).map(|index| Element::read(cx.array_get(2, index))).collect())
    });
    result.map_err(|error| error.to_string())
}

fn check(elements: Vec<Element>) {
    let mut expected = elements.clone();
    expected.sort_by(Element::order);
    let keys = |elements: &[Element]| -> Vec<String> {
        elements
            .iter()
            .map(|element| match element {
                Element::Number(value, _) => value.to_string(),
                Element::Text(text) => format!("{text:?}"),
            })
            .collect()
    };
    assert_eq!(keys(&sort(&elements, None).unwrap()), keys(&expected));
    assert_eq!(keys(&sort(&elements, Some(&LESS)).unwrap()), keys(&expected));
    expected.reverse();
    assert_eq!(keys(&sort(&elements, Some(&GREATER)).unwrap()), keys(&expected));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn integers(values in prop::collection::vec(-50i32..50, 0..300)) {
        check(values.into_iter().map(|value| Element::Number(f64::from(value), true)).collect());
    }

    #[test]
    fn mixed_numbers(values in prop::collection::vec((-20i32..20, any::<bool>()), 0..50)) {
        check(values.into_iter().map(|(value, whole)| {
            let value = if whole { f64::from(value) } else { f64::from(value) + 0.5 };
            Element::Number(value, whole)
        }).collect());
    }

    #[test]
    fn strings(values in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 0..50)) {
        check(values.into_iter().map(Element::Text).collect());
    }
}

#[test]
fn orders_that_are_none_are_found_out() {
    let elements: Vec<Element> = (0..50).map(|value| Element::Number(f64::from(value), true)).collect();
    let error = sort(&elements, Some(&ALWAYS)).unwrap_err();
    assert!(error.contains("invalid order function for sorting"), "{error}");
}

#[test]
fn long_and_regular_inputs() {
    let number = |value: i32| Element::Number(f64::from(value), true);
    check((0..5000).map(number).collect());
    // More than is sorted at a time.
    check((0..50_000).map(|value: i32| number(value.wrapping_mul(1_664_525) % 10_007)).collect());
    check((0..5000).rev().map(number).collect());
    check((0..5000).map(|value| number(value % 7)).collect());
    check((0..5000).map(|value| number((value - 2500i32).abs())).collect());
}

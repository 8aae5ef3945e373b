//! Metatables and metamethods (§2.4).

use lua_proto::pool;
use std::ptr;
use std::sync::LazyLock;

use crate::string::Str;
use crate::table::Table;
use crate::userdata::Userdata;
use crate::value::{Value, tag};
use crate::vm::{Roots, Vm};

macro_rules! events {
    ($($name:ident $text:literal;)*) => {
        /// An event that a metatable may handle. Of the first seven, a metatable remembers that it lacks them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Event { $($name),* }

        impl Event {
            pub(crate) const ALL: &[Event] = &[$(Event::$name),*];
            const NAMES: &[&str] = &[$($text),*];
        }
    };
}

events! {
    Index "__index";
    NewIndex "__newindex";
    Eq "__eq";
    Len "__len";
    Call "__call";
    Gc "__gc";
    Mode "__mode";
    Close "__close";
    Add "__add";
    Sub "__sub";
    Mul "__mul";
    Mod "__mod";
    Pow "__pow";
    Div "__div";
    IDiv "__idiv";
    BAnd "__band";
    BOr "__bor";
    BXor "__bxor";
    Shl "__shl";
    Shr "__shr";
    Unm "__unm";
    BNot "__bnot";
    Lt "__lt";
    Le "__le";
    Concat "__concat";
    Name "__name";
    ToString "__tostring";
    Metatable "__metatable";
    Pairs "__pairs";
}

/// [`Table::absent`]: `__index` was a Lua function when it was asked last. Only a hint where to look first.
pub(crate) const INDEX_CALLS: u8 = 1 << 7;

/// How many events there are.
pub(crate) const EVENTS: usize = Event::ALL.len();

impl Event {
    /// Whether a metatable remembers that it lacks the event.
    #[inline(always)]
    const fn is_remembered(self) -> bool {
        (self as u8) < Event::Close as u8
    }

    /// The field of a metatable, `__add` and its like.
    pub(crate) fn name(self) -> &'static str {
        Event::NAMES[self as usize]
    }
}

/// The names of all events and types, and the text of a memory error: fixed names of the pool, in its table of those before a VM takes that.
///
/// The strings of at most one byte are fixed from then on, too: most scripts make some of them at run time, and most have constants
/// that equal those.
pub(crate) fn fixed_names() -> ([*mut Str; EVENTS], [*mut Str; TYPES], *mut Str) {
    // Addresses, so that threads may share them.
    static NAMES: LazyLock<([usize; EVENTS], [usize; TYPES], usize)> = LazyLock::new(|| {
        static BYTES: [[u8; 1]; 256] = {
            let mut bytes = [[0]; 256];
            let mut i = 0;
            while i < 256 {
                bytes[i] = [i as u8];
                i += 1;
            }
            bytes
        };
        pool::intern_static(b"");
        for byte in &BYTES {
            pool::intern_static(byte);
        }
        let address = |text: &'static str| pool::intern_static(text.as_bytes()).as_ptr().expose_provenance();
        (std::array::from_fn(|i| address(Event::NAMES[i])), TYPE_NAMES.map(address), address("not enough memory"))
    });
    let (events, types, text) = &*NAMES;
    (events.map(ptr::with_exposed_provenance_mut), types.map(ptr::with_exposed_provenance_mut), ptr::with_exposed_provenance_mut(*text))
}

impl Roots {
    /// The metatable of a value, or null.
    ///
    /// # Safety
    /// `value` is live.
    #[inline(always)]
    pub(crate) unsafe fn metatable(&self, value: Value) -> *mut Table {
        // SAFETY: the tag tells the type.
        unsafe {
            match value.tag {
                tag::TABLE => (*value.as_table()).meta,
                tag::USERDATA => (*value.as_ptr::<Userdata>()).meta,
                _ => self.type_metatables[type_index(value.tag)],
            }
        }
    }

    /// The interned name of an event.
    #[inline(always)]
    pub(crate) fn event_name(&self, event: Event) -> *mut Str {
        self.event_names[event as usize]
    }
}

/// How many types [`type_index`] tells apart.
pub(crate) const TYPES: usize = 9;

/// The names of the types by [`type_index`].
pub(crate) const TYPE_NAMES: [&str; TYPES] = ["nil", "boolean", "number", "string", "function", "userdata", "thread", "table", "userdata"];

/// The slot of a basic type in [`Roots::type_metatables`]; tables and full userdata, whose metatables are their own, come behind.
pub(crate) fn type_index(t: u8) -> usize {
    match t {
        tag::NIL => 0,
        tag::FALSE | tag::TRUE => 1,
        tag::INT | tag::FLOAT => 2,
        tag::SHORT | tag::LONG => 3,
        tag::NATIVE | tag::CLOSURE | tag::HOST_CLOSURE => 4,
        tag::POINTER => 5,
        tag::TABLE => 7,
        tag::USERDATA => 8,
        _ => 6,
    }
}

impl Vm {
    /// A metatable's handler for an event, nil if it has none.
    ///
    /// # Safety
    /// `meta` is null or live.
    #[inline(always)]
    pub(crate) unsafe fn handler_in(&mut self, meta: *mut Table, event: Event) -> Value {
        // SAFETY: the caller's promise.
        unsafe {
            if meta.is_null() || event.is_remembered() && (*meta).absent & 1 << (event as u8 & 7) != 0 {
                return Value::NIL;
            }
            self.look_up_handler(meta, event)
        }
    }

    #[inline]
    unsafe fn look_up_handler(&mut self, meta: *mut Table, event: Event) -> Value {
        // SAFETY: the caller's promise.
        unsafe {
            let handler = self.stored_handler(meta, event);
            if (*meta).is_weak() && handler.is_object() && !self.heap.read_weak(handler.header()) {
                return Value::NIL;
            }
            if handler.is_nil() && event.is_remembered() {
                (*meta).absent |= 1 << (event as u8);
            }
            handler
        }
    }

    /// What a metatable holds for an event. If it is weak, that may have to be kept before it is used.
    ///
    /// # Safety
    /// `meta` is live.
    #[inline]
    pub(crate) unsafe fn stored_handler(&self, meta: *mut Table, event: Event) -> Value {
        // SAFETY: the caller's promise.
        unsafe { (*meta).find_any_name(self.roots.event_name(event)).map_or(Value::NIL, |node| (*node).value()) }
    }

    /// The handler of a value for an event, nil if it has none.
    ///
    /// # Safety
    /// `value` is live.
    #[inline(always)]
    pub(crate) unsafe fn handler(&mut self, value: Value, event: Event) -> Value {
        // SAFETY: the caller's promise.
        unsafe { self.handler_in(self.roots.metatable(value), event) }
    }
}

//! What functions do and what constants are, as bytes until somebody reads it: of a large workspace, most is never read.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use super::wire::{Reader, Wire, Writer};
use super::{Decl, DeclKind, Sym, Symbols};

/// Bytes of the intermediate form, with the names in them.
#[derive(Debug)]
pub(crate) struct Form {
    /// Empty once nobody will read them again.
    pub(super) bytes: RefCell<Box<[u8]>>,
    pub(super) names: Box<[Sym]>,
}

/// A value, or the bytes of one.
#[derive(Debug, Clone)]
pub(crate) enum Late<T> {
    Read(T),
    /// Where it lies in the bytes of its file.
    Kept {
        form: Rc<Form>,
        from: u32,
        to: u32,
    },
}

impl<T: Wire + Clone> Late<T> {
    /// Makes it bytes of its own.
    fn pack(&mut self, symbols: &Symbols) {
        if let Late::Read(value) = self
            && let Some((bytes, names)) = Writer::form(value, symbols)
            && let Ok(to) = u32::try_from(bytes.len())
        {
            let form = Form { bytes: RefCell::new(bytes.into()), names: names.into() };
            *self = Late::Kept { form: Rc::new(form), from: 0, to };
        }
    }

    /// The value; `None` if its bytes are damaged.
    pub(crate) fn read(&self) -> Option<Cow<'_, T>> {
        match self {
            Late::Read(value) => Some(Cow::Borrowed(value)),
            Late::Kept { form, from, to } => {
                let bytes = form.bytes.borrow();
                Reader::one(bytes.get(*from as usize..*to as usize)?, &form.names).map(Cow::Owned)
            }
        }
    }

    /// Lets go of the bytes of all that its file holds.
    fn forget(&self) {
        if let Late::Kept { form, .. } = self {
            form.bytes.take();
        }
    }
}

impl Decl {
    /// Lets go of what an item does.
    pub(crate) fn forget(&self) {
        match &self.kind {
            DeclKind::Fn(of) => of.body.iter().for_each(Late::forget),
            DeclKind::Const(_, _, value) | DeclKind::Static(_, value, _) => value.iter().for_each(Late::forget),
            _ => {}
        }
    }
}

/// Makes bytes of what items do that nobody shares yet.
pub(crate) fn pack(items: &mut [Rc<Decl>], symbols: &Symbols) {
    for decl in items.iter_mut().filter_map(Rc::get_mut) {
        match &mut decl.kind {
            DeclKind::Fn(of) => of.body.iter_mut().for_each(|body| body.pack(symbols)),
            DeclKind::Const(_, _, value) | DeclKind::Static(_, value, _) => {
                value.iter_mut().for_each(|value| value.pack(symbols))
            }
            DeclKind::Module(Some(items)) | DeclKind::Foreign(items) | DeclKind::Trait(_, _, items) => {
                pack(items, symbols)
            }
            DeclKind::Impl(of) => pack(&mut of.members, symbols),
            _ => {}
        }
        decl.nested.iter_mut().for_each(|nested| pack(&mut nested.items, symbols));
    }
}

impl<T: Wire + Clone> Wire for Late<T> {
    fn write(&self, to: &mut Writer<'_>) {
        if let Some(value) = self.read() {
            to.aside(&*value);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.aside()
    }
}

//! Bodies of functions, as bytes until somebody reads them: of a large workspace, most are never read.

use std::borrow::Cow;
use std::rc::Rc;

use super::wire::{Reader, Wire, Writer};
use super::{Decl, DeclKind, FnBody, Sym, Symbols};

/// Bytes of the intermediate form, with the names in them.
#[derive(Debug)]
pub(crate) struct Form {
    pub(super) bytes: Box<[u8]>,
    pub(super) names: Box<[Sym]>,
}

/// What a function does.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Read(FnBody),
    /// Where it lies in the bytes of its file.
    Kept { form: Rc<Form>, from: u32, to: u32 },
}

impl Body {
    /// Makes it bytes of its own.
    fn pack(&mut self, symbols: &Symbols) {
        if let Body::Read(body) = self
            && let Some((bytes, names)) = Writer::form(body, symbols)
            && let Ok(to) = u32::try_from(bytes.len())
        {
            let form = Form { bytes: bytes.into(), names: names.into() };
            *self = Body::Kept { form: Rc::new(form), from: 0, to };
        }
    }

    /// The body; `None` if its bytes are damaged.
    pub(crate) fn read(&self) -> Option<Cow<'_, FnBody>> {
        match self {
            Body::Read(body) => Some(Cow::Borrowed(body)),
            Body::Kept { form, from, to } => {
                let bytes = form.bytes.get(*from as usize..*to as usize)?;
                Reader::one(bytes, &form.names).map(Cow::Owned)
            }
        }
    }
}

/// Makes bytes of the bodies in items that nobody shares yet.
pub(crate) fn pack(items: &mut [Rc<Decl>], symbols: &Symbols) {
    for decl in items.iter_mut().filter_map(Rc::get_mut) {
        match &mut decl.kind {
            DeclKind::Fn(of) => of.body.iter_mut().for_each(|body| body.pack(symbols)),
            DeclKind::Module(Some(items)) | DeclKind::Foreign(items) | DeclKind::Trait(_, _, items) => {
                pack(items, symbols)
            }
            DeclKind::Impl(of) => pack(&mut of.members, symbols),
            _ => {}
        }
        decl.nested.iter_mut().for_each(|nested| pack(&mut nested.items, symbols));
    }
}

impl Wire for Body {
    fn write(&self, to: &mut Writer<'_>) {
        if let Some(body) = self.read() {
            to.aside(&*body);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.aside()
    }
}

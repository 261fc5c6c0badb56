//! The intermediate form of one file: its items and bodies as plain data, without spans and without anything from another
//! file, so that it can be kept by the file's content and read back instead of parsing.
//!
//! It holds what names, inference and the graph need. It is not what gets hashed: `normalize` hashes the syntax itself.

mod late;
mod shape;
mod symbols;
mod wire;

pub(crate) use late::{Late, pack};
pub(crate) use shape::{Aside, Column, Hash, Line, Placed, Shape, each};
pub(crate) use symbols::{Sym, Symbols};
pub(crate) use wire::{Raw, Reader, Wire, Writer, read_tag, write_tag};

use std::rc::Rc;

use crate::cfg::Predicate;
use crate::source::Digest;
pub(crate) use wire::{wire, wire_plain, wire_read, wire_write};

wire! {
    /// One file.
    pub(crate) struct File {
        pub items: Vec<Rc<Decl>>,
        /// `#![cfg(..)]`.
        pub cfg: Vec<Predicate>,
        /// What its paths begin with: among these are all packages that it names.
        pub heads: Vec<Sym>,
    }

    /// An item, a member of an impl or of a trait.
    pub(crate) struct Decl {
        pub hash: Digest as Hash,
        pub line: u32 as Line,
        pub end_line: u32 as Line,
        pub name_line: u32 as Line,
        pub name_column: u32 as Column,
        /// Predicates asked inside: `cfg` attributes of statements, fields and arms, `cfg!`, `cfg_attr`.
        pub asks: Vec<Predicate>,
        pub name: Sym,
        pub kind: DeclKind,
        pub cfg: Vec<Predicate>,
        pub attrs: Vec<Attr>,
        pub public: bool,
        /// Where its tokens were written, as numbers of [`Places`](crate::places::Places): only for what a macro made, and
        /// only if it was asked for.
        pub written: Vec<u32> as Placed,
        /// Items declared in blocks of its bodies.
        pub nested: Vec<Nested>,
    }

    /// The items of one block.
    pub(crate) struct Nested {
        /// The block around it that declares items too, as in [`Block::scope`].
        pub parent: u32,
        pub items: Vec<Rc<Decl>>,
    }

    /// What an attribute means to the analysis. Built-in ones that mean nothing are not kept.
    pub(crate) enum Attr {
        /// `#[cached(..)]`, with its options.
        Cached(options: String),
        /// An attribute of a field or variant that a derive reads: its tokens, strings included, may name code. The predicates
        /// are those of the `cfg_attr` around it.
        Helper(tokens: String, when: Vec<Predicate>),
        Derive(paths: Vec<Path>, when: Vec<Predicate>),
        /// `#[path = ".."]`, with the predicates of a `cfg_attr` around it.
        FilePath(file: String, when: Vec<Predicate>),
        MacroUse,
        MacroExport,
        /// Code that something outside Rust's own name resolution calls: `#[no_mangle]`, `#[global_allocator]`, ...
        Exported,
        /// An attribute macro, or one that nobody knows.
        Unknown(path: Path, tokens: String, when: Vec<Predicate>),
        /// `#[macro_export(local_inner_macros)]`: macros that it calls are those of its own crate.
        InnerMacros,
    }

    pub(crate) enum DeclKind {
        /// `mod name;` or `mod name { .. }`.
        Module(inline: Option<Vec<Rc<Decl>>>),
        Use(leaves: Vec<UseLeaf>),
        /// `extern crate source as name`.
        ExternCrate(source: Sym),
        Fn(decl: Box<FnDecl>),
        Struct(generics: Generics, fields: Fields),
        Union(generics: Generics, fields: Fields),
        Enum(generics: Generics, variants: Vec<Variant>),
        Alias(generics: Generics, bounds: Vec<Path>, ty: Option<Type>),
        Const(generics: Generics, ty: Type, value: Option<Late<Box<Expr>>>),
        Static(ty: Type, value: Option<Late<Box<Expr>>>, mutable: bool),
        Trait(generics: Generics, supers: Vec<Path>, members: Vec<Rc<Decl>>),
        Impl(decl: Box<ImplDecl>),
        MacroRules(body: String, written: Written),
        MacroCall(call: Box<MacroCall>),
        Foreign(members: Vec<Rc<Decl>>),
        /// Syntax that nobody knows: its tokens.
        Tokens(text: String),
        /// A macro call that is a statement of the block, for the impls that it may make: the statement itself is in the body.
        Statement(call: Box<MacroCall>),
    }

    pub(crate) struct UseLeaf {
        pub global: bool,
        pub path: Vec<Sym>,
        /// Name that it binds; the empty symbol for `_` and for globs.
        pub name: Sym,
        pub glob: bool,
    }

    pub(crate) struct FnDecl {
        pub generics: Generics,
        pub receiver: Option<Receiver>,
        pub params: Vec<(Pat, Type)>,
        pub output: Option<Type>,
        pub is_async: bool,
        pub body: Option<Late<FnBody>> as Aside,
    }

    pub(crate) enum FnBody {
        Lowered(block: Block),
        /// A function of an external package: lowered if somebody asks what it does.
        Text(text: String),
    }

    pub(crate) struct Receiver {
        pub by_ref: bool,
        pub mutable: bool,
        pub ty: Option<Type>,
    }

    pub(crate) struct ImplDecl {
        pub generics: Generics,
        pub trait_: Option<Path>,
        pub self_ty: Type,
        /// The macro call that made the self type, if one stands there.
        pub self_call: Option<Box<MacroCall>>,
        pub members: Vec<Rc<Decl>>,
        /// The header as text: tells two impls of one type apart.
        pub header: String,
        /// Canonical text of the self type.
        pub self_text: String,
        /// Canonical text of the trait.
        pub trait_text: String,
    }

    pub(crate) struct Generics {
        pub params: Vec<GenericParam>,
        pub wheres: Vec<(Type, Vec<Path>)>,
    }

    pub(crate) struct GenericParam {
        pub name: Sym,
        pub bounds: Vec<Path>,
        pub default: Option<Box<Type>>,
        /// Type of a const parameter.
        pub constant: Option<Box<Type>>,
    }

    pub(crate) struct Fields {
        pub names: Vec<Sym>,
        pub types: Vec<Type>,
        pub tuple: bool,
        /// Fields that serde leaves out or writes in its own way, and which attribute says so.
        pub lossy: Vec<(Sym, String)>,
    }

    pub(crate) struct Variant {
        pub name: Sym,
        pub fields: Fields,
        pub discriminant: Option<Box<Expr>>,
        pub cfg: Vec<Predicate>,
    }

    pub(crate) struct Path {
        /// `::a::b`.
        pub global: bool,
        pub segments: Vec<Segment>,
        /// `<T as Trait>::`: the type, and how many segments belong to the trait.
        pub qself: Option<(Box<Type>, u32)>,
        pub line: u32 as Line,
        /// The level of [`Levels`](crate::written::Levels) that its first name was written at.
        pub level: u32,
    }

    pub(crate) struct Segment {
        pub name: Sym,
        pub args: Vec<GenericArg>,
    }

    pub(crate) enum GenericArg {
        Type(ty: Type),
        Const(value: Box<Expr>),
        /// `Item = T`, or `Item: Bound`.
        Assoc(name: Sym, ty: Option<Type>, bounds: Vec<Path>),
        /// `Fn(A, B) -> C`.
        Call(inputs: Vec<Type>, output: Option<Type>),
    }

    pub(crate) enum Type {
        Path(path: Path),
        Ref(of: Box<Type>),
        Ptr(to: Box<Type>),
        Slice(of: Box<Type>),
        Array(of: Box<Type>, len: Box<Expr>),
        Tuple(parts: Vec<Type>),
        Fn(inputs: Vec<Type>, output: Option<Box<Type>>),
        Dyn(bounds: Vec<Path>),
        Impl(bounds: Vec<Path>),
        Macro(call: Box<MacroCall>),
        Never,
        Infer,
        Tokens(text: String),
    }

    pub(crate) struct Block {
        pub stmts: Vec<Stmt>,
        /// Where in [`Decl::nested`] the items of this block are, from 1; 0 if it declares none.
        pub scope: u32,
    }

    pub(crate) enum Stmt {
        Let(pat: Pat, ty: Option<Type>, init: Option<Box<Expr>>, otherwise: Option<Box<Expr>>),
        /// An expression whose value is dropped.
        Semi(expr: Expr),
        /// An expression; the block's value if it is the last.
        Expr(expr: Expr),
        /// A statement behind `#[cfg]`.
        Cfg(when: Vec<Predicate>, stmt: Box<Stmt>),
        /// Where a `macro_rules!` of that name stands: it sees the locals before it.
        Definition(name: Sym),
    }

    pub(crate) enum Expr {
        Path(path: Path),
        Lit(kind: Lit),
        Call(callee: Box<Expr>, args: Vec<Expr>, line: u32 as Line),
        Method(receiver: Box<Expr>, name: Sym, turbofish: Vec<GenericArg>, args: Vec<Expr>, line: u32 as Line),
        Field(base: Box<Expr>, name: Sym, line: u32 as Line),
        Index(base: Box<Expr>, index: Box<Expr>),
        Unary(op: Operator, operand: Box<Expr>),
        Binary(op: Operator, left: Box<Expr>, right: Box<Expr>),
        Assign(left: Box<Expr>, right: Box<Expr>),
        Struct(path: Path, fields: Vec<(Sym, Expr)>, rest: Option<Box<Expr>>),
        Closure(params: Vec<(Pat, Option<Type>)>, output: Option<Box<Type>>, body: Box<Expr>, is_async: bool),
        Block(block: Block),
        Async(block: Block),
        If(condition: Box<Expr>, then: Block, otherwise: Option<Box<Expr>>),
        Let(pat: Box<Pat>, value: Box<Expr>),
        Match(scrutinee: Box<Expr>, arms: Vec<Arm>),
        Loop(body: Block),
        While(condition: Box<Expr>, body: Block),
        For(pat: Box<Pat>, iter: Box<Expr>, body: Block),
        Cast(value: Box<Expr>, ty: Box<Type>),
        Ref(value: Box<Expr>),
        Try(value: Box<Expr>),
        Await(value: Box<Expr>),
        Jump(value: Option<Box<Expr>>),
        Return(value: Option<Box<Expr>>),
        Tuple(parts: Vec<Expr>),
        Array(parts: Vec<Expr>),
        Repeat(value: Box<Expr>, len: Box<Expr>),
        Range(from: Option<Box<Expr>>, to: Option<Box<Expr>>),
        Macro(call: Box<MacroCall>),
        /// A part behind `#[cfg]`.
        Cfg(when: Vec<Predicate>, value: Box<Expr>),
        /// Syntax that nobody knows: its tokens.
        Tokens(text: String),
        /// Statements that a macro made: what they bind holds behind the call.
        Open(block: Block),
    }

    pub(crate) struct Arm {
        pub pat: Pat,
        pub body: Expr,
        pub cfg: Vec<Predicate>,
    }

    pub(crate) enum Pat {
        Wild,
        /// With the level of [`Levels`](crate::written::Levels) that the name was written at.
        Ident(name: Sym, level: u32, by_ref: bool, sub: Option<Box<Pat>>),
        Path(path: Path),
        TupleStruct(path: Path, parts: Vec<Pat>),
        Struct(path: Path, fields: Vec<(Sym, Pat)>),
        Tuple(parts: Vec<Pat>),
        Slice(parts: Vec<Pat>),
        Ref(of: Box<Pat>),
        Or(cases: Vec<Pat>),
        /// A literal or a constant block.
        Value(value: Box<Expr>),
        Range(from: Option<Box<Expr>>, to: Option<Box<Expr>>),
        Typed(pat: Box<Pat>, ty: Type),
        Guard(pat: Box<Pat>, guard: Box<Expr>),
        Rest,
        Macro(call: Box<MacroCall>),
        Tokens(text: String),
    }

    pub(crate) struct MacroCall {
        pub path: Path,
        /// The input, as text that lexes back. Empty where `args` holds all of it.
        pub tokens: String,
        pub written: Written,
        /// The input of a macro that the analysis knows.
        pub args: Option<Box<MacroArgs>>,
        /// All of the input, where the item's own hash leaves out what the standard macro of that name can't see.
        pub exact: Option<Digest>,
        pub line: u32 as Line,
        pub column: u32 as Column,
    }

    /// Where the tokens of a text were written, and by whom.
    pub(crate) struct Written {
        /// The line that the text begins at, if it is a file's own; 0 for tokens that a macro made.
        pub line: u32 as Line,
        /// Of tokens that a macro made, how many in a row come from which of [`Places`](crate::places::Places).
        pub runs: Vec<(u32, u32)>,
        /// Who wrote them, as in [`Levels::mark`](crate::written::Levels::mark).
        pub levels: Vec<(u32, u32)>,
    }

    /// The arguments of a macro of the standard library.
    pub(crate) struct MacroArgs {
        pub exprs: Vec<Expr>,
        /// Formatting traits with the index of the argument they apply to.
        pub formats: Vec<(Sym, u32)>,
        /// `matches!`'s pattern.
        pub pat: Option<Pat>,
        /// Where the first of the formatted arguments stands in `exprs`.
        pub kind: KnownMacro,
    }
}

impl Written {
    /// What begins at a line of its file; at 0 for what no file holds.
    pub(crate) fn at(line: u32) -> Written {
        Written { line, runs: Vec::new(), levels: Vec::new() }
    }

    /// Whether several wrote it.
    pub(crate) fn is_of_several(&self) -> bool {
        self.levels.windows(2).any(|pair| pair[0].1 != pair[1].1)
    }
}

/// What a known macro does with its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KnownMacro {
    /// Formats to a string.
    Format,
    /// Formats and prints.
    Print,
    /// `write!`: the first argument is written to.
    Write,
    /// Panics, with formatted arguments.
    Panic,
    /// `assert!`.
    Assert,
    /// `assert_eq!`, `assert_ne!`.
    AssertEq,
    Vec,
    /// `vec![x; n]`.
    VecRepeat,
    Matches,
    Dbg,
    /// `thread_local!` at statement level and others whose arguments are only mentioned.
    Mention,
    /// `line!` and `column!`.
    Position,
    /// `format_args!`.
    FormatArgs,
}

/// Kind of a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lit {
    Str,
    ByteStr,
    CStr,
    Byte,
    Char,
    Bool,
    /// An integer whose type is inferred.
    Int,
    /// A float whose type is inferred.
    Float,
    I8,
    I16,
    I32,
    I64,
    I128,
    Isize,
    U8,
    U16,
    U32,
    U64,
    U128,
    Usize,
    F32,
    F64,
}

/// Operators that a user's type can overload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    AddAssign,
    SubAssign,
    MulAssign,
    DivAssign,
    RemAssign,
    BitAndAssign,
    BitOrAssign,
    BitXorAssign,
    ShlAssign,
    ShrAssign,
    /// `==` and `!=`.
    Eq,
    /// `<`, `<=`, `>`, `>=`.
    Ord,
    /// `&&` and `||`.
    Lazy,
    Neg,
    Not,
    Deref,
}

wire::wire_plain! {
    KnownMacro: Format Print Write Panic Assert AssertEq Vec VecRepeat Matches Dbg Mention Position FormatArgs;
    Lit: Str ByteStr CStr Byte Char Bool Int Float I8 I16 I32 I64 I128 Isize U8 U16 U32 U64 U128 Usize F32 F64;
    Operator: Add Sub Mul Div Rem BitAnd BitOr BitXor Shl Shr AddAssign SubAssign MulAssign DivAssign RemAssign
        BitAndAssign BitOrAssign BitXorAssign ShlAssign ShrAssign Eq Ord Lazy Neg Not Deref;
}

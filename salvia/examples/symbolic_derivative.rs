//! Derivatives of polynomials, written to the interface of salvia 0.1: recursion on `self` of a boxed enum, joined.
//!
//! The text of the formula is the input. Every part of every expression is a bound query, so equal parts are derived once.

use async_recursion::async_recursion;
use salvia::{Input, InputAccess, QueryContext, Runtime, query};
use tokio::join;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Expr {
    Number(i64),
    X,
    Sum(Box<Expr>, Box<Expr>),
    Product(Box<Expr>, Box<Expr>),
    Power(Box<Expr>, u32),
}

use Expr::{Number, Power, Product, Sum, X};

/// A sum without needless zeros.
fn sum(left: Expr, right: Expr) -> Expr {
    match (left, right) {
        (Number(a), Number(b)) => Number(a + b),
        (Number(0), rest) | (rest, Number(0)) => rest,
        (left, right) => Sum(left.into(), right.into()),
    }
}

/// A product without needless zeros and ones.
fn product(left: Expr, right: Expr) -> Expr {
    match (left, right) {
        (Number(a), Number(b)) => Number(a * b),
        (Number(0), _) | (_, Number(0)) => Number(0),
        (Number(1), rest) | (rest, Number(1)) => rest,
        (left, right) => Product(left.into(), right.into()),
    }
}

fn power(base: Expr, exponent: u32) -> Expr {
    match (base, exponent) {
        (_, 0) => Number(1),
        (base, 1) => base,
        (Number(n), exponent) => Number(n.pow(exponent)),
        (base, exponent) => Power(base.into(), exponent),
    }
}

impl Expr {
    #[query]
    #[async_recursion]
    async fn derivative(self, cx: &QueryContext) -> Expr {
        match self {
            Number(_) => Number(0),
            X => Number(1),
            Sum(left, right) => {
                let (left, right) = join!(left.derivative(cx), right.derivative(cx));
                sum(left, right)
            }
            Product(left, right) => {
                let (dleft, dright) =
                    join!(left.clone().derivative(cx), right.clone().derivative(cx));
                sum(product(dleft, *right), product(*left, dright))
            }
            Power(_, 0) => Number(0),
            Power(base, exponent) => {
                let inner = base.clone().derivative(cx).await;
                product(
                    Number(exponent.into()),
                    product(power(*base, exponent - 1), inner),
                )
            }
        }
    }

    #[query]
    #[async_recursion]
    async fn at(self, x: i64, cx: &QueryContext) -> i64 {
        match self {
            Number(n) => n,
            X => x,
            Sum(left, right) => {
                let (left, right) = join!(left.at(x, cx), right.at(x, cx));
                left + right
            }
            Product(left, right) => {
                let (left, right) = join!(left.at(x, cx), right.at(x, cx));
                left * right
            }
            Power(base, exponent) => base.at(x, cx).await.pow(exponent),
        }
    }
}

/// Reads a formula from its front. A part that cannot be read is `None`.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    /// Takes `symbol`, if it is next.
    fn takes(&mut self, symbol: char) -> bool {
        self.0 = self.0.trim_start();
        let rest = self.0.strip_prefix(symbol);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn number(&mut self) -> Option<i64> {
        self.0 = self.0.trim_start();
        let end = self
            .0
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits.parse().ok()
    }

    fn sum(&mut self) -> Option<Expr> {
        let mut read = self.product()?;
        while self.takes('+') {
            read = Sum(read.into(), self.product()?.into());
        }
        Some(read)
    }

    fn product(&mut self) -> Option<Expr> {
        let mut read = self.power()?;
        while self.takes('*') {
            read = Product(read.into(), self.power()?.into());
        }
        Some(read)
    }

    fn power(&mut self) -> Option<Expr> {
        let base = self.atom()?;
        if self.takes('^') {
            return Some(Power(base.into(), self.number()?.try_into().ok()?));
        }
        Some(base)
    }

    fn atom(&mut self) -> Option<Expr> {
        if self.takes('x') {
            Some(X)
        } else if self.takes('(') {
            let inner = self.sum()?;
            self.takes(')').then_some(inner)
        } else {
            self.number().map(Number)
        }
    }
}

#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash, InputAccess)]
struct Formula;

impl Input<String> for Formula {
    fn initial(&self) -> String {
        "0".into()
    }
}

#[query]
async fn parsed(cx: &QueryContext) -> Option<Expr> {
    let text: String = Formula.get(cx).await;
    let mut reader = Reader(&text);
    let read = reader.sum()?;
    reader.0.trim().is_empty().then_some(read)
}

#[query]
async fn slope_at(x: i64, cx: &QueryContext) -> Option<i64> {
    let derived = parsed(cx).await?.derivative(cx).await;
    Some(derived.at(x, cx).await)
}

// The test suite runs this program as well, which is why it can be called from there.
#[tokio::main]
pub(crate) async fn main() {
    let rt = Runtime::new().await;
    let slopes = [
        ("0", Some((0, 0))),
        ("x^2", Some((2, 20))),
        ("3*x^3 + 3^3 + x", Some((10, 901))),
        ("5*(x^3 + 3*x^2 + 1)^2", Some((450, 4_683_600))),
        // Unreadable, and repaired.
        ("5*(x", None),
        ("5*(x)", Some((5, 5))),
    ];
    for (text, expected) in slopes {
        rt.mutate(|cx| async move { Formula.set(text.to_string(), &cx).await })
            .await;
        let slopes = rt
            .query(|cx| async move {
                let (at_one, at_ten) = join!(slope_at(1, &cx), slope_at(10, &cx));
                Some((at_one?, at_ten?))
            })
            .await;
        assert_eq!(slopes, expected, "{text}");
        println!("f(x) = {text}: f'(1), f'(10) = {slopes:?}");
    }
}

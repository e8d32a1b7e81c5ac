// Exact arithmetic on the decimal strings of an explanation: floats would lose the last digits,
// and the details of a card are there to be added up by hand.

export type Decimal = string;

const SHAPE = /^-?\d+(\.\d+)?$/;

export function isDecimal(text: string): boolean {
  return SHAPE.test(text);
}

export function sum(amounts: readonly Decimal[]): Decimal {
  const places = Math.max(0, ...amounts.map(placesOf));
  const total = amounts.reduce((found, amount) => found + scaled(amount, places), BigInt(0));
  return unscaled(total, places);
}

/** Below, at or above zero as `a` is less than, equal to or more than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  const places = Math.max(placesOf(a), placesOf(b));
  const difference = scaled(a, places) - scaled(b, places);
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

export function sign(amount: Decimal): number {
  return compare(amount, "0");
}

export function magnitude(amount: Decimal): Decimal {
  return amount.replace("-", "");
}

function placesOf(amount: Decimal): number {
  return (amount.split(".")[1] ?? "").length;
}

function scaled(amount: Decimal, places: number): bigint {
  const [whole, part = ""] = amount.split(".");
  return BigInt(whole + part.padEnd(places, "0"));
}

function unscaled(total: bigint, places: number): Decimal {
  const digits = magnitude(total.toString()).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const text = places ? `${whole}.${digits.slice(-places)}` : whole;
  return total < 0 ? `-${text}` : text;
}

// Trend and status as words: their columns are choices that `gradesys deploy` made, choices of a
// customer with labels of ours, or plain text.

export type Trend = "up" | "steady" | "down";
export type Status = "current" | "parked";

interface Spelled<W> {
  readonly word: W;
  readonly value: number;
  readonly labels: readonly string[];
}

/** What a column holds: the option's number where it is a choice, and its text. */
export interface Told {
  readonly value: number | null;
  readonly label: string;
}

const FIRST_OPTION = 921500000;

const TRENDS: readonly Spelled<Trend>[] = [
  { word: "up", value: FIRST_OPTION, labels: ["up", "صعودی"] },
  { word: "steady", value: FIRST_OPTION + 1, labels: ["steady", "ثابت"] },
  { word: "down", value: FIRST_OPTION + 2, labels: ["down", "نزولی"] },
];
const STATUSES: readonly Spelled<Status>[] = [
  { word: "current", value: FIRST_OPTION, labels: ["current", "به‌روز"] },
  { word: "parked", value: FIRST_OPTION + 1, labels: ["parked", "کنار گذاشته"] },
];

export function trendOf(told: Told): Trend | null {
  return spelled(TRENDS, told);
}

export function statusOf(told: Told): Status | null {
  return spelled(STATUSES, told);
}

/** By label first: a customer's choice may give our numbers another order. */
function spelled<W>(known: readonly Spelled<W>[], { value, label }: Told): W | null {
  const named = known.find((each) => each.labels.includes(label.toLowerCase()));
  return (named ?? known.find((each) => each.value === value))?.word ?? null;
}

// The strongest reasons for and against: parts of the explanation, and the reason codes, which also
// name what merely stayed below its best.

import * as React from "react";
import { Look } from "./Card";
import { Column, valueOf } from "./columns";
import { Part } from "./explanation";
import { numberText, say, titleOf } from "./language";
import { codes, Reason, strongest, unsaid } from "./reasons";
import { quiet } from "./theme";

interface Props extends Look {
  readonly parts: readonly Part[];
  readonly reasons: Column<string>;
}

interface Line {
  readonly text: string;
  readonly amount: string;
}

export function Reasons({ parts, reasons, ...look }: Props): React.ReactElement {
  const [gains, losses] = [strongest(parts, 1), strongest(parts, -1)];
  const named = unsaid(codes(valueOf(reasons) ?? ""), parts, losses);
  const held = [...losses.map((part) => line(look, part)), ...named.map((reason) => codeLine(look, reason))];
  return (
    <div className="gs-reasons" style={{ display: "flex", flexWrap: "wrap", gap: "8px 24px" }}>
      <Lines {...look} name="gains" lines={gains.map((part) => line(look, part))} colour={look.theme.colorPaletteGreenForeground1} />
      <Lines {...look} name="losses" lines={held} colour={look.theme.colorPaletteRedForeground1} />
    </div>
  );
}

function line({ language }: Look, part: Part): Line {
  const text = titleOf(language, part.title, part.indicator);
  return { text, amount: numberText(language, part.contribution, true) };
}

/** A code costs what is missing to the best, which no explanation tells: it stands without amount. */
function codeLine({ language }: Look, { code, part }: Reason): Line {
  return { text: titleOf(language, part?.title ?? null, code.replace(/_/g, " ")), amount: "" };
}

interface Listed extends Look {
  readonly name: "gains" | "losses";
  readonly lines: readonly Line[];
  readonly colour: string;
}

function Lines({ name, lines, colour, language, theme }: Listed): React.ReactElement | null {
  if (lines.length === 0) return null;
  return (
    <div className={`gs-${name}`} style={{ flex: "1 1 160px" }}>
      <div style={quiet(theme)}>{say(language, name)}</div>
      <ul style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {lines.map(({ text, amount }) => (
          <li key={text} style={{ display: "flex", gap: "8px", justifyContent: "space-between" }}>
            <span>{text}</span>
            <span style={{ color: colour, fontVariantNumeric: "tabular-nums" }}>{amount}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

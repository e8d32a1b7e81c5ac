// The strongest reasons for and against: parts of the explanation, and the reason codes, which also
// name what merely stayed below its best.

import * as React from "react";
import { Look } from "./Card";
import { Column, valueOf } from "./columns";
import { Part } from "./explanation";
import { numberText, say, titleOf } from "./language";
import { codes, strongest } from "./reasons";

interface Props extends Look {
  readonly parts: readonly Part[];
  readonly reasons: Column<string>;
}

interface Line {
  readonly text: string;
  readonly amount: string;
}

export function Reasons({ parts, reasons, ...look }: Props): React.ReactElement {
  const named = codes(valueOf(reasons) ?? "").map((text) => ({ text, amount: "" }));
  const gains = strongest(parts, 1).map((part) => line(look, part));
  const losses = strongest(parts, -1).map((part) => line(look, part));
  return (
    <div className="gs-reasons" style={{ display: "flex", flexWrap: "wrap", gap: "8px 24px" }}>
      <Lines {...look} name="gains" lines={gains} colour={look.theme.colorPaletteGreenForeground1} />
      <Lines {...look} name="losses" lines={[...losses, ...named]} colour={look.theme.colorPaletteRedForeground1} />
    </div>
  );
}

function line({ language }: Look, part: Part): Line {
  const text = titleOf(language, part.title, part.indicator);
  return { text, amount: numberText(language, part.contribution, true) };
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
      <div style={{ color: theme.colorNeutralForeground3, fontSize: theme.fontSizeBase200 }}>{say(language, name)}</div>
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

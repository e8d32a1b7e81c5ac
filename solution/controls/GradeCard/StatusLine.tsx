// Whether the score can be relied on, and as of when.

import * as React from "react";
import { Look } from "./Card";
import { Columns, valueOf } from "./columns";
import { instantText, say } from "./language";
import { quiet, SIDE_BY_SIDE, Theme } from "./theme";
import { statusOf } from "./words";

interface Props extends Look {
  readonly columns: Columns;
  readonly asOf: string | null;
}

export function StatusLine({ columns, asOf, language, theme }: Props): React.ReactElement {
  const told = valueOf(columns.status);
  const status = told && statusOf(told);
  const when = asOfText({ columns, asOf, language, theme });
  return (
    <>
      {status === "parked" && (
        <div className="gs-parked" role="status" style={warning(theme)}>
          {say(language, "status_parked")}
        </div>
      )}
      {(when || told) && (
        <div className="gs-status" style={{ ...SIDE_BY_SIDE, ...quiet(theme) }}>
          {when && <span className="gs-as-of">{say(language, "as_of", when)}</span>}
          {told && status !== "parked" && <span>{status ? say(language, `status_${status}`) : told.label}</span>}
        </div>
      )}
    </>
  );
}

/** The bound column's instant; the explanation's where none is bound. */
function asOfText({ columns, asOf, language }: Props): string {
  if (columns.scoredOn.is === "hidden") return "";
  const instant = valueOf(columns.scoredOn) ?? (asOf === null ? null : new Date(asOf));
  return instant === null ? "" : instantText(language, instant);
}

function warning(theme: Theme): React.CSSProperties {
  return {
    background: theme.colorPaletteYellowBackground1,
    borderInlineStart: `3px solid ${theme.colorPaletteYellowForeground1}`,
    color: theme.colorNeutralForeground1,
    padding: "4px 8px",
  };
}

// The look, in tokens of the platform's own Fluent theme: light, dark or a customer's colours. The
// fallbacks are Fluent's web light theme, for apps without modern theming.

import { CSSProperties } from "react";

const FALLBACK = {
  colorNeutralForeground1: "#242424",
  colorNeutralForeground3: "#616161",
  colorNeutralBackground3: "#f5f5f5",
  colorNeutralStroke2: "#e0e0e0",
  colorPaletteGreenForeground1: "#0e700e",
  colorPaletteRedForeground1: "#bc2f32",
  colorPaletteYellowBackground1: "#fffef5",
  colorPaletteYellowForeground1: "#817400",
  fontFamilyBase: "'Segoe UI', 'Segoe UI Web (West European)', Tahoma, sans-serif",
  fontSizeBase200: "12px",
  fontSizeBase300: "14px",
  fontSizeHero800: "32px",
  fontWeightSemibold: 600,
  borderRadiusMedium: "4px",
};

export type Theme = typeof FALLBACK;

/** The tokens that the platform gives, the fallback's for those it does not. */
export function themeOf(tokens: Partial<Theme> | undefined): Theme {
  const given = Object.entries(tokens ?? {}).filter(([name, value]) => name in FALLBACK && value);
  return { ...FALLBACK, ...Object.fromEntries(given) };
}

/** Short texts beside each other; no mark between them, a dot would be a Persian zero. */
export const SIDE_BY_SIDE: CSSProperties = { display: "flex", flexWrap: "wrap", gap: "0 12px" };

/** What is said beside the point. */
export function quiet(theme: Theme): CSSProperties {
  return { color: theme.colorNeutralForeground3, fontSize: theme.fontSizeBase200 };
}

/** A grade's colour with letters that can be read on it; `colour` is `#rrggbb`. */
export function badgeStyle(theme: Theme, colour: string | null): CSSProperties {
  const known = colour !== null && /^#[0-9a-f]{6}$/i.test(colour) ? colour : null;
  return {
    background: known ?? theme.colorNeutralBackground3,
    border: `1px solid ${known ?? theme.colorNeutralStroke2}`,
    borderRadius: theme.borderRadiusMedium,
    color: known === null ? theme.colorNeutralForeground1 : isDark(known) ? "#ffffff" : "#000000",
    fontWeight: theme.fontWeightSemibold,
    padding: "2px 12px",
  };
}

/** Whether white stands out more than black, by the relative luminance of WCAG 2. */
function isDark(colour: string): boolean {
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const linear = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.179;
}

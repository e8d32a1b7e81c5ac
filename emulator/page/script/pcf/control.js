/** A control of the org on a form: made once, rendered again whenever the record changed. */

import { userSettings } from "../xrm/utility.js";
import { parametersOf } from "./parameters.js";
import { constructorOf } from "./platform.js";
import { textsOf } from "./texts.js";

/** The page's own colours under the names of Fluent's tokens, so that a card is dark where the page is. */
const TOKENS = {
  colorNeutralForeground1: "var(--text)",
  colorNeutralForeground3: "var(--quiet)",
  colorNeutralBackground3: "var(--back)",
  colorNeutralStroke2: "var(--line)",
  colorPaletteGreenForeground1: "var(--good)",
  colorPaletteRedForeground1: "var(--bad)",
  colorPaletteYellowBackground1: "var(--back)",
  fontFamilyBase: "inherit",
};

/** Show a control over the columns that `bound` names by property; the answer takes it away again. */
export async function showControl(name, record, bound, element) {
  const { languageId } = userSettings();
  const [Control, getString] = await Promise.all([constructorOf(name), textsOf(name, languageId)]);
  const control = new Control();
  const context = () => ({
    parameters: parametersOf(record.meta, record.row, bound),
    userSettings: userSettings(),
    resources: { getString },
    mode: { isControlDisabled: true, isVisible: true },
    fluentDesignLanguage: { tokenTheme: TOKENS },
  });
  const render = () => globalThis.ReactDOM.render(control.updateView(context()), element);
  control.init(context(), render, {});
  render();
  record.onLoad(render);
  return () => {
    globalThis.ReactDOM.unmountComponentAtNode(element);
    control.destroy();
  };
}

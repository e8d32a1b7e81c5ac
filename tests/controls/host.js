// The least that a page must be to hold the control: the platform's globals, and a context.
globalThis.Reactv16 = React;
globalThis.ComponentFramework = {
  registerControl: (name, control) => {
    globalThis.registered = { name, control };
  },
};

/** Shows the card as the platform would; what JSON cannot hold is made here. */
globalThis.show = ({ parameters, languageId, isRTL, offset, texts, tokenTheme }) => {
  const card = new globalThis.registered.control();
  const { scoredOn } = parameters;
  if (scoredOn) scoredOn.raw = new Date(scoredOn.raw);
  const context = {
    parameters,
    userSettings: { isRTL, languageId, getTimeZoneOffsetMinutes: () => offset },
    resources: { getString: (key) => texts[key] },
    fluentDesignLanguage: tokenTheme && { tokenTheme },
  };
  card.init(context, () => {}, {});
  ReactDOM.render(card.updateView(context), document.getElementById("host"));
};

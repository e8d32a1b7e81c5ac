/** Events of a form: handlers that scripts add, each told with an execution context. */

/** `{add, remove, fire}` for one event of the form that `form()` gives. */
export function event(form) {
  const handlers = new Set();
  return {
    add: (handler) => handlers.add(handler),
    remove: (handler) => handlers.delete(handler),
    fire: (source = null) => Promise.all([...handlers].map((handler) => handler(executionContext(form(), source)))),
  };
}

/** What handlers of events get. */
export function executionContext(form, source = null) {
  return { getFormContext: () => form, getEventSource: () => source, getDepth: () => 1 };
}

/** A web resource that asks of the Xrm host what scripts of ours ask, and says what it was told. */

(function () {
  const text = (value) => (value instanceof Date ? value.toISOString() : value);
  const note = (form, id, value) => form.ui.setFormNotification(JSON.stringify(value), "INFO", id);

  globalThis.Probe = {
    /** Everything a form context tells of its record. */
    read(form) {
      const names = ["name", "revenue", "statecode", "numberofemployees", "nothing"];
      const values = names.map((name) => text(form.getAttribute(name)?.getValue() ?? null));
      const { languageId, isRTL, userName } = Xrm.Utility.getGlobalContext().userSettings;
      const { entity } = form.data;
      note(form, "read", { id: entity.getId(), table: entity.getEntityName(), type: form.ui.getFormType(), values, languageId, isRTL, userName });
    },

    /** Saves what is typed, then reads the record through the Web API. */
    async saveFirst(form) {
      const dirty = form.data.entity.getIsDirty();
      form.data.entity.addOnPostSave((context) => note(context.getFormContext(), "saved", "after"));
      form.getAttribute("revenue").addOnChange((context) => note(form, "changed", context.getEventSource().getValue()));
      if (dirty) await form.data.save();
      const row = await Xrm.WebApi.retrieveRecord("account", form.data.entity.getId(), "?$select=revenue");
      note(form, "stored", [dirty, form.data.entity.getIsDirty(), row.revenue]);
    },

    /** Shows progress, changes the record behind the form's back, refreshes. */
    async refresh(form) {
      Xrm.Utility.showProgressIndicator("one");
      Xrm.Utility.showProgressIndicator("two");
      await Probe.released;
      Xrm.Utility.closeProgressIndicator();
      await form.data.refresh(false);
      note(form, "refreshed", form.getAttribute("name").getValue());
    },

    /** Asks, and says what was answered. */
    async ask() {
      const answer = await Xrm.Navigation.openConfirmDialog({ title: "Really?", text: "All of them", confirmButtonLabel: "Do it" });
      await Xrm.Navigation.openAlertDialog({ text: `confirmed: ${answer.confirmed ? "True" : "False"}` });
    },

    /** Calls the Custom API; a refusal is a dialog. */
    async call(form) {
      const request = {
        Text: "سلام",
        getMetadata: () => ({ boundParameter: null, operationType: 0, operationName: "gs_Probe", parameterTypes: { Text: { typeName: "Edm.String", structuralProperty: 1 } } }),
      };
      try {
        const answer = await Xrm.WebApi.online.execute(request);
        note(form, "called", answer.ok);
      } catch (error) {
        await Xrm.Navigation.openErrorDialog({ message: error.message, errorCode: error.errorCode });
      }
    },

    fail() {
      throw new Error("the script itself failed");
    },

    /** What is selected in a grid, by both ways, of how many. */
    async selected(grid, ids) {
      const names = [];
      grid.getGrid().getSelectedRows().forEach((row) => names.push(row.data.entity.getPrimaryAttributeValue()));
      const page = await Xrm.WebApi.retrieveMultipleRecords(grid.getEntityName(), "?$select=createdon&$top=3");
      await Xrm.Navigation.openAlertDialog({ text: JSON.stringify({ ids, names, read: page.entities.length }) });
      grid.refresh();
    },
  };
})();

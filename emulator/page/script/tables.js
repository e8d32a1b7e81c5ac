/** What the page shows of each scored table: columns, words, and where its forms lead. */

import { label } from "./webapi.js";

const SCORES = "gs_score,gs_grade,gs_explanation";

/** `kind` says how a column is shown; `sort` is the column behind it. */
export const TABLES = {
  accounts: {
    table: "account",
    set: "accounts",
    id: "accountid",
    title: "activeAccounts",
    filter: "statecode eq 0",
    searched: ["name", "accountnumber"],
    select: "name,accountnumber,address1_city,gs_score,gs_grade,gs_scoredon",
    formSelect: `name,accountnumber,address1_city,gs_reasons,gs_scoredon,${SCORES}`,
    subtitle: (row) => [row.accountnumber, row.address1_city],
    columns: [
      { word: "name", column: "name", kind: "link" },
      { word: "number", column: "accountnumber", kind: "text" },
      { word: "city", column: "address1_city", kind: "text" },
      { word: "grade", column: "gs_grade", sort: "gs_score", kind: "grade" },
      { word: "score", column: "gs_score", kind: "score" },
      { word: "scoredOn", column: "gs_scoredon", kind: "moment" },
    ],
  },
  orders: {
    table: "salesorder",
    set: "salesorders",
    id: "salesorderid",
    title: "openOrders",
    filter: "(statecode eq 0 or statecode eq 1)",
    searched: ["name"],
    select: "name,totalamount,requestdeliveryby,_customerid_value,gs_score,gs_grade",
    formSelect: `name,totalamount,requestdeliveryby,_customerid_value,${SCORES}`,
    subtitle: (row) => [label(row, "_customerid_value")],
    columns: [
      { word: "name", column: "name", kind: "link" },
      { word: "customer", column: "_customerid_value", kind: "lookup" },
      { word: "amount", column: "totalamount", kind: "money" },
      { word: "delivery", column: "requestdeliveryby", kind: "day" },
      { word: "grade", column: "gs_grade", sort: "gs_score", kind: "grade" },
      { word: "score", column: "gs_score", kind: "score" },
    ],
  },
};

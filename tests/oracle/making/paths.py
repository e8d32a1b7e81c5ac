"""The paths of more than one hop that generated aggregates take, by scored table."""

from tests.oracle.values import Node

Hop = dict[str, Node]

_INVOICES: Hop = {"child": "invoice", "lookup": "customerid"}
_OF_ACCOUNT: Hop = {"child": "invoice", "lookup": "accountid"}
_LISTS: Hop = {"many": "list", "intersect": "listmember", "near": "entityid", "far": "listid"}

PATHS: dict[str, list[list[Hop]]] = {
    "account": [
        [_INVOICES],
        [_OF_ACCOUNT],
        [{"child": "contact", "lookup": "accountid"}, _INVOICES],
        [{"child": "contact", "lookup": "parentcustomerid"}, _INVOICES],
        [
            {"child": "opportunity", "lookup": "parentaccountid"},
            {"child": "invoice", "lookup": "opportunityid"},
        ],
        [{"parent": "account", "lookup": "parentaccountid"}],
        [{"parent": "contact", "lookup": "primarycontactid"}, _INVOICES],
        [_LISTS],
    ],
    "contact": [
        [_INVOICES],
        [{"parent": "account", "lookup": "parentcustomerid"}],
        [{"parent": "account", "lookup": "parentcustomerid"}, _INVOICES],
        [{"parent": "account", "lookup": "accountid"}, _OF_ACCOUNT],
        [_LISTS],
    ],
    "opportunity": [
        [{"child": "invoice", "lookup": "opportunityid"}],
        [{"parent": "account", "lookup": "customerid"}, _INVOICES],
        [{"parent": "contact", "lookup": "customerid"}, _INVOICES],
    ],
    "salesorder": [
        [{"child": "invoice", "lookup": "salesorderid"}],
        [
            {"parent": "opportunity", "lookup": "opportunityid"},
            {"child": "invoice", "lookup": "opportunityid"},
        ],
        [{"parent": "account", "lookup": "customerid"}],
    ],
}

"""The condition operators that FetchXML and the Web API's query functions share."""

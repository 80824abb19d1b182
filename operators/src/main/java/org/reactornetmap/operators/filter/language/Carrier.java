package org.reactornetmap.operators.filter.language;

/** What has a field that says which protocol it carries. */
enum Carrier {
    LINK,
    IP,
    IP6,
    IP_OR_IP6,
    ISO,
    ISIS
}

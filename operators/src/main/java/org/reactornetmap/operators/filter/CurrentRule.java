package org.reactornetmap.operators.filter;

/**
 * The rule in force. A stream reads it once for each packet, so each packet is judged by one rule, whenever another takes
 * over.
 */
final class CurrentRule<T> {

    private volatile Rule<T> rule;

    CurrentRule(Rule<T> rule) {
        this.rule = rule;
    }

    Rule<T> get() {
        return rule;
    }

    void set(Rule<T> next) {
        rule = next;
    }
}

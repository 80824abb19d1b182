package org.reactornetmap;

/**
 * A port of a VALE switch, as {@link NetmapAdmin#ports} lists it.
 *
 * @param name its name in the switch, such as {@code vale0:a}
 * @param switchIndex the switch's place among the switches
 * @param portIndex the port's place in the switch
 */
public record SwitchPort(String name, int switchIndex, int portIndex) {}

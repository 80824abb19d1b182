package org.reactornetmap.operators.filter.language;

import org.reactornetmap.packet.LinkType;

/**
 * Where the headers lie that the tests written from here on look at. {@code vlan}, {@code mpls}, {@code pppoes} and
 * {@code geneve} move them, for all that follows in the text.
 */
final class Layout {
    private static final int VLAN_TAG_LENGTH = 4;
    private static final int MPLS_LABEL_LENGTH = 4;

    private LinkLayer link;
    private Offset linkHeader = Offset.at(0);
    private Offset linkType;
    private Offset payload;
    private boolean typed;

    /** From the payload on. */
    private int network;

    /** From the payload on, for protocols that 802.2 carries without SNAP. */
    private int networkWithoutSnap;

    private int labels;
    private boolean inGeneve;

    Layout(final LinkType type) {
        link = LinkLayer.of(type);
        typed = link.typeOffset() != LinkLayer.UNTYPED;
        linkType = Offset.at(link.typeOffset());
        payload = Offset.at(link.length());
        networkWithoutSnap = link.llcLength();
    }

    LinkLayer link() {
        return link;
    }

    Offset linkHeader() {
        return linkHeader;
    }

    Offset linkType() {
        return linkType;
    }

    /** Whether {@link #linkType()} exists. */
    boolean isTyped() {
        return typed;
    }

    Offset payload() {
        return payload;
    }

    int network() {
        return network;
    }

    int networkWithoutSnap() {
        return networkWithoutSnap;
    }

    boolean isLabelled() {
        return labels > 0;
    }

    /** Whether what is looked at lies in a Geneve packet, which may have no Ethernet header. */
    boolean isInGeneve() {
        return inGeneve;
    }

    void enterVlan() {
        payload = payload.plus(VLAN_TAG_LENGTH);
        linkType = linkType.plus(VLAN_TAG_LENGTH);
    }

    void enterMpls() {
        network += MPLS_LABEL_LENGTH;
        networkWithoutSnap += MPLS_LABEL_LENGTH;
        labels++;
    }

    void enterPpp(final int headerLength) {
        link = LinkLayer.PPP;
        linkHeader = payload.plus(network + headerLength);
        linkType = linkHeader;
        typed = true;
        payload = linkHeader.plus(LinkLayer.PPP.length());
        network = 0;
        networkWithoutSnap = 0;
        inGeneve = false;
    }

    /** All three are registers with an offset from the frame's begin. */
    void enterGeneve(final int typeRegister, final int headerRegister, final int payloadRegister) {
        link = LinkLayer.ETHERNET;
        linkHeader = new Offset(0, headerRegister);
        linkType = new Offset(0, typeRegister);
        typed = true;
        payload = new Offset(0, payloadRegister);
        network = 0; // but not networkWithoutSnap, nor the labels: as in libpcap
        inGeneve = true;
    }
}

package org.reactornetmap.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every semantic has a test, or a reason why not. */
class SemanticsTest {
    @Test
    void shouldPinEverySemanticOrSayWhyNot() {
        assertThat(Semantic.all())
                .allSatisfy(semantic -> assertThat(Semantic.pins().containsKey(semantic.id()))
                        .as("%s: %s", semantic.id(), semantic.text())
                        .isEqualTo(semantic.inapplicable().isEmpty()));
    }

    @Test
    void shouldNameEachSemanticOnce() {
        assertThat(Semantic.all()).extracting(Semantic::id).doesNotHaveDuplicates();
    }

    @Test
    void shouldPinSomethingWithEveryTest() {
        final Set<String> known = Semantic.all().stream().map(Semantic::id).collect(Collectors.toSet());
        assertThat(known).containsAll(Semantic.pins().keySet());
        assertThat(Semantic.tests()).hasSizeGreaterThan(100).allMatch(test -> test.isAnnotationPresent(Pins.class));
    }
}

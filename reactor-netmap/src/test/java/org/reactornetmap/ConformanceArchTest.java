package org.reactornetmap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The conformance suite must fit any driver. */
class ConformanceArchTest {
    @Test
    void shouldKnowNoDriver() {
        noClasses()
                .that()
                .resideInAPackage("org.reactornetmap.conformance")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.reactornetmap",
                        "org.reactornetmap.flow..",
                        "org.reactornetmap.driver.embedded..",
                        "org.reactornetmap.driver.kernel..")
                .because("a driver that is written elsewhere has the test-jar and the driver SPI only")
                .check(new ClassFileImporter().importPackages("org.reactornetmap.conformance"));
    }
}

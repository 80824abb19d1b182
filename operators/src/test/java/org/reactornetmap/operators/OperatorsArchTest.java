package org.reactornetmap.operators;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Operators stand on what every user may use, and on nothing else of ours. */
@AnalyzeClasses(packages = "org.reactornetmap.operators", importOptions = DoNotIncludeTests.class)
class OperatorsArchTest {

    @ArchTest
    static final ArchRule operatorsSeeOnlyApi = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("org.reactornetmap..")
                    .and(not(resideInAnyPackage(
                            "org.reactornetmap",
                            "org.reactornetmap.packet",
                            "org.reactornetmap.flow",
                            "org.reactornetmap.operators.."))));

    /** The rooms of docs/architecture.md, lowest first: each uses only those below it. */
    @ArchTest
    static final ArchRule roomsUseOnlyLowerRooms = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("operators")
            .definedBy("org.reactornetmap.operators")
            .layer("bpf")
            .definedBy("org.reactornetmap.operators.filter.bpf")
            .optionalLayer("language")
            .definedBy("org.reactornetmap.operators.filter.language")
            .layer("filter")
            .definedBy("org.reactornetmap.operators.filter")
            .whereLayer("operators")
            .mayNotAccessAnyLayer()
            .whereLayer("bpf")
            .mayNotAccessAnyLayer()
            .whereLayer("language")
            .mayOnlyAccessLayers("bpf");
}

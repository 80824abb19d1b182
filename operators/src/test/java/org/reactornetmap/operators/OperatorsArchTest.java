package org.reactornetmap.operators;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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
}

package org.reactornetmap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The rooms of the house and their direction: {@code docs/architecture.md} has the same table. */
@AnalyzeClasses(packages = HouseArchTest.BASE, importOptions = DoNotIncludeTests.class)
class HouseArchTest {

    static final String BASE = "org.reactornetmap";

    private static final String ROOT = "";

    /** Each room, and the rooms it may use beside itself. */
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "packet",
            Set.of(),
            "ring",
            Set.of(),
            "driver",
            Set.of("ring"),
            "driver.kernel",
            Set.of("driver", "ring"),
            "driver.embedded",
            Set.of("driver", "ring"),
            "flow",
            Set.of("packet", "ring", "driver"),
            ROOT,
            Set.of("packet", "ring", "driver", "driver.kernel", "driver.embedded", "flow"),
            "test",
            Set.of("packet", "ring", "driver", "driver.kernel", "driver.embedded", "flow", ROOT));

    @ArchTest
    static final ArchRule roomsUseOnlyWhatStandsBelow = classes()
            .that(areOurs())
            .should(useOnlyRoomsTheTableAllows())
            .because("a room that looks up cannot be rewritten alone");

    @ArchTest
    static final ArchRule roomsAreFreeOfCycles =
            slices().assignedFrom(rooms()).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule roomsAreNullMarked = classes().that(areOurs()).should(liveInANullMarkedPackage());

    private static String roomOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(BASE) ? ROOT : name.substring(BASE.length() + 1);
    }

    private static boolean isOurs(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(BASE) || name.startsWith(BASE + '.');
    }

    private static DescribedPredicate<JavaClass> areOurs() {
        return DescribedPredicate.describe("are ours", HouseArchTest::isOurs);
    }

    private static ArchCondition<JavaClass> useOnlyRoomsTheTableAllows() {
        return new ArchCondition<>("use only the rooms that the table allows theirs") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String room = roomOf(type);
                Set<String> allowed = MAY_USE.get(room);
                if (allowed == null) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is in a room not in the table"));
                    return;
                }
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> isOurs(dependency.getTargetClass()))
                        .filter(dependency ->
                                !roomOf(dependency.getTargetClass()).equals(room))
                        .filter(dependency -> !allowed.contains(roomOf(dependency.getTargetClass())))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
            }
        };
    }

    private static SliceAssignment rooms() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return isOurs(type) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "rooms";
            }
        };
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " is not @NullMarked"));
                }
            }
        };
    }
}

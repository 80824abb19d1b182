package org.reactornetmap.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the Java blocks of the pages to the tests that run them: each stands in its test, but for white space. */
class DocumentationTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Path TESTS = Path.of("src/test/java/org/reactornetmap/operators");

    @ParameterizedTest(name = "{displayName}: {0}")
    @CsvSource({
        "../README.md, ReadmeTest.java",
        "../docs/guide.md, GuideTest.java",
        "../docs/filtering.md, filter/FilteringTest.java"
    })
    void shouldShowOnlyCodeThatRuns(final String page, final String test) throws IOException {
        final String source = withoutSpace(Files.readString(TESTS.resolve(test)));
        final Matcher blocks = JAVA_BLOCK.matcher(Files.readString(Path.of(page)));
        int count = 0;
        while (blocks.find()) {
            count++;
            assertThat(source)
                    .as("%s, block %d must stand in %s:%n%s", page, count, test, blocks.group(1))
                    .contains(withoutSpace(blocks.group(1)));
        }
        assertThat(count).isPositive();
    }

    private static String withoutSpace(final String text) {
        return text.replaceAll("\\s+", "");
    }
}

package org.reactornetmap.driver.kernel;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Looks after all tests tagged {@code kernel}, which need netmap's kernel module: without {@code -Pkernel} they are
 * skipped, and say so; with it their results go into a {@link KernelRecord}.
 */
public final class KernelTests implements ExecutionCondition, TestWatcher {
    private static final String TAG = "kernel";
    private static final String NEEDS =
            "needs netmap's kernel module: run it with -Pkernel, as root, where /dev/netmap is";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(final ExtensionContext context) {
        if (!isKernelTest(context)) {
            return ConditionEvaluationResult.enabled("not a kernel test");
        }
        if (Boolean.getBoolean("netmap.kernel")) {
            return ConditionEvaluationResult.enabled("-Pkernel");
        }
        System.err.println("Skipped: " + context.getDisplayName() + ' ' + NEEDS);
        return ConditionEvaluationResult.disabled(NEEDS);
    }

    @Override
    public void testSuccessful(final ExtensionContext context) {
        record(context, KernelRecord.Outcome.PASSED);
    }

    @Override
    public void testAborted(final ExtensionContext context, final Throwable cause) {
        record(context, KernelRecord.Outcome.SKIPPED);
    }

    @Override
    public void testDisabled(final ExtensionContext context, final Optional<String> reason) {
        if (Boolean.getBoolean("netmap.kernel")) {
            record(context, KernelRecord.Outcome.SKIPPED);
        }
    }

    @Override
    public void testFailed(final ExtensionContext context, final Throwable cause) {
        record(context, KernelRecord.Outcome.FAILED);
    }

    private static boolean isKernelTest(final ExtensionContext context) {
        return context.getTags().contains(TAG);
    }

    private static void record(final ExtensionContext context, final KernelRecord.Outcome outcome) {
        if (isKernelTest(context)) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(KernelRecord.class))
                    .getOrComputeIfAbsent(KernelRecord.class, none -> KernelRecord.ofThisMachine(), KernelRecord.class)
                    .add(outermost(context), context.getRequiredTestMethod(), outcome);
        }
    }

    /** A nested class may be inherited, so that the class it is declared in is not the one that runs. */
    private static Class<?> outermost(final ExtensionContext context) {
        return context.getParent()
                .filter(parent -> parent.getTestClass().isPresent())
                .map(KernelTests::outermost)
                .orElseGet(context::getRequiredTestClass);
    }
}

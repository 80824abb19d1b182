package org.reactornetmap.driver.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is remembered of ports that were in switches. */
class SwitchAccountsTest {
    private final SwitchAccounts accounts = new SwitchAccounts();

    @Test
    void shouldForgetTheOldestNameThatIsInNoSwitch() {
        accounts.of("vale0:a").inSwitch(true);
        accounts.of("vale0:a").received.add(5);
        accounts.of("vale0:b").received.add(6);
        for (int i = 2; i < SwitchAccounts.MAX_NAMES; i++) {
            accounts.of("vale1:p" + i);
        }
        accounts.of("vale0:b").received.add(1);
        assertThat(accounts.statistics()).hasSize(SwitchAccounts.MAX_NAMES);
        accounts.of("vale0:c");
        assertThat(accounts.statistics()).hasSize(SwitchAccounts.MAX_NAMES);
        assertThat(accounts.of("vale0:a").received.sum()).isEqualTo(5);
        assertThat(accounts.of("vale0:b").received.sum()).isZero();
    }
}

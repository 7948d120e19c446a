package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.security.jacc.PolicyContext;
import jakarta.security.jacc.PolicyContextHandler;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.Principal;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.Subject;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The caller whom the application server has authenticated counts for requests that name none. */
class CallersTest {
    private static final String KEY = "javax.security.auth.Subject.container";
    private static final ThreadLocal<Subject> SUBJECT = new ThreadLocal<>();

    private record User(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    private record Group(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    /** Like that of Jakarta Security. */
    private record CallerPrincipal(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    /** As application servers do at their start; other tests of this JVM have no Subject. */
    @BeforeAll
    static void register() throws Exception {
        PolicyContextHandler handler = new PolicyContextHandler() {
            @Override
            public Object getContext(String key, Object data) {
                return SUBJECT.get();
            }

            @Override
            public String[] getKeys() {
                return new String[] {KEY};
            }

            @Override
            public boolean supports(String key) {
                return key.equals(KEY);
            }
        };
        PolicyContext.registerHandler(KEY, handler, true);
    }

    @AfterEach
    void forget() {
        SUBJECT.remove();
    }

    private static String caller(Principal... principals) {
        Set<Principal> all = Stream.of(principals).collect(Collectors.toCollection(java.util.LinkedHashSet::new));
        SUBJECT.set(new Subject(true, all, Set.of(), Set.of()));
        return Callers.current();
    }

    @Test
    void isTheFirstPrincipalThatIsNoGroup() {
        assertThat(Callers.current()).isEmpty();
        assertThat(caller()).isEmpty();
        assertThat(caller(new Group("staff"), new User("alice"))).isEqualTo("alice");
        assertThat(caller(new Group("staff"))).isEmpty();
        assertThat(caller(new User("alice@realm"), new CallerPrincipal("alice")))
                .isEqualTo("alice");
    }

    @Test
    void isNobodyWithoutAuthentication() {
        assertThat(caller(new User("ANONYMOUS"))).isEmpty();
        assertThat(caller(new User("UNAUTHENTICATED"))).isEmpty();
    }

    /** As on Open Liberty without the feature appAuthorization. */
    @Test
    void isNobodyWhereThereIsNoJakartaAuthorization() throws Exception {
        URL[] classes = {Callers.class.getProtectionDomain().getCodeSource().getLocation()};
        try (URLClassLoader alone = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Method current = alone.loadClass(Callers.class.getName()).getDeclaredMethod("current");
            current.setAccessible(true);
            assertThat(current.invoke(null)).isEqualTo("");
            assertThat(current.invoke(null)).isEqualTo("");
        }
    }

    @Test
    void countsWhereTheRequestNamesNone() throws Exception {
        String limit = ", \"limits\": [{\"per\": \"caller\", \"requestsPerMinute\": 1}], \"maxWaitMillis\": 0";
        try (TargetServers services = new TargetServers(1);
                LlmConnection connection = services.connect(managed -> {}, "", limit)) {
            ChatRequest request = ChatRequest.builder().user("Hi").build();
            caller(new User("alice"));
            connection.chat(request);
            assertThatThrownBy(() -> connection.chat(request)).hasMessageContaining(" for caller alice is used up");
            connection.chat(request.toBuilder().caller("bob").build());
            SUBJECT.remove();
            connection.chat(request);
        }
    }
}

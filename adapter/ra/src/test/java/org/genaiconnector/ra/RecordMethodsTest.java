package org.genaiconnector.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class RecordMethodsTest {
    /** Stands for a record of the adapter, with a component of a type of its own. */
    record Sample(Sample other) {}

    @Test
    @EnabledForJreRange(max = JRE.JAVA_18, disabledReason = "later ones keep records by soft references alone")
    void keepsNoClassLoaderOfRecords() throws Exception {
        WeakReference<ClassLoader> loader = used();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(loader.refersTo(null))
                    .as("class loader of a record is gone")
                    .isTrue();
        });
    }

    /** A class loader like that of an adapter that has used a record and was stopped. */
    private static WeakReference<ClassLoader> used() throws Exception {
        URL[] classes = {location(RecordMethods.class), location(Sample.class)};
        try (URLClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Constructor<?> constructor = constructor(loader, Sample.class, loader.loadClass(Sample.class.getName()));
            Object outer = constructor.newInstance(constructor.newInstance((Object) null));
            assertThat(outer.equals(constructor.newInstance((Object) null))).isFalse();
            assertThat(outer.toString()).hasSizeGreaterThan(outer.hashCode() == 0 ? 0 : 1);

            Object methods = constructor(loader, RecordMethods.class).newInstance();
            Method release = methods.getClass().getDeclaredMethod("release");
            release.setAccessible(true);
            release.invoke(methods);
            return new WeakReference<>(loader);
        }
    }

    private static Constructor<?> constructor(ClassLoader loader, Class<?> type, Class<?>... parameters)
            throws ReflectiveOperationException {
        Constructor<?> constructor = loader.loadClass(type.getName()).getDeclaredConstructor(parameters);
        constructor.setAccessible(true);
        return constructor;
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}

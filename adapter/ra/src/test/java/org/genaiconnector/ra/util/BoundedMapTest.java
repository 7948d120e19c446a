package org.genaiconnector.ra.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundedMapTest {

    @Test
    void removesTheEntryAddedFirst() {
        Map<String, Integer> map = BoundedMap.inOrderOfInsertion(2);
        map.put("a", 1);
        map.put("b", 2);
        map.put("a", 3);
        map.put("c", 4);
        assertThat(map).isEqualTo(Map.of("b", 2, "c", 4));
    }

    @Test
    void removesTheEntryUsedLeastRecently() {
        Map<String, Integer> map = BoundedMap.inOrderOfUse(2);
        map.put("a", 1);
        map.put("b", 2);
        map.get("a");
        map.put("c", 3);
        assertThat(map).isEqualTo(Map.of("a", 1, "c", 3));
    }
}
